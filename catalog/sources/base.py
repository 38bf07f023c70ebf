"""What every adapter yields: products within the catalogue's limits, refused rows, offers; and its error."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.sources.money import rounded
from catalog.sources.texts import CONTROL, clean_line, clean_text, unescaped_address

MAX_ID = 80
MAX_DESCRIPTION = 20_000
MAX_PRICE = Decimal("9999999999.99")
MAX_QUANTITY = 2_147_483_647
MAX_ATTRIBUTES = 100
MAX_ATTRIBUTE = 2000
MAX_IMAGES = 20
MAX_ADDRESS = 1000


class SourceError(Exception):
    """A source that cannot be read; ``permanent`` says that trying again as it stands is pointless."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class InvalidProduct(Exception):
    """A row that cannot become a product; the message names the field and what is wrong with it."""


@dataclass(frozen=True)
class SourceProduct:
    """One product as its shop states it, cleaned and within the catalogue's limits.

    Texts are cut to their columns; ``attributes`` maps names to a text or a list of texts ("sizes" is
    always a list). A price of 0 is none. ``images`` are http(s) addresses or paths relative to the feed.
    ``line`` says where in the source it stands. Raises InvalidProduct for a missing or too
    long id, a missing title, a price or quantity that cannot be.
    """

    external_id: str
    title: str
    description: str = ""
    brand: str = ""
    category: str = ""
    category_path: str = ""
    colour: str = ""
    gender: str = ""
    price: Decimal | None = None
    list_price: Decimal | None = None
    currency: str = ""
    in_stock: bool = True
    quantity: int | None = None
    url: str = ""
    item_group_id: str = ""
    attributes: dict[str, str | list[str]] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    # Numbers of the article and its variants by kind: "sku", "gtin", "mpn".
    article_numbers: dict[str, list[str]] = field(default_factory=dict)
    line: int = 0

    def __post_init__(self) -> None:
        self._keep("external_id", clean_line(self.external_id, MAX_ID + 1))
        if not self.external_id:
            raise InvalidProduct("the id is missing")
        if len(self.external_id) > MAX_ID:
            raise InvalidProduct(f"the id is longer than {MAX_ID} characters")
        for name, limit in _LINES.items():
            self._keep(name, clean_line(getattr(self, name), limit))
        if not self.title:
            raise InvalidProduct("the title is missing")
        self._keep("description", clean_text(self.description, MAX_DESCRIPTION))
        for name in ("price", "list_price"):
            self._keep(name, _checked_price(name, getattr(self, name), self.currency))
        if self.price is None:
            self._keep("currency", "")
            self._keep("list_price", None)
        if self.quantity is not None and not 0 <= self.quantity <= MAX_QUANTITY:
            raise InvalidProduct(f"the quantity {self.quantity} is not between 0 and {MAX_QUANTITY}")
        self._keep("url", _clean_link(self.url))
        self._keep("attributes", _clean_attributes(self.attributes))
        self._keep("images", _clean_addresses(self.images))
        self._keep("article_numbers", _clean_numbers(self.article_numbers))

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def content_hash(self) -> str:
        """sha256 (hex) over everything the source stated, except the line."""
        # Not asdict(), which copies every list: a crawl of 100,000 rows spends seconds there.
        return hash_of({name: value for name, value in vars(self).items() if name != "line"})


def hash_of(stated: Mapping[str, object]) -> str:
    """sha256 (hex) over the fields of a SourceProduct, except its line."""
    return hashlib.sha256(json.dumps(stated, sort_keys=True, default=str).encode()).hexdigest()


_LINES = {
    "title": 300,
    "brand": 120,
    "category": 120,
    "category_path": 400,
    "colour": 60,
    "gender": 30,
    "currency": 3,
    "item_group_id": 100,
}


def _checked_price(name: str, price: Decimal | None, currency: str) -> Decimal | None:
    if price is None:
        return None
    if not price.is_finite() or not 0 <= price <= MAX_PRICE:
        raise InvalidProduct(f"the {name.replace('_', ' ')} {price} is not between 0 and {MAX_PRICE}")
    # What costs nothing is a sample, or a price that nobody typed: no shopper is told that it is free.
    return rounded(price, currency) or None


def _clean_attributes(attributes: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    kept: dict[str, str | list[str]] = {}
    for name, value in list(attributes.items())[:MAX_ATTRIBUTES]:
        cleaned: str | list[str]
        if isinstance(value, list):
            cleaned = [part for part in (clean_line(part, 200) for part in value[:MAX_ATTRIBUTES]) if part]
        else:
            cleaned = clean_text(value, MAX_ATTRIBUTE)
        if cleaned:
            kept[clean_line(name, 60)] = cleaned
    return kept


def _clean_link(address: str) -> str:
    """An http(s) address, "" for anything else and for one that is too long: a part leads elsewhere."""
    address = " ".join(CONTROL.sub("", unescaped_address(address)).split())
    is_link = address.startswith(("http://", "https://")) and len(address) <= MAX_ADDRESS
    return address if is_link else ""


def _clean_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Without empty ones and duplicates; an address too long for its column is dropped, not cut."""
    cleaned = (CONTROL.sub("", address).strip() for address in addresses)
    return tuple(dict.fromkeys(a for a in cleaned if 0 < len(a) <= MAX_ADDRESS))[:MAX_IMAGES]


def _clean_numbers(numbers: dict[str, list[str]]) -> dict[str, list[str]]:
    cleaned = {
        kind: list(dict.fromkeys(number for text in stated if (number := clean_line(text, MAX_ID))))
        for kind, stated in numbers.items()
    }
    return {kind: numbers[:MAX_ATTRIBUTES] for kind, numbers in cleaned.items() if numbers}


@dataclass(frozen=True)
class Rejected:
    """A row that was skipped: its line (1 is the first), its id where one could be read, and the reason.

    ``possible_ids`` are the texts of a row whose columns are not known: its id is one of them.
    """

    line: int
    external_id: str
    problem: str
    possible_ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = f" ({self.external_id})" if self.external_id else ""
        return f"line {self.line}{name}: {self.problem}"


@dataclass(frozen=True)
class Skipped:
    """A product that its shop does not show, and why: "not published", "hidden", ..."""

    line: int
    external_id: str
    reason: str


@dataclass(frozen=True)
class Offer:
    """Price and stock of one product, as of now."""

    price: Decimal | None
    list_price: Decimal | None
    currency: str
    in_stock: bool
    quantity: int | None


# What a source yields.
SourceRow = SourceProduct | Rejected | Skipped
