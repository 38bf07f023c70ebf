"""Facets: the choices that narrow a result set, and how many results each of them would leave."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from search.index.columns import FACETS, Codes, Columns
from search.query import Filters
from search.ranking.diversity import count_cards
from search.result import Facets, FacetValue
from search.vectors import Mask, Rows


class FacetCounter:
    """Counts over ``pool``: index rows that answer a query when any one filter is left out.

    The counts of a facet ignore its own filter (disjunctive facets), so a count is the total that choosing it
    gives. Variants of one style count once, as they share one card.
    """

    def __init__(self, columns: Columns, filters: Filters, pool: Rows, *, cap: int) -> None:
        self._columns = columns
        self._filters = filters
        self._pool = pool
        self._cap = cap
        self._masks = {name: mask[pool] for name, mask in columns.filter_masks(filters)}

    def passing(self, *, leaving_out: str = "") -> Rows:
        """Rows of the pool that pass every filter except the one left out."""
        keep = np.ones(len(self._pool), dtype=bool)
        for name, mask in self._masks.items():
            if name != leaving_out:
                keep &= mask
        return self._pool[keep]

    def facets(self) -> Facets:
        prices = self._columns.price[self.passing(leaving_out="price")]
        prices = prices[np.isfinite(prices)]
        in_stock = self.passing(leaving_out="in_stock")
        return Facets(
            **{name: self._values(name) for name in FACETS},
            price_min=_money(prices.min()) if len(prices) else None,
            price_max=_money(prices.max()) if len(prices) else None,
            in_stock=self._styles(in_stock[self._columns.in_stock[in_stock]]),
        )

    def _values(self, name: str) -> tuple[FacetValue, ...]:
        column: Codes = getattr(self._columns, name)
        rows = self.passing(leaving_out=name)
        counts = count_cards(column.codes[rows], self._columns.group[rows], len(column.values))
        wanted = {value.casefold() for value in getattr(self._filters, name)}
        values = [
            FacetValue(value, min(int(count), self._cap), selected=value.casefold() in wanted)
            for value, count in zip(column.values, counts, strict=True)
            if count or value.casefold() in wanted
        ]
        return tuple(sorted(values, key=lambda facet: (-facet.count, facet.value)))

    def _styles(self, rows: Rows) -> int:
        return min(len(np.unique(self._columns.group[rows])), self._cap)


def passing_all_but_one(columns: Columns, filters: Filters) -> Mask:
    """(n,) index rows that fail at most one filter: all that a result set or its facets can contain."""
    failed = np.zeros(len(columns.keys), dtype=np.int8)
    for _name, mask in columns.filter_masks(filters):
        failed += ~mask
    return columns.active & (failed <= 1)


def _money(value: float) -> Decimal:
    return Decimal(f"{value:.2f}")
