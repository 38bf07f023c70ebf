"""What shoppers open: clicks of the last weeks as a term in [0, 1]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from django.core.cache import cache

from analytics.models import DailyCount
from catalog.models import Product
from search.index.columns import Columns
from search.vectors import Scores

COUNTED_FOR = timedelta(days=30)
# The products clicked most; what is clicked less often moves no order.
COUNTED = 5000
CACHE_KEY, CACHE_SECONDS = "popularity", 300
# Clicks that make a product half as popular as can be, at least: below, a few clicks are chance.
LEAST_HALF = 5.0


def current(now: datetime) -> dict[int, int]:
    """Primary key of a product -> its clicks, at most five minutes old; two queries where none are cached."""
    held = cache.get(CACHE_KEY)
    if not isinstance(held, list):
        today = now.astimezone(UTC).date()
        clicks = DailyCount.objects.clicked_products(today - COUNTED_FOR, today, limit=COUNTED)
        known = Product.objects.filter(product_id__in=list(clicks)).values_list("product_id", "pk")
        # The caches take no numbers as keys.
        held = [(key, clicks[product_id]) for product_id, key in known]
        cache.set(CACHE_KEY, held, CACHE_SECONDS)
    return dict(held)


def shares(clicks: Mapping[int, int], columns: Columns) -> Scores:
    """(n,) in [0, 1): c / (c + half), so that no product's clicks outweigh everything else.

    ``half`` is the mean of the products that were clicked, or LEAST_HALF.
    """
    counted = np.zeros(len(columns.keys), np.float32)
    keys = [key for key, count in clicks.items() if count > 0]
    # Products that left the index have no row: each key is looked up on its own.
    rows = columns.rows_of(keys)
    counted[rows] = [clicks[int(key)] for key in columns.keys[rows]]
    half = max(LEAST_HALF, float(counted[rows].mean()) if len(rows) else 0.0)
    return counted / (counted + np.float32(half))
