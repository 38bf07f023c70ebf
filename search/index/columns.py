"""The catalogue as numpy columns aligned with the rows of an index: filters and facets are masks over them.

Prices and stock change between two builds of the index, so the columns follow the database (one look at
the catalogue's generation every two seconds) while the rows follow the index.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from catalog.models import Product
from search.index.product_index import ProductIndex
from search.language.vocabulary import Vocabulary
from search.query import Filters
from search.vectors import Keys, Mask, Rows

FACETS = ("category", "colour", "brand", "gender")
CHECK_SECONDS = 2.0
# A sync of a big catalogue is a new generation each second: reloading may take a tenth of the time.
LOADING_SHARE = 0.1
# Filtering by a column that fewer products fill would hide the others without the shopper's choice.
MIN_FILLED_SHARE = 0.8


@dataclass(frozen=True)
class Codes:
    """One text column: ``codes[row]`` points into ``values``; -1 where the product has no value."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, texts: list[str]) -> Codes:
        # Of spellings that differ only in case ("Puma", "PUMA") the first is kept.
        spelling: dict[str, str] = {}
        for text in texts:
            spelling.setdefault(text.casefold(), text)
        spelling.pop("", None)
        position = {key: number for number, key in enumerate(spelling)}
        codes = np.fromiter((position.get(text.casefold(), -1) for text in texts), np.int32, len(texts))
        return cls(tuple(spelling.values()), codes)

    def mask(self, wanted: tuple[str, ...]) -> Mask:
        """Rows that have one of the wanted values, whatever their case."""
        keys = {value.casefold() for value in wanted}
        codes = [code for code, value in enumerate(self.values) if value.casefold() in keys]
        return np.isin(self.codes, codes)


@dataclass(frozen=True)
class Columns:
    """What filters, facets and sorting need of each product, by index row."""

    keys: Keys
    active: Mask
    category: Codes
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
    # The steps that lead to the category: "Apparel > Dresses".
    path: Codes = field(default_factory=lambda: Codes((), np.empty(0, np.int32)))

    def filter_masks(self, filters: Filters) -> Iterator[tuple[str, Mask]]:
        """One mask per filter that is set, under the name of its facet ('price' for both price limits)."""
        for name in FACETS:
            if wanted := getattr(filters, name):
                yield name, getattr(self, name).mask(wanted)
        if filters.price_min is not None or filters.price_max is not None:
            low = -np.inf if filters.price_min is None else float(filters.price_min)
            high = np.inf if filters.price_max is None else float(filters.price_max)
            yield "price", (self.price >= low) & (self.price <= high)
        if filters.in_stock:
            yield "in_stock", self.in_stock

    def passing(self, filters: Filters) -> Mask:
        """(n,) the active products that pass every filter."""
        passing = self.active.copy()
        for _name, mask in self.filter_masks(filters):
            passing &= mask
        return passing

    def rows_of(self, primary_keys: list[int]) -> Rows:
        """Index rows of these products, in their order, without those that are not indexed."""
        wanted = np.array(primary_keys, np.int64)
        if not len(self.keys):
            return wanted[:0]
        nearest = np.minimum(np.searchsorted(self.keys, wanted, sorter=self._by_key), len(self.keys) - 1)
        rows = self._by_key[nearest]
        found: Mask = self.keys[rows] == wanted
        return rows[found]

    def vocabulary(self) -> Vocabulary:
        """The values that a query may name; colours and genders only where most products state them."""
        filled = {
            name: codes.values
            for name, codes in (("colour", self.colour), ("gender", self.gender))
            if len(self.keys) and (codes.codes >= 0).mean() >= MIN_FILLED_SHARE
        }
        return Vocabulary.of(category=self.category.values, brand=self.brand.values, **filled)

    @cached_property
    def _by_key(self) -> NDArray[np.int64]:
        return np.argsort(self.keys, kind="stable")


def load_columns(keys: Keys) -> Columns:
    """Read the columns for these product keys (n,) in one query."""
    # Read first: a change while the rows are read then makes the columns outdated, never falsely current.
    generation = Product.objects.generation()
    fields = ("pk", *FACETS, "item_group_id", "source", "price", "in_stock", "created_at", "category_path")
    rows = {row[0]: row for row in Product.objects.active().values_list(*fields).iterator(chunk_size=5000)}
    missing = (0, "", "", "", "", "", "", None, False, None, "")
    table = [rows.get(int(key), missing) for key in keys]
    return Columns(
        keys=keys,
        active=np.array([int(key) in rows for key in keys], dtype=bool),
        category=Codes.of([row[1] for row in table]),
        colour=Codes.of([row[2] for row in table]),
        brand=Codes.of([row[3] for row in table]),
        gender=Codes.of([row[4] for row in table]),
        group=_groups([(row[6], row[5]) for row in table]),
        price=np.array([np.nan if row[7] is None else float(row[7]) for row in table], dtype=np.float64),
        in_stock=np.array([row[8] for row in table], dtype=bool),
        created=np.array([row[9].timestamp() if row[9] else 0.0 for row in table], dtype=np.float64),
        generation=generation,
        path=Codes.of([row[10] for row in table]),
    )


def _groups(styles: list[tuple[str, str]]) -> NDArray[np.int64]:
    numbers: dict[object, int] = {}
    keys = [style if style[1] else row for row, style in enumerate(styles)]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


class ColumnStore:
    """Keeps the columns of the index in service; reloads them when the catalogue or the index changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # One reference, swapped whole, so that a reader never sees columns of one index beside another.
        self._held: tuple[str, Columns] | None = None
        self._next_check = 0.0

    def current(self, index: ProductIndex) -> Columns:
        """Columns aligned with ``index``, two seconds or ten loading times behind the database at most."""
        version, held = index.manifest.version, self._held
        usable = held is not None and held[0] == version
        if held and usable and time.monotonic() < self._next_check:
            return held[1]
        # One thread reloads; the others wait only while there are no usable columns yet.
        if self._lock.acquire(blocking=not usable):
            try:
                started = time.monotonic()
                self._held = held = (version, self._refreshed(index))
                now = time.monotonic()
                self._next_check = now + max(CHECK_SECONDS, (now - started) / LOADING_SHARE)
            finally:
                self._lock.release()
        # The lock was taken without waiting only where usable columns were held.
        return cast("tuple[str, Columns]", held)[1]

    def expire(self) -> None:
        """Check the catalogue again on the next request."""
        self._next_check = 0.0

    def _refreshed(self, index: ProductIndex) -> Columns:
        held = self._held
        if held and held[0] == index.manifest.version and held[1].generation == Product.objects.generation():
            return held[1]
        return load_columns(index.keys)
