"""How popular each product is within its category, from what shoppers did in the last months.

x(p) = Σ weight(act)·2^(-age/HALF_LIFE) over the daily counts of the product's clicks, views, baskets and
purchases, and popularity = x / (x + m), where m is the mean of its category's products that have any, or
LEAST_HALF: a few acts are chance, and what is ordinary among shoes may be much among hats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from analytics.events.models import ProductPopularity
from analytics.models import DailyCount
from catalog.models import Product

Measure = DailyCount.Measure
WEIGHTS = {
    Measure.PRODUCT: 1.0,
    Measure.VIEWED_PRODUCT: 0.5,
    Measure.BASKET_PRODUCT: 4.0,
    Measure.BOUGHT_PRODUCT: 8.0,
}
HALF_LIFE = timedelta(days=14)
LEARNED_FROM = timedelta(days=90)
LEAST_HALF = 5.0
_ROWS = 1000


def learn(*, now: datetime) -> int:
    """Replace every product's popularity by what the daily counts say; returns how many have any."""
    categories = {
        product_id: (key, category)
        for product_id, key, category in Product.objects.active().values_list("product_id", "pk", "category")
    }
    acts = {each: x for each, x in _acts(now.astimezone(UTC).date()).items() if each in categories}
    halves = _halves({product_id: (categories[product_id][1], x) for product_id, x in acts.items()})
    rows = [
        ProductPopularity(
            product_id=categories[each][0], score=x / (x + halves[categories[each][1]]), learned_at=now
        )
        for each, x in acts.items()
    ]
    with transaction.atomic():
        ProductPopularity.objects.all().delete()
        ProductPopularity.objects.bulk_create(rows, batch_size=_ROWS)
    return len(rows)


def _acts(today: date) -> dict[str, float]:
    """x(p) by public id."""
    found: dict[str, float] = defaultdict(float)
    for measure, day, product_id, count in _counts(today):
        age = max((today - day).days, 0)
        found[product_id] += WEIGHTS[Measure(measure)] * count * 0.5 ** (age / HALF_LIFE.days)
    # Subtracting what the demo added may leave nothing.
    return {product_id: x for product_id, x in found.items() if x > 0}


def _counts(today: date) -> Iterator[tuple[str, date, str, int]]:
    counts = DailyCount.objects.between(today - LEARNED_FROM, today).filter(measure__in=WEIGHTS, count__gt=0)
    yield from counts.values_list("measure", "day", "key", "count").iterator()


def _halves(acts: Mapping[str, tuple[str, float]]) -> dict[str, float]:
    """m by category."""
    by_category: dict[str, list[float]] = defaultdict(list)
    for category, x in acts.values():
        by_category[category].append(x)
    return {category: max(LEAST_HALF, sum(all_x) / len(all_x)) for category, all_x in by_category.items()}
