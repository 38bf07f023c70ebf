"""The query: one validated, immutable value that pages and API build alike.

Every limit of a query is stated here; forms, serializers and the OpenAPI document read it from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

MAX_TEXT = 500
PAGE_SIZE = 24
MAX_TOP_K = 100
MAX_OFFSET = 1000
# Alternatives within one filter: more than anybody ticks; and the longest of them.
MAX_VALUES = 50
MAX_VALUE = 120
MAX_IMAGE_ID = 200
MAX_CROP = 100
# Digits of a price before and after the decimal point, as the database keeps them.
PRICE_DIGITS, PRICE_DECIMALS = 10, 2
# The filters that take several values.
VALUE_FILTERS = ("category", "colour", "gender", "brand")


class InvalidQuery(Exception):
    """A query that breaks a rule; ``field`` names the part at fault, the message is for the shopper."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Sort(StrEnum):
    """Orders of the result set."""

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
        for name in VALUE_FILTERS:
            _check_values(name, getattr(self, name))
        for name in ("price_min", "price_max"):
            price = getattr(self, name)
            # A Decimal may also be "1e400", which is no price and fits on no page.
            if price is not None and not (
                price.is_finite() and price >= 0 and price.adjusted() < PRICE_DIGITS
            ):
                raise InvalidQuery(name, _("A price is a number from 0 up."))
        if self.price_min is not None and self.price_max is not None and self.price_min > self.price_max:
            raise InvalidQuery(
                "price_min", _("The lowest price is above the highest. Swap the two, or leave one out.")
            )

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
class Chip:
    """One interpretation of the words, a filter or an exclusion, that the shopper can remove.

    ``field`` and ``value`` are the interpretation ("colour", "Red"); ``words`` are those it was read from.
    """

    field: str
    value: str
    words: str


@dataclass(frozen=True)
class SearchQuery:
    """Words, a picture, or both with a weight between them, and every parameter of the answer.

    ``picture`` holds an upload, ``image_id`` names an earlier one; ``weight`` is the fusion weight:
    0.0 words only, 1.0 picture only. Raises InvalidQuery where a part is out of its range.
    """

    text: str = ""
    picture: Upload | None = None
    image_id: str = ""
    crop: Crop | None = None
    weight: float = 0.5
    top_k: int = PAGE_SIZE
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    # Words for what is not wanted; public product ids to move the query towards.
    exclude: str = ""
    like: tuple[str, ...] = ()
    # Interpretations of the words to drop and take literally: "colour:Red", or "all".
    ignore: tuple[str, ...] = ()
    diversity: float = 0.0
    # False: the signed-in person's taste does not change the order.
    personal: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.replace("\x00", " ").split()))
        object.__setattr__(self, "exclude", " ".join(self.exclude.replace("\x00", " ").split()))
        for name in ("text", "exclude"):
            if len(getattr(self, name)) > MAX_TEXT:
                raise InvalidQuery(name, _("Use at most %(n)d characters.") % {"n": MAX_TEXT})
        for name in ("like", "ignore"):
            _check_values(name, getattr(self, name))
        for name in ("weight", "diversity"):
            if not 0.0 <= getattr(self, name) <= 1.0:  # also refuses NaN
                raise InvalidQuery(name, _("Give a number from 0.0 to 1.0."))
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidQuery("top_k", _("Ask for 1 to %(n)d results.") % {"n": MAX_TOP_K})
        if not 0 <= self.offset <= MAX_OFFSET:
            raise InvalidQuery("offset", _("The offset lies between 0 and %(n)d.") % {"n": MAX_OFFSET})
        if len(self.image_id) > MAX_IMAGE_ID:
            raise InvalidQuery("image_id", _("Use at most %(n)d characters.") % {"n": MAX_IMAGE_ID})
        if self.picture is not None and self.image_id:
            raise InvalidQuery("image_id", _("Send a picture or the id of an earlier one, not both."))
        if self.crop is not None and not self.has_picture:
            raise InvalidQuery("crop", _("A crop needs a picture. Send one, or leave the crop out."))
        if self.crop is not None and self.crop.is_whole:
            object.__setattr__(self, "crop", None)

    @property
    def has_picture(self) -> bool:
        return self.picture is not None or bool(self.image_id)

    def narrowed(self, **filters: Any) -> SearchQuery:
        """The same query with other filters, from its first page."""
        return replace(self, filters=replace(self.filters, **filters), offset=0)


def _check_values(name: str, values: tuple[str, ...]) -> None:
    if len(values) > MAX_VALUES:
        raise InvalidQuery(name, _("Choose at most %(n)d of them.") % {"n": MAX_VALUES})
    if any(len(value) > MAX_VALUE for value in values):
        raise InvalidQuery(name, _("Use at most %(n)d characters.") % {"n": MAX_VALUE})
