"""Made-up shoppers: what they look at one after another, put into a basket and buy.

A shopper has one to three interests, each a product to begin with, and looks at others of its category and
gender, rather at those of its colour and brand and at those that are popular anyway. Nothing of it knows the
encoder, so that recommendations can be measured on it (bench/recommendations.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from analytics.models import Event, SearchLog
from catalog.models import Product

_NAMESPACE = UUID("b0f6a3de-4f0c-4a0e-8f0f-3b1a7f0c9d11")
# How often a shopper has one, two and three interests, and turns to another of them.
INTERESTS, TURNS = (0.5, 0.35, 0.15), 0.25
# How much rather a product of the same colour, and of the same brand, is looked at.
SAME_COLOUR, SAME_BRAND = 4.0, 2.0
# Of what is looked at, this share goes into the basket, and of the baskets this share is bought.
INTO_BASKET, BOUGHT = 0.12, 0.45
_MEAN_VIEWS, _MOST_VIEWS = 5, 20


@dataclass(frozen=True)
class Assortment:
    """The products that can be looked at, aligned (n,): codes of their texts, and how popular each is."""

    products: Sequence[Product]
    category: NDArray[np.int64]
    colour: NDArray[np.int64]
    brand: NDArray[np.int64]
    gender: NDArray[np.int64]
    popularity: NDArray[np.float64]

    @classmethod
    def load(cls, rng: np.random.Generator) -> Assortment:
        """The active products; which are popular is drawn, as Zipf has it."""
        fields = ("product_id", "category", "colour", "brand", "gender", "price", "currency")
        products = list(Product.objects.active().order_by("pk").only(*fields))
        codes = {name: _codes([getattr(each, name) for each in products]) for name in fields[1:5]}
        popularity = np.asarray(1.0 / (1.0 + rng.permutation(len(products))) ** 0.7, np.float64)
        return cls(products, popularity=popularity, **codes)

    @cached_property
    def places(self) -> dict[str, int]:
        """By public id."""
        return {product.product_id: place for place, product in enumerate(self.products)}

    def walk(self, rng: np.random.Generator, *, start: int | None = None) -> list[int]:
        """Places of the products that one shopper looks at, each once, in order."""
        anchors = [self._any(rng) if start is None else start]
        for _more in range(int(rng.choice(3, p=INTERESTS))):
            anchors.append(self._any(rng, gender=self.gender[anchors[0]]))
        length = 1 + min(int(rng.geometric(1 / _MEAN_VIEWS)), _MOST_VIEWS)
        seen, at = [anchors[0]], 0
        for _step in range(length - 1):
            at = int(rng.integers(len(anchors))) if rng.random() < TURNS else at
            following = self._like(rng, anchors[at], seen)
            seen += [] if following is None else [following]
        return seen

    def _any(self, rng: np.random.Generator, gender: int | None = None) -> int:
        weights = self.popularity if gender is None else self.popularity * (self.gender == gender)
        return int(rng.choice(len(weights), p=weights / weights.sum()))

    def _like(self, rng: np.random.Generator, anchor: int, seen: Sequence[int]) -> int | None:
        alike = (self.category == self.category[anchor]) & (self.gender == self.gender[anchor])
        weights = self.popularity * alike
        weights[self.colour == self.colour[anchor]] *= SAME_COLOUR
        weights[self.brand == self.brand[anchor]] *= SAME_BRAND
        weights[list(seen)] = 0.0
        total = weights.sum()
        return int(rng.choice(len(weights), p=weights / total)) if total else None


def events(
    rng: np.random.Generator,
    assortment: Assortment,
    walk: Sequence[int],
    moment: datetime,
    *,
    name: str,
    log: SearchLog | None = None,
    position: int | None = None,
) -> Iterator[Event]:
    """The events of one shopper's walk: with ``log``, it began with a click on its result at ``position``."""

    def event(kind: str, place: int, **more: object) -> Event:
        product = assortment.products[place]
        return Event(
            key=uuid5(_NAMESPACE, f"{name}/{kind}/{product.product_id}"),
            type=kind,
            product_id=product.product_id,
            session="-" + uuid5(_NAMESPACE, name).hex[:30],
            user_id=log.user_id if log else None,
            timestamp=moment,
            is_demo=True,
            **more,
        )

    if log is not None:
        yield event(Event.Type.CLICK, walk[0], search_id=log.pk, position=position)
    basket = []
    for place in walk:
        yield event(Event.Type.VIEW, place)
        moment += timedelta(seconds=float(rng.uniform(5, 120)))
        if rng.random() < INTO_BASKET:
            basket.append(place)
            yield event(Event.Type.BASKET, place)
    if basket and rng.random() < BOUGHT:
        moment += timedelta(minutes=float(rng.uniform(1, 10)))
        for place in basket:
            product = assortment.products[place]
            yield event(Event.Type.PURCHASE, place, value=product.price, currency=product.currency or "EUR")


def _codes(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(np.array(texts, dtype=str), return_inverse=True)[1].astype(np.int64)
