"""The orders that a shopper may choose instead of relevance.

They come before variants share a card and before a set is cut to its size: the cheapest variant of a style
stands for it, and the cheapest thousand of what answers are kept, however many answer better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.index.columns import Columns
from search.query import Sort
from search.ranking import popularity
from search.vectors import Rows


def positions_in(order: str, rows: Rows, columns: Columns) -> Rows:
    """Positions of index rows (r,) in an order, a value of ``Sort``; equals keep the places they have.

    A product without a price ends both orders by price, one that nobody looked at that by popularity.
    """
    if order == Sort.POPULAR:
        popular = popularity.shares(columns, rows)
        return np.arange(len(rows)) if popular is None else np.argsort(-popular, kind="stable")
    if order == Sort.NEWEST:
        return np.argsort(-columns.created[rows], kind="stable")
    if order in (Sort.PRICE, Sort.PRICE_DESCENDING):
        # NaN is sorted last, and so is -NaN.
        price = columns.price[rows]
        return np.argsort(price if order == Sort.PRICE else -price, kind="stable")
    return np.arange(len(rows))


def first_styles(styles: NDArray[np.int64], count: int) -> tuple[Rows, bool]:
    """Positions of the members of the first ``count`` different ``styles`` (r,); whether any is left out."""
    found, first = np.unique(styles, return_index=True)
    if len(found) <= count:
        return np.arange(len(styles)), False
    kept = found[np.argsort(first)[:count]]
    return np.flatnonzero(np.isin(styles, kept)), True
