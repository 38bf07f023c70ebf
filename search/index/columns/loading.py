"""Reads the columns from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog import attributes
from catalog.models import Product
from search.index.columns.codes import Codes, ManyCodes
from search.index.columns.table import FACETS, STEP, Columns
from search.query import MAX_VALUE
from search.vectors import Keys

# Attributes that can be filtered by: the names that most products state, of feeds that make one up for each.
MAX_ATTRIBUTES = 200
Stated = dict[str, tuple[str, ...]]


class _Record(NamedTuple):
    """What is read of a product; the defaults are those of a row without one."""

    pk: int = 0
    category: str = ""
    category_path: str = ""
    colour: str = ""
    brand: str = ""
    gender: str = ""
    item_group_id: str = ""
    source: str = ""
    price: Decimal | None = None
    list_price: Decimal | None = None
    in_stock: bool = False
    created_at: datetime | None = None
    attributes: Mapping[str, Any] | None = None

    @property
    def is_on_sale(self) -> bool:
        return self.price is not None and self.list_price is not None and self.list_price > self.price


def load_columns(keys: Keys) -> Columns:
    """Read the columns for these product keys (n,) in one query."""
    # Read first: a change while the rows are read then makes the columns outdated, never falsely current.
    generation = Product.objects.generation()
    found = Product.objects.active().values_list(*_Record._fields).iterator(chunk_size=5000)
    records = {row[0]: _Record._make(row) for row in found}
    table = [records.get(int(key), _MISSING) for key in keys]
    stated = [_stated(record) for record in table]
    return Columns(
        keys=keys,
        active=np.array([record is not _MISSING for record in table], dtype=bool),
        category=Codes.of([record.category for record in table]),
        colour=Codes.of([record.colour for record in table]),
        brand=Codes.of([record.brand for record in table]),
        gender=Codes.of([record.gender for record in table]),
        group=_groups([(record.source, record.item_group_id) for record in table]),
        price=np.array(
            [np.nan if record.price is None else float(record.price) for record in table], dtype=np.float64
        ),
        in_stock=np.array([record.in_stock for record in table], dtype=bool),
        created=np.array(
            [record.created_at.timestamp() if record.created_at else 0.0 for record in table],
            dtype=np.float64,
        ),
        generation=generation,
        steps=ManyCodes.of([_steps(record.category, record.category_path) for record in table]),
        size=ManyCodes.of([_sizes(record) for record in table]),
        material=_column("material", stated),
        pattern=_column("pattern", stated),
        attributes={name: _column(name, stated) for name in _attribute_names(stated)},
        on_sale=np.array([record.is_on_sale for record in table], dtype=bool),
    )


_MISSING = _Record()


def _steps(category: str, path: str) -> tuple[str, ...]:
    steps = attributes.category_steps(path, category)
    paths = (STEP.join(steps[:end]) for end in range(1, len(steps) + 1))
    return tuple(dict.fromkeys((*steps, *paths)))


def _sizes(record: _Record) -> tuple[str, ...]:
    if not record.attributes:
        return ()
    stated = attributes.sizes(record.attributes, in_stock=record.in_stock)
    return tuple(size for size, is_there in stated if is_there and len(size) <= MAX_VALUE)


def _stated(record: _Record) -> Stated:
    """A product's attributes that can be filtered by; longer texts describe it."""
    stated: Stated = {}
    for name, value in attributes.choices(record.attributes or {}):
        if len(value) <= MAX_VALUE:
            stated[name] = (*stated.get(name, ()), value)
    return stated


def _column(name: str, stated: Sequence[Stated]) -> ManyCodes:
    return ManyCodes.of([each.get(name, ()) for each in stated])


def _attribute_names(stated: Sequence[Stated]) -> list[str]:
    """The attributes without a column of their own, those that most products state first."""
    others = attributes.TECHNICAL.union(FACETS)
    counted = Counter(name for each in stated for name in each if name not in others)
    return [name for name, _count in counted.most_common(MAX_ATTRIBUTES)]


def _groups(styles: list[tuple[str, str]]) -> NDArray[np.int64]:
    numbers: dict[object, int] = {}
    keys = [style if style[1] else row for row, style in enumerate(styles)]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
