"""Products as cards: what every grid, row and list shows of one, read without a model instance for each.

Most of what a row of ``products`` holds is never shown in a list, and making instances of it took longer than
the search itself. A card is a value: what is rendered from one may be kept for all that are equal to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from threading import Lock
from typing import TypeVar

from cachetools import LRUCache, cachedmethod
from django.urls import reverse
from django.utils.functional import cached_property

from catalog.models import Product, ProductImage, ProductQuerySet
from catalog.pictures import derivatives

Made = TypeVar("Made")

# Cards that a process holds, each about one kilobyte, and things made of them.
MAX_HELD, MAX_MADE = 20_000, 64


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture of a card; ``width`` and ``height`` are the original's, in pixels."""

    content_hash: str
    width: int
    height: int

    def url(self, width: int) -> str:
        return derivatives.page_url(self.content_hash, self.width, width)

    @property
    def srcset(self) -> str:
        return derivatives.srcset(self.content_hash, self.width)

    @property
    def thumbnail_url(self) -> str:
        return self.url(derivatives.THUMBNAIL_WIDTH)


@dataclass(frozen=True)
class Card:
    """What a list shows of a product, under the names that ``Product`` has for it."""

    pk: int
    product_id: str
    title: str
    brand: str
    category: str
    colour: str
    gender: str
    price: Decimal | None
    list_price: Decimal | None
    currency: str
    in_stock: bool
    quantity: int | None
    url: str
    created_at: datetime
    cover: Cover | None

    @classmethod
    def of(cls, product: Product) -> Card:
        """The card of a product from ``Product.objects.for_cards()``."""
        image = product.cover
        cover = Cover(image.content_hash, image.width, image.height) if image else None
        return cls(*(getattr(product, name) for name in _COLUMNS), cover)  # type: ignore[call-arg]  # mypy cannot count them

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.product_id])

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Every cache of rendered parts asks for it.
        return hash((self.product_id, self.title, self.price, self.in_stock, self.cover))


_COLUMNS = tuple(each.name for each in fields(Card) if each.name != "cover")


def cards(keys: Iterable[int]) -> dict[int, Card]:
    """The cards of the active products among these primary keys; two queries where some are not held yet."""
    return current().of(list(keys))


def cards_by_ids(product_ids: Iterable[str]) -> list[Card]:
    """The cards of the active products with these public ids, in their order; any text may be given."""
    return current().of_public_ids(list(product_ids))


def current() -> HeldCards:
    """The cards of the catalogue as it stands; one query."""
    # Read before the rows: a change meanwhile makes the cards outdated, and the next generation drops them.
    return _held_cards(Product.objects.generation())


class HeldCards:
    """Cards of one generation of the catalogue, by primary key; None for a product that is not active."""

    def __init__(self, generation: datetime | None) -> None:
        self.generation = generation
        self._cards: dict[int, Card | None] = {}
        self._by_public_id: dict[str, Card] = {}
        self._made: LRUCache[Hashable, object] = LRUCache(MAX_MADE)
        self._lock = Lock()

    def of(self, keys: Sequence[int]) -> dict[int, Card]:
        """The cards of the active products among these primary keys."""
        missing = [key for key in keys if key not in self._cards]
        read: dict[int, Card | None] = dict.fromkeys(missing)
        if missing:
            read.update((card.pk, card) for card in _read(Product.objects.active().filter(pk__in=missing)))
            self._hold(read)
        found = ((key, self._cards.get(key) or read.get(key)) for key in keys)
        return {key: card for key, card in found if card is not None}

    def of_public_ids(self, product_ids: Sequence[str]) -> list[Card]:
        missing = [each for each in product_ids if each not in self._by_public_id]
        read = _read(Product.objects.with_public_ids(missing)) if missing else []
        self._hold({card.pk: card for card in read})
        new = {card.product_id: card for card in read}
        found = (self._by_public_id.get(each) or new.get(each) for each in product_ids)
        return [card for card in found if card is not None]

    @cachedmethod(attrgetter("_made"), lambda _self, key, _make: key, attrgetter("_lock"))
    def made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` makes of these cards and of nothing else than ``key``: once, while they stand."""
        return make()

    def _hold(self, read: Mapping[int, Card | None]) -> None:
        if len(self._cards) < MAX_HELD:
            self._cards.update(read)
            self._by_public_id.update((card.product_id, card) for card in read.values() if card)


def _held_cards(generation: datetime | None) -> HeldCards:
    global _held
    held = _held
    if held is None or held.generation != generation:
        held = _held = HeldCards(generation)
    return held


_held: HeldCards | None = None


def forget() -> None:
    """Drop the cards that are held, for tests: each begins with a catalogue of its own."""
    global _held
    _held = None


def _read(products: ProductQuerySet) -> list[Card]:
    rows = list(products.values_list(*_COLUMNS))
    covers = _covers([row[0] for row in rows])
    return [Card(*row, covers.get(row[0])) for row in rows]  # type: ignore[call-arg]


def _covers(keys: Collection[int]) -> dict[int, Cover]:
    kept = ProductImage.objects.filter(product__in=keys).exclude(content_hash="")
    # A dict keeps the last: the first picture that was fetched.
    rows = kept.order_by("-position").values_list("product_id", "content_hash", "width", "height")
    return {key: Cover(content_hash, width, height) for key, content_hash, width, height in rows}
