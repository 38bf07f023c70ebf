"""The columns, and what they answer: masks of filters, rows of products, the values a query may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from catalog.attributes import value_key
from catalog.sources import colour_families
from search.index.columns.codes import Codes, ManyCodes
from search.index.columns.held_masks import HeldMasks, Masks
from search.index.columns.texts import Texts
from search.language.vocabulary import Vocabulary
from search.query import Filters
from search.vectors import Keys, Mask, Rows

# Between the steps of a category path.
STEP = " > "
FACETS = ("category", "colour", "brand", "gender", "size", "material", "pattern")
# Filtering by a column that fewer products fill would hide the others without the shopper's choice. What a
# bag is made of is stated less often than its colour; a size is always what was asked for.
MIN_FILLED_SHARE = {"colour": 0.8, "gender": 0.8, "material": 0.5, "pattern": 0.5, "size": 0.0}


# What is computed once for columns, and the columns it is computed of.
_DERIVED_OF = {
    "is_alone": ("group",),
    "category_paths": ("steps",),
    "by_key": ("keys",),
    "by_group": ("group",),
    "shades": ("colour",),
    "colour_choices": ("colour",),
}


def attribute_facet(name: str) -> str:
    """The name under which ``Columns.filter_masks`` yields the mask of one attribute."""
    return f"attribute:{name}"


@dataclass(frozen=True)
class Columns:
    """What filters, facets and sorting need of each product, by index row."""

    keys: Keys
    active: Mask
    # The last step of the category path.
    category: Codes
    # The shop's own words.
    colour: Codes
    brand: Codes
    gender: Codes
    # Products of one style share a group number; a product without a style has its own.
    group: NDArray[np.int64]
    # NaN where the shop states no price.
    price: NDArray[np.float64]
    in_stock: Mask
    # Seconds since the epoch.
    created: NDArray[np.float64]
    generation: datetime | None
    # Every step of the category path, alone and as the path that leads to it.
    steps: ManyCodes
    # Only sizes that can be bought.
    size: ManyCodes
    material: ManyCodes
    pattern: ManyCodes
    # Whatever else products state, by the catalogue's name for it.
    attributes: Mapping[str, ManyCodes]
    on_sale: Mask
    # What ``group`` numbers: source and style, "" for a product without one.
    styles: Texts[str] | None = None

    def filter_masks(self, filters: Filters) -> Masks:
        """One mask per filter that is set, under the name of its facet ('price' for both price limits). They
        are shared, and not to be changed.
        """
        return self._held_masks.get(filters, lambda: self._filter_masks(filters))

    def _filter_masks(self, filters: Filters) -> Iterator[tuple[str, Mask]]:
        for name in FACETS:
            if wanted := self.wanted(name, filters):
                stated = self.colour if name == "colour" and filters.exact_colour else self.values_of(name)
                yield name, stated.mask(wanted)
        for name, wanted in filters.attributes().items():
            yield attribute_facet(name), self._attribute_mask(name, wanted)
        if filters.price_min is not None or filters.price_max is not None:
            low = -np.inf if filters.price_min is None else float(filters.price_min)
            high = np.inf if filters.price_max is None else float(filters.price_max)
            yield "price", (self.price >= low) & (self.price <= high)
        if filters.in_stock:
            yield "in_stock", self.in_stock
        if filters.on_sale:
            yield "on_sale", self.on_sale

    def values_of(self, facet: str) -> Codes | ManyCodes:
        """What a filter of FACETS is compared with: for a category every step of the path, for a colour its
        families beside the shop's own word.
        """
        column: Codes | ManyCodes = getattr(self, {"category": "steps", "colour": "shades"}.get(facet, facet))
        return column

    def wanted(self, facet: str, filters: Filters) -> tuple[str, ...]:
        """The values of a filter of FACETS as its column has them: "Blau" asks for the family Blue."""
        values: tuple[str, ...] = getattr(filters, facet)
        is_family = facet == "colour" and not filters.exact_colour
        return tuple(map(colour_families.meant, values)) if is_family else values

    def _attribute_mask(self, name: str, wanted: tuple[str, ...]) -> Mask:
        # "brand:Fern" is as good as the filter of that name.
        if name in FACETS:
            chosen: dict[str, Any] = {name: wanted}
            return self.values_of(name).mask(self.wanted(name, Filters(**chosen)))
        column = self.attributes.get(name)
        return np.zeros(len(self.keys), dtype=bool) if column is None else column.mask(wanted)

    def passing(self, filters: Filters) -> Mask:
        """(n,) the active products that pass every filter: a new mask, which the caller may change."""
        passing = self.active.copy()
        for _name, mask in self.filter_masks(filters):
            passing &= mask
        return passing

    def rows_of_styles(self, rows: Rows) -> Rows:
        """All rows of the styles of these rows, without duplicates."""
        alone = self.is_alone[rows]
        groups = np.unique(self.group[rows[~alone]])
        first, end = (
            np.searchsorted(self.group, groups, side, sorter=self.by_group) for side in ("left", "right")
        )
        return np.concatenate([rows[alone], *(self.by_group[a:b] for a, b in zip(first, end, strict=True))])

    def keys_of_styles(self, primary_keys: list[int]) -> list[int]:
        """Ascending, the keys of all products of the styles of these products, without those that are not
        indexed.
        """
        keys: list[int] = np.sort(self.keys[self.rows_of_styles(self.rows_of(primary_keys))]).tolist()
        return keys

    def rows_of(self, primary_keys: list[int]) -> Rows:
        """Index rows of these products, in their order, without those that are not indexed."""
        wanted = np.array(primary_keys, np.int64)
        if not len(self.keys):
            return wanted[:0]
        nearest = np.minimum(np.searchsorted(self.keys, wanted, sorter=self.by_key), len(self.keys) - 1)
        rows = self.by_key[nearest]
        found: Mask = self.keys[rows] == wanted
        return rows[found]

    @cached_property
    def _held_masks(self) -> HeldMasks:
        return HeldMasks()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The values that a query may name; a field only where enough products state it."""
        # A row without an active product states nothing, and counts for nothing.
        active = int(np.count_nonzero(self.active))
        filled = {
            name: getattr(self, name).values
            for name, share in MIN_FILLED_SHARE.items()
            if active and np.count_nonzero(getattr(self, name).stated) >= share * active
        }
        return Vocabulary.of(
            category=self.category.values,
            brand=self.brand.values,
            on_sale=bool(self.on_sale.any()),
            **filled,
        )

    def changed(self, **columns: Any) -> Columns:
        """With these columns in place of its own; what was derived of columns that stay is kept."""
        new = replace(self, **columns)
        for name, sources in _DERIVED_OF.items():
            kept = all(getattr(new, source) is getattr(self, source) for source in sources)
            if kept and name in self.__dict__:
                new.__dict__[name] = self.__dict__[name]
        return new

    @cached_property
    def is_alone(self) -> Mask:
        """(n,) products without variants: their cards need no folding."""
        _styles, style_of, sizes = np.unique(self.group, return_inverse=True, return_counts=True)
        alone: Mask = sizes[style_of] == 1
        return alone

    @cached_property
    def category_paths(self) -> tuple[tuple[int, str], ...]:
        """Every category path with its code in ``steps``: "Apparel", "Apparel > Topwear"."""
        starts, values = self.steps.starts, self.steps.values
        alone = {int(code) for code in self.steps.codes[starts[:-1][np.diff(starts) == 1]]}
        longer = {code for code, value in enumerate(values) if STEP in value}
        first = {self.steps.code_of[value_key(values[code].partition(STEP)[0])] for code in longer}
        return tuple((code, values[code]) for code in sorted(alone | longer | first))

    @cached_property
    def shades(self) -> ManyCodes:
        """The families of each product's colour, and the shop's own word for it."""
        texts = self.colour.texts
        entries = tuple((own, *colour_families.families(own)) if own else () for own in texts.entries)
        return ManyCodes.of_texts(Texts(entries, texts.numbers))

    @cached_property
    def colour_choices(self) -> frozenset[str]:
        """The keys of the values in ``shades`` that a facet offers: families, and words of no family."""
        return frozenset(
            value_key(each) for own in self.colour.values for each in colour_families.choices(own)
        )

    @cached_property
    def by_key(self) -> Rows:
        """(n,) the rows in the order of their keys."""
        return np.argsort(self.keys, kind="stable")

    @cached_property
    def by_group(self) -> Rows:
        """(n,) the rows in the order of their styles."""
        return np.argsort(self.group, kind="stable")
