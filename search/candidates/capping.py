"""The nearest styles of a pool, where it holds more than a result set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from search.index.columns import Columns
from search.ranking import score
from search.vectors import Mask, Rows, Scores, mask_of


@dataclass(frozen=True)
class Pool:
    """Index rows that answer when any one filter is left out, and their cosines to the mixed query.

    Facets count what each filter hides, so the pool is wider than the result set. No cosine is further than
    ``error`` from that of the row's vector, which ``exact`` computes.
    """

    rows: Rows
    cosines: Scores
    exact: Callable[[Rows], Scores]
    error: float = 0.0


def capped(pool: Pool, passing: Mask, columns: Columns, cap: int) -> tuple[Rows, bool]:
    """The passing rows of at most ``cap`` styles, the nearest, in no order; whether any is left out."""
    rows, cosines = pool.rows[passing], pool.cosines[passing]
    # The first rows hold more styles than are kept, unless there are hardly more or many variants.
    for count in sorted({min(4 * cap, len(rows)), len(rows)}):
        first = np.argpartition(cosines, -count)[-count:] if count < len(rows) else np.arange(count)
        if len(np.unique(columns.group[rows[first]])) > cap:
            # The nearest of each style that is kept is no further than the furthest of these may be.
            near = cosines >= cosines[first].min() - 2.0 * pool.error
            nearest = pool.exact(rows[near]) if pool.error else cosines[near]
            return _with_variants(_first_styles(rows[near], nearest, columns, cap), rows, columns), True
    return rows, False


def _first_styles(rows: Rows, cosines: Scores, columns: Columns, cap: int) -> Rows:
    """The nearest row of each of the ``cap`` styles that are nearest."""
    ordered = rows[score.order(cosines, columns.keys[rows])]
    _styles, at = np.unique(columns.group[ordered], return_index=True)
    return ordered[np.sort(at)[:cap]]


def _with_variants(rows: Rows, among: Rows, columns: Columns) -> Rows:
    """The rows, and their variants that are ``among`` others."""
    variants = columns.rows_of_styles(rows)
    return variants[mask_of(among, len(columns.keys))[variants]]
