"""Which products the same people viewed or bought, from the events of the last months.

A session, or a signed-in person's day, is one basket. With c(a) baskets that hold a, and c(a, b) that hold
both, the score is c(a, b) / sqrt(c(a)·c(b)), the cosine of item-based collaborative filtering (Sarwar et
al., 2001), times c(a, b) / (c(a, b) + SMOOTHING), so that two people who met by chance prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from analytics.events.models import Event, ProductPair
from catalog.models import Product

Kind = ProductPair.Kind
LEARNED_FROM = timedelta(days=90)
SMOOTHING = 3.0
# Baskets that two products must share, and the best others that are kept of each product.
LEAST_COUNT = 2
KEPT = 24
# A basket with more products is a crawler, or a reseller; it would pair everything with everything.
LARGEST_BASKET = 60
# What each kind of pair is learned from. A basket is nearly a purchase, and there are more of them.
TYPES = {
    Kind.VIEWED: (Event.Type.VIEW, Event.Type.CLICK),
    Kind.BOUGHT: (Event.Type.PURCHASE, Event.Type.BASKET),
}
_ROWS = 1000
# Baskets whose pairs are counted at once, which bounds the memory.
_BATCH = 20_000

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Pair:
    """Another product by its primary key, how much it belongs to the first in (0, 1], and to how many."""

    key: int
    score: float
    count: int


def together(product: Product, kind: Kind, *, limit: int = KEPT) -> list[Pair]:
    """What the same people viewed or bought, the best first; [] where too few did. One query."""
    rows = ProductPair.objects.filter(product=product, kind=kind).order_by("-score", "other")
    return [Pair(*row) for row in rows.values_list("other", "score", "count")[:limit]]


def learn(*, now: datetime) -> int:
    """Replace every pair by what the last months' events say; returns how many there are."""
    rows = [row for kind in TYPES for row in _pairs(kind, now)]
    with transaction.atomic():
        ProductPair.objects.all().delete()
        ProductPair.objects.bulk_create(rows, batch_size=_ROWS)
    return len(rows)


def _pairs(kind: Kind, now: datetime) -> Iterator[ProductPair]:
    keys, baskets = _baskets(kind, now)
    first, second, counts = cooccurrence(baskets, len(keys))
    sizes = np.bincount(np.concatenate([*baskets, np.empty(0, np.int64)]), minlength=len(keys))
    scores = counts / np.sqrt(sizes[first] * sizes[second]) * counts / (counts + SMOOTHING)
    for at in _best(first, second, scores):
        yield ProductPair(
            kind=kind,
            product_id=keys[first[at]],
            other_id=keys[second[at]],
            score=float(scores[at]),
            count=int(counts[at]),
            learned_at=now,
        )


def cooccurrence(baskets: Sequence[Counts], products: int) -> tuple[Counts, Counts, Counts]:
    """Ordered pairs (first, second) of different products that at least LEAST_COUNT baskets hold, and how
    many do; a basket (b,) names each of its products, 0 to ``products`` - 1, once.
    """
    codes, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for start in range(0, len(baskets), _BATCH):
        found = [_ordered(basket, products) for basket in baskets[start : start + _BATCH]]
        new, new_counts = np.unique(np.concatenate(found), return_counts=True)
        merged, place = np.unique(np.concatenate([codes, new]), return_inverse=True)
        # bincount adds floats, exactly so up to 2^53.
        total = np.bincount(place, np.concatenate([counts, new_counts]), minlength=len(merged))
        codes, counts = merged, total.astype(np.int64)
    enough = counts >= LEAST_COUNT
    codes = codes[enough]
    return codes // max(products, 1), codes % max(products, 1), counts[enough]


def _ordered(basket: Counts, products: int) -> Counts:
    """Every ordered pair of a basket (b,) as first·products + second."""
    pairs = basket[:, None] * products + basket[None, :]
    return pairs[~np.eye(len(basket), dtype=bool)]


def _best(first: Counts, second: Counts, scores: NDArray[np.float64]) -> Counts:
    """Positions of the KEPT best pairs of each first product."""
    order = np.lexsort((second, -scores, first))
    starts = np.searchsorted(first[order], first[order])
    return order[np.arange(len(order)) - starts < KEPT]


def _baskets(kind: Kind, now: datetime) -> tuple[list[int], list[Counts]]:
    """Primary keys of the products, and the places in that list of those of every session, or of every day of
    a signed-in person.
    """
    events = Event.objects.filter(timestamp__gte=now - LEARNED_FROM, type__in=TYPES[kind])
    rows = events.exclude(session="", user=None).values_list("session", "user", "timestamp", "product_id")
    found: dict[object, set[str]] = defaultdict(set)
    for session, user, when, product_id in rows.iterator():
        found[(user, when.astimezone(UTC).date()) if user else session].add(product_id)
    known = list(Product.objects.active().order_by("pk").values_list("product_id", "pk").iterator())
    place = {product_id: at for at, (product_id, _key) in enumerate(known)}
    baskets = [_places(basket, place) for basket in found.values() if len(basket) <= LARGEST_BASKET]
    return [key for _product_id, key in known], baskets


def _places(basket: Iterable[str], place: dict[str, int]) -> Counts:
    return np.array(sorted(place[each] for each in basket if each in place), np.int64)
