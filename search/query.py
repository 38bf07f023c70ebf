"""What a shopper asks: one validated, immutable value that pages and API build alike."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

MAX_TEXT = 500
MAX_TOP_K = 100
MAX_OFFSET = 1000
# Alternatives within one filter: more than anybody ticks.
MAX_VALUES = 50


class InvalidQuery(Exception):
    """A query that cannot be asked; ``field`` names the part at fault (its message is for the shopper)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Sort(StrEnum):
    """Orders of the answer set."""

    RELEVANCE = "relevance"
    PRICE = "price"
    PRICE_DESCENDING = "-price"
    NEWEST = "newest"


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
            x, y, width, height = (float(part) for part in text.split(","))
        except ValueError:
            raise InvalidQuery("crop", _("Give the crop as x,y,w,h in fractions of the picture.")) from None
        if not all(map(math.isfinite, (x, y, width, height))):
            raise InvalidQuery("crop", _("Give the crop as x,y,w,h in fractions of the picture."))
        inside = x >= 0 and y >= 0 and x + width <= 1.0001 and y + height <= 1.0001
        if not inside or width < 0.02 or height < 0.02:
            raise InvalidQuery("crop", _("The crop must lie inside the picture and span at least 2 % of it."))
        return cls(x, y, width, height)

    def __str__(self) -> str:
        return ",".join(f"{value:.4f}" for value in (self.x, self.y, self.width, self.height))


@dataclass(frozen=True)
class Upload:
    """A picture as it arrived: its bytes, and the type the sender declared for them."""

    data: bytes
    declared: str | None = None


@dataclass(frozen=True)
class Filters:
    """Which products may answer. Values within one field are alternatives; fields add up."""

    category: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False

    def __post_init__(self) -> None:
        for name in ("category", "colour", "gender", "brand"):
            if len(getattr(self, name)) > MAX_VALUES:
                raise InvalidQuery(name, _("Choose at most %(n)d of them.") % {"n": MAX_VALUES})
        for name in ("price_min", "price_max"):
            price = getattr(self, name)
            if price is not None and (not price.is_finite() or price < 0):
                raise InvalidQuery(name, _("A price is a number from 0 up."))
        if self.price_min is not None and self.price_max is not None and self.price_min > self.price_max:
            raise InvalidQuery("price_min", _("The lowest price is above the highest."))

    def in_use(self) -> dict[str, Any]:
        """The filters that are set, as JSON knows them."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value)
            if isinstance(value, tuple)
            else str(value)
            if isinstance(value, Decimal)
            else value
            for name, value in values.items()
            if value not in ((), None, False)
        }


@dataclass(frozen=True)
class SearchQuery:
    """Words, a picture, or both with a weight between them, and everything that shapes the answer.

    ``picture`` holds an upload, ``image_id`` names an earlier one; ``weight`` is the fusion weight:
    0.0 words only, 1.0 picture only. Raises InvalidQuery where a part is out of its range.
    """

    text: str = ""
    picture: Upload | None = None
    image_id: str = ""
    crop: Crop | None = None
    weight: float = 0.5
    top_k: int = 24
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    # Words for what is not wanted; public product ids to lean towards.
    exclude: str = ""
    like: tuple[str, ...] = ()
    # What was understood from the words and is to be taken literally instead: "colour:Red", or "all".
    ignore: tuple[str, ...] = ()
    diversity: float = 0.0
    # False: the signed-in person's taste leaves the order alone.
    personal: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.replace("\x00", " ").split()))
        object.__setattr__(self, "exclude", " ".join(self.exclude.replace("\x00", " ").split()))
        for name in ("text", "exclude"):
            if len(getattr(self, name)) > MAX_TEXT:
                raise InvalidQuery(name, _("Use at most %(n)d characters.") % {"n": MAX_TEXT})
        for name in ("weight", "diversity"):
            if not 0.0 <= getattr(self, name) <= 1.0:  # also refuses NaN
                raise InvalidQuery(name, _("Give a number from 0.0 to 1.0."))
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidQuery("top_k", _("Ask for 1 to %(n)d results.") % {"n": MAX_TOP_K})
        if not 0 <= self.offset <= MAX_OFFSET:
            raise InvalidQuery("offset", _("The offset lies between 0 and %(n)d.") % {"n": MAX_OFFSET})
        if self.picture is not None and self.image_id:
            raise InvalidQuery("image_id", _("Send a picture or the id of an earlier one, not both."))
        if self.crop is not None and not self.has_picture:
            raise InvalidQuery("crop", _("A crop needs a picture."))

    @property
    def has_picture(self) -> bool:
        return self.picture is not None or bool(self.image_id)

    def narrowed(self, **filters: Any) -> SearchQuery:
        """The same question with other filters, from its first page."""
        return replace(self, filters=replace(self.filters, **filters), offset=0)
