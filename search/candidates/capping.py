"""The nearest styles of a pool, where it holds more than a result set."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from search.index.columns import Columns
from search.query import Sort
from search.ranking import orders, score
from search.vectors import Mask, Rows, Scores, mask_of

# Rows that are looked at first for each style that is kept: where all are variants, and where none is.
FIRST, FIRST_ALONE = 4.0, 1.25


@dataclass(frozen=True)
class Pool:
    """Index rows that answer when any one filter is left out, and their cosines to the mixed query, or of
    interests their turns (``interests.turns``), the higher the nearer; None where all that are allowed
    answer, however far they are.

    Facets count what each filter hides, so the pool is wider than the result set. ``nearest`` finds so many
    rows of a mask that are nearest to the query, best first, with their cosines. ``pinned`` are rows of the
    pool that staff pinned, however far they are.
    """

    rows: Rows
    cosines: Scores | None
    nearest: Callable[..., tuple[Rows, Scores]]
    pinned: Rows = field(default_factory=lambda: np.empty(0, np.int64))

    def first(self, count: int, passing: Mask, size: int) -> tuple[Rows, Scores]:
        """The ``count`` passing rows that are nearest, and those that are as near as the last of them.

        ``size`` is the number of all rows of the index.
        """
        rows = self.rows[passing]
        if self.cosines is None:
            return self.nearest(count, allowed=mask_of(rows, size))
        cosines = self.cosines[passing]
        if count < len(rows):
            near = cosines >= np.partition(cosines, -count)[-count]
            rows, cosines = rows[near], cosines[near]
        return rows, cosines


def capped(
    pool: Pool, passing: Mask, columns: Columns, cap: int, *, order: str = Sort.RELEVANCE
) -> tuple[Rows, bool]:
    """The passing rows of at most ``cap`` styles: those that are pinned and the nearest, in no order, or the
    first in another ``order``; whether any is left out.
    """
    rows = pool.rows[passing]
    if len(rows) <= cap:
        return rows, False
    if order != Sort.RELEVANCE:
        ordered = rows[orders.positions_in(order, rows, columns)]
        kept, is_capped = orders.first_styles(columns.group[ordered], cap)
        return ordered[kept], is_capped
    pinned = rows[np.isin(rows, pool.pinned)]
    # The first rows hold more styles than are kept, unless there are hardly more or many variants.
    for count in sorted({min(_first(rows, columns, cap), len(rows)), len(rows)}):
        first, cosines = pool.first(count, passing, len(columns.keys))
        first = np.concatenate([pinned, first[score.order(cosines, columns.keys[first])]])
        styles, at = np.unique(columns.group[first], return_index=True)
        if len(styles) > cap:
            return _with_variants(first[np.sort(at)[:cap]], rows, columns), True
    return rows, False


def _first(rows: Rows, columns: Columns, cap: int) -> int:
    alone = np.count_nonzero(columns.is_alone[rows]) / len(rows)
    return math.ceil(cap * (FIRST + alone * (FIRST_ALONE - FIRST)))


def _with_variants(rows: Rows, among: Rows, columns: Columns) -> Rows:
    """The rows, and their variants that are ``among`` others."""
    variants = columns.rows_of_styles(rows)
    return variants[mask_of(among, len(columns.keys))[variants]]
