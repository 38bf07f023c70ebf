"""The query as one immutable value: words, a picture, or both with a weight between them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from search.query.filters import Filters
from search.query.limits import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_OFFSET,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_URL,
    PAGE_SIZE,
    InvalidQuery,
    check_text,
    check_values,
)

_ADDRESS = re.compile(r"https?://[^\s/@]+(?:/\S*)?", re.IGNORECASE)


class Sort(StrEnum):
    """Orders of the result set."""

    RELEVANCE = "relevance"
    PRICE = "price"
    PRICE_DESCENDING = "-price"
    NEWEST = "newest"
    # By what was learned of views and purchases; by relevance where nothing was.
    POPULAR = "popular"


@dataclass(frozen=True)
class Crop:
    """The part of the picture that counts, in fractions of its width and height: all in [0, 1]."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def parse(cls, text: str) -> Crop:
        """From ``"x,y,w,h"``. Raises InvalidQuery when it is not a box of at least 2 % inside the picture."""
        try:
            x, y, width, height = (float(part) for part in text[:MAX_CROP].split(","))
        except ValueError:
            x = y = width = height = math.nan
        if not all(map(math.isfinite, (x, y, width, height))):
            raise InvalidQuery("crop", _("Give the crop as x,y,w,h in fractions of the picture."))
        inside = x >= 0 and y >= 0 and x + width <= 1.0001 and y + height <= 1.0001
        if not inside or width < 0.02 or height < 0.02:
            raise InvalidQuery("crop", _("The crop must lie inside the picture and span at least 2 % of it."))
        return cls(x, y, width, height)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the picture is left out."""
        return self.x < 1e-4 and self.y < 1e-4 and self.width > 0.9999 and self.height > 0.9999

    def __str__(self) -> str:
        return ",".join(f"{value:.4f}" for value in (self.x, self.y, self.width, self.height))


@dataclass(frozen=True)
class Upload:
    """A picture as it arrived: its bytes, and the type the sender declared for them."""

    data: bytes
    declared: str | None = None


@dataclass(frozen=True)
class PictureAddress:
    """Where a picture lies on the web. Raises InvalidQuery for what is no http(s) address."""

    url: str

    def __post_init__(self) -> None:
        if not is_address(self.url):
            raise InvalidQuery("image_url", _("Give one address of a picture that begins with https://."))


def is_address(text: str) -> bool:
    """Whether a text is one http(s) address and nothing else."""
    if len(text) > MAX_URL or not _ADDRESS.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


@dataclass(frozen=True)
class Chip:
    """One interpretation of the words, a filter or an exclusion, that the shopper can remove.

    ``field`` and ``value`` are the interpretation ("colour", "Red"); ``words`` are those it was read from, ""
    where it was read from the picture.
    """

    field: str
    value: str
    words: str


@dataclass(frozen=True)
class SearchQuery:
    """Words, a picture, or both with a weight between them, and every parameter of the answer.

    ``picture`` holds an upload or its address, ``image_id`` names an earlier one; ``weight`` is the fusion
    weight: 0.0 words only, 1.0 picture only. Raises InvalidQuery where a part is out of its range.
    """

    text: str = ""
    picture: Upload | PictureAddress | None = None
    image_id: str = ""
    # None: the whole, or where it is unsure a part that the search chooses.
    crop: Crop | None = None
    weight: float = 0.5
    top_k: int = PAGE_SIZE
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    # None: as the words ask, else by relevance. A stated one replaces what the words ask for.
    sort: Sort | None = None
    # Words for what is not wanted; public product ids to move the query towards.
    exclude: str = ""
    like: tuple[str, ...] = ()
    # Interpretations of the words to drop and take literally: "colour:Red", or "all".
    ignore: tuple[str, ...] = ()
    diversity: float = 0.0
    # Without words and picture, show whatever passes the filters; otherwise they are asked for.
    browse: bool = False
    # False: as if staff had changed nothing, to compare.
    curated: bool = True
    # False: the signed-in person's taste does not change the order.
    personal: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.replace("\x00", " ").split()))
        object.__setattr__(self, "exclude", " ".join(self.exclude.replace("\x00", " ").split()))
        for name in ("text", "exclude"):
            if len(getattr(self, name)) > MAX_TEXT:
                raise InvalidQuery(name, _("Use at most %(n)d characters.") % {"n": MAX_TEXT})
        for name in ("like", "ignore"):
            check_values(name, getattr(self, name))
        for name in ("weight", "diversity"):
            if not 0.0 <= getattr(self, name) <= 1.0:  # also refuses NaN
                raise InvalidQuery(name, _("Give a number from 0.0 to 1.0."))
            # What equals it reads alike: no -0.0.
            object.__setattr__(self, name, abs(getattr(self, name)))
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidQuery("top_k", _("Ask for 1 to %(n)d results.") % {"n": MAX_TOP_K})
        if not 0 <= self.offset <= MAX_OFFSET:
            raise InvalidQuery("offset", _("The offset lies between 0 and %(n)d.") % {"n": MAX_OFFSET})
        if len(self.image_id) > MAX_IMAGE_ID:
            raise InvalidQuery("image_id", _("Use at most %(n)d characters.") % {"n": MAX_IMAGE_ID})
        check_text("image_id", self.image_id)
        if self.picture is not None and self.image_id:
            raise InvalidQuery("image_id", _("Send a picture or the id of an earlier one, not both."))
        if self.crop is not None and not self.has_picture:
            raise InvalidQuery("crop", _("A crop needs a picture. Send one, or leave the crop out."))

    @property
    def has_picture(self) -> bool:
        return self.picture is not None or bool(self.image_id)

    def narrowed(self, **filters: Any) -> SearchQuery:
        """The same query with other filters, from its first page."""
        return replace(self, filters=replace(self.filters, **filters), offset=0)
