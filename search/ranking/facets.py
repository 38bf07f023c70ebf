"""Facets: the choices that narrow a result set, and how many results each of them would leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from catalog.attributes import value_key
from rest.prices import without_idle_thousandths
from search.index.columns import FACETS, STEP, Codes, Columns, ManyCodes, attribute_facet
from search.query import Filters
from search.ranking.diversity import count_cards, distinct
from search.result import AttributeFacet, Facets, FacetValue
from search.vectors import Mask, Rows

# An attribute is a facet where at least this share of the answer states it.
MOST = 0.5


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
        self._passing: dict[str, Rows] = {}
        self._split: dict[str, tuple[Rows, Rows]] = {}

    def is_passing(self, *, leaving_out: str = "") -> Mask:
        """Whether each row of the pool passes every filter except the one left out."""
        keep = np.ones(len(self._pool), dtype=bool)
        for name, mask in self._masks.items():
            if name != leaving_out:
                keep &= mask
        return keep

    def passing(self, *, leaving_out: str = "") -> Rows:
        """The rows of the pool that do."""
        name = self._shared(leaving_out)
        if name not in self._passing:
            self._passing[name] = self._pool[self.is_passing(leaving_out=name)]
        return self._passing[name]

    def facets(self) -> Facets:
        prices = self._columns.price[self.passing(leaving_out="price")]
        prices = prices[np.isfinite(prices)]
        steps = self._counts("category", self._columns.steps)
        return Facets(
            **{name: self._values(name) for name in FACETS if name not in ("category", "colour")},
            category=self._categories(steps),
            colour=self._colours(),
            category_tree=self._tree(steps),
            attributes=tuple(self._attributes()),
            price_min=_money(prices.min()) if len(prices) else None,
            price_max=_money(prices.max()) if len(prices) else None,
            in_stock=self._having("in_stock", self._columns.in_stock),
            on_sale=self._having("on_sale", self._columns.on_sale),
        )

    def _counts(self, facet: str, column: Codes | ManyCodes) -> list[int]:
        """How many cards choosing each value of the column would leave."""
        alone, others = self._alone(facet)
        counts = column.counts(alone)
        # Only variants share cards: few products in most shops, and the costly part of counting.
        if len(others):
            at, codes = column.pairs(others)
            counts += count_cards(codes, self._columns.group[others[at]], len(column.values))
        listed: list[int] = np.minimum(counts, self._cap).tolist()
        return listed

    def _alone(self, facet: str) -> tuple[Rows, Rows]:
        """The rows without variants that pass every filter but that of a facet, and the others."""
        name = self._shared(facet)
        if name not in self._split:
            rows = self.passing(leaving_out=name)
            alone = self._columns.is_alone[rows]
            self._split[name] = (rows[alone], rows[~alone])
        return self._split[name]

    def _shared(self, facet: str) -> str:
        """The facet itself where it has a filter to leave out; "" for most, which share the rows of the
        result set.
        """
        return facet if facet in self._masks else ""

    def _values(self, name: str) -> tuple[FacetValue, ...]:
        column = self._columns.values_of(name)
        return _by_count(_choices(column.values, self._counts(name, column), getattr(self._filters, name)))

    def _categories(self, counts: Sequence[int]) -> tuple[FacetValue, ...]:
        """The categories of products, and steps that were chosen."""
        wanted = self._filters.category
        offered = {value_key(name) for name in (*self._columns.category.values, *wanted)}
        return _offered(self._columns.steps, counts, offered, wanted)

    def _colours(self) -> tuple[FacetValue, ...]:
        """Families, the words that no family claims, and a shop's own words that were chosen."""
        shades, wanted = self._columns.shades, self._columns.wanted("colour", self._filters)
        own = () if self._filters.exact_colour else map(value_key, wanted)
        offered = self._columns.colour_choices.union(own)
        return _offered(shades, self._counts("colour", shades), offered, wanted)

    def _tree(self, counts: Sequence[int]) -> tuple[FacetValue, ...]:
        paths = self._columns.category_paths
        count_of = {value_key(path): counts[code] for code, path in paths}
        nodes = _choices([path for _code, path in paths], [counts[code] for code, _path in paths], ())
        wanted = set(map(value_key, self._filters.category))

        def place(node: FacetValue) -> list[tuple[int, str]]:
            steps = value_key(node.value).split(STEP)
            return [
                (-count_of.get(path, 0), path)
                for path in (STEP.join(steps[:end]) for end in range(1, len(steps) + 1))
            ]

        return tuple(replace(node, selected=_is_chosen(node, wanted)) for node in sorted(nodes, key=place))

    def _attributes(self) -> Iterator[AttributeFacet]:
        """The attributes that most of the answer states, and those that were chosen."""
        chosen = self._filters.attributes()
        for name, column in self._columns.attributes.items():
            facet, wanted = attribute_facet(name), chosen.get(name, ())
            rows = self.passing(leaving_out=facet)
            is_common = column.is_choice and np.count_nonzero(column.stated[rows]) >= MOST * len(rows) > 0
            if wanted or is_common:
                values = _choices(column.values, self._counts(facet, column), wanted)
                yield AttributeFacet(name, _by_count(values))

    def _having(self, name: str, mask: Mask) -> int:
        alone, others = self._alone(name)
        shared = len(distinct(self._columns.group[others[mask[others]]]))
        return min(int(np.count_nonzero(mask[alone])) + shared, self._cap)


def passing_all_but_one(columns: Columns, filters: Filters) -> Mask:
    """(n,) index rows that fail at most one filter: all that a result set or its facets can contain."""
    masks = [mask for _name, mask in columns.filter_masks(filters)]
    if len(masks) <= 1:
        return columns.active
    passing_all, failing_one = masks[0], ~masks[0]
    for mask in masks[1:]:
        failing_one = (failing_one & mask) | (passing_all & ~mask)
        passing_all = passing_all & mask
    return columns.active & (passing_all | failing_one)


def _offered(
    column: ManyCodes, counts: Sequence[int], offered: Collection[str], wanted: Sequence[str]
) -> tuple[FacetValue, ...]:
    """The values of a column whose keys a facet offers; it holds others that only filters name."""
    codes = [code for key, code in column.code_of.items() if key in offered]
    listed = [counts[code] for code in codes]
    return _by_count(_choices([column.values[code] for code in codes], listed, wanted))


def _choices(values: Sequence[str], counts: Sequence[int], wanted: Sequence[str]) -> list[FacetValue]:
    """The values that lead to results, and those that were chosen."""
    keys = set(map(value_key, wanted))
    if not keys:
        return [FacetValue(value, count) for value, count in zip(values, counts, strict=True) if count]
    found = (
        FacetValue(value, count, selected=value_key(value) in keys)
        for value, count in zip(values, counts, strict=True)
    )
    return [each for each in found if each.count or each.selected]


def _by_count(values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))


def _is_chosen(node: FacetValue, wanted: Collection[str]) -> bool:
    """Whether a path was chosen, or the name of its last step."""
    path = value_key(node.value)
    return path in wanted or path.rpartition(STEP)[2] in wanted


def _money(value: float) -> Decimal:
    return without_idle_thousandths(Decimal(f"{value:.3f}"))
