"""What shoppers view and buy as a term in [0, 1), held as a column (analytics.events.popularity)."""

from __future__ import annotations

import numpy as np
from django.core.cache import cache
from django.db.models import Max

from analytics.models import ProductPopularity
from search.index.columns import Columns
from search.vectors import Rows, Scores

CACHE_KEY, CACHE_SECONDS = "popularity", 300


def version() -> str:
    """Names what was learned last, at most five minutes ago; "" where nothing was. One query where it is not
    cached.
    """
    held = cache.get(CACHE_KEY)
    if not isinstance(held, str):
        last = ProductPopularity.objects.aggregate(last=Max("learned_at"))["last"]
        held = last.isoformat() if last else ""
        cache.set(CACHE_KEY, held, CACHE_SECONDS)
    return held


def shares(columns: Columns, rows: Rows) -> Scores | None:
    """The popularity (c,) of index rows, 0 for a product without any; None where none has. One query where
    these columns, or what was learned, are new.
    """
    global _held
    learned = version()
    if not learned:
        return None
    held = _held
    if held is None or held[0] != learned or held[1] is not columns:
        # Two threads may load it at once; each has what is current.
        held = _held = (learned, columns, _column(columns))
    return held[2][rows]


_held: tuple[str, Columns, Scores] | None = None


def _column(columns: Columns) -> Scores:
    """(n,) in [0, 1)."""
    scores = dict(ProductPopularity.objects.values_list("product", "score").iterator())
    # Products that left the index have no row.
    rows = columns.rows_of(list(scores))
    column = np.zeros(len(columns.keys), np.float32)
    column[rows] = [scores[int(key)] for key in columns.keys[rows]]
    return column
