"""What the columns hold of one product, as the database states it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from catalog import attributes
from catalog.models import Product
from search.index.columns.table import STEP
from search.query import MAX_VALUE

CHUNK = 500
Stated = dict[str, tuple[str, ...]]


class _Fields(NamedTuple):
    pk: int
    is_active: bool
    category: str
    category_path: str
    colour: str
    brand: str
    gender: str
    item_group_id: str
    source: str
    price: Decimal | None
    list_price: Decimal | None
    in_stock: bool
    created_at: datetime
    attributes: Mapping[str, Any]


class Record(NamedTuple):
    """One product by column; the defaults are those of a row without an active product."""

    active: bool = False
    category: str = ""
    colour: str = ""
    brand: str = ""
    gender: str = ""
    style: str = ""
    price: float = np.nan
    in_stock: bool = False
    created: float = 0.0
    on_sale: bool = False
    steps: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    # Attributes that can be filtered by.
    stated: Stated | None = None

    @classmethod
    def of(cls, fields: _Fields) -> Record:
        price, before = fields.price, fields.list_price
        return cls(
            active=True,
            category=fields.category,
            colour=fields.colour,
            brand=fields.brand,
            gender=fields.gender,
            style=f"{fields.source}\n{fields.item_group_id}" if fields.item_group_id else "",
            price=np.nan if price is None else float(price),
            in_stock=fields.in_stock,
            created=fields.created_at.timestamp(),
            on_sale=price is not None and before is not None and before > price,
            steps=_steps(fields.category, fields.category_path),
            size=_sizes(fields),
            stated=_stated(fields),
        )

    def values(self, name: str) -> tuple[str, ...]:
        """What it states of one attribute."""
        return (self.stated or {}).get(name, ())


NOTHING = Record()


def all_records() -> Iterator[tuple[int, Record]]:
    """Every active product, by key."""
    found = Product.objects.active().values_list(*_Fields._fields).iterator(chunk_size=5000)
    return ((row[0], Record.of(_Fields._make(row))) for row in found)


def records_of(keys: Iterable[int]) -> dict[int, Record]:
    """These products by key; a product that is inactive or gone is NOTHING."""
    wanted = list(keys)
    found = dict.fromkeys(wanted, NOTHING)
    for start in range(0, len(wanted), CHUNK):
        rows = Product.objects.active().filter(pk__in=wanted[start : start + CHUNK])
        for row in rows.values_list(*_Fields._fields):
            found[row[0]] = Record.of(_Fields._make(row))
    return found


def _steps(category: str, path: str) -> tuple[str, ...]:
    steps = attributes.category_steps(path, category)
    paths = (STEP.join(steps[:end]) for end in range(1, len(steps) + 1))
    return tuple(dict.fromkeys((*steps, *paths)))


def _sizes(fields: _Fields) -> tuple[str, ...]:
    if not fields.attributes:
        return ()
    stated = attributes.sizes(fields.attributes, in_stock=fields.in_stock)
    return tuple(size for size, is_there in stated if is_there and len(size) <= MAX_VALUE)


def _stated(fields: _Fields) -> Stated:
    """A product's attributes that can be filtered by; longer texts describe it."""
    stated: Stated = {}
    for name, value in attributes.choices(fields.attributes or {}):
        if len(value) <= MAX_VALUE:
            stated[name] = (*stated.get(name, ()), value)
    return stated
