"""Reads the columns from the database, whole or what changed of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import attributes
from catalog.models import Product
from search.index.columns.codes import Codes, ManyCodes
from search.index.columns.records import NOTHING, Record, all_records, records_of
from search.index.columns.table import FACETS, Columns
from search.index.columns.texts import TextCollector, Texts
from search.vectors import Keys, Mask, Rows

# Attributes that can be filtered by: the names that most products state, of feeds that make one up for each.
MAX_ATTRIBUTES = 200
# Where more than this share of the rows changed, and so many, reading all is as fast.
FOLLOWED_SHARE, LEAST_FOLLOWED = 0.2, 500
ONE, MANY = ("category", "colour", "brand", "gender"), ("steps", "size")
STATED = ("material", "pattern")
NUMBERS = {"price": np.float64, "in_stock": bool, "created": np.float64, "on_sale": bool, "active": bool}


def load_columns(keys: Keys) -> Columns:
    """Read the columns for these product keys (n,) in one query."""
    # Read first: a change while the rows are read then makes the columns outdated, never falsely current.
    generation = Product.objects.generation()
    count = len(keys)
    numbers: dict[str, NDArray[Any]] = {
        name: np.full(count, getattr(NOTHING, name), kind) for name, kind in NUMBERS.items()
    }
    one = {name: TextCollector("") for name in (*ONE, "style")}
    many: dict[str, TextCollector[tuple[str, ...]]] = {name: TextCollector(()) for name in MANY}
    stated: dict[str, TextCollector[tuple[str, ...]]] = {}
    row_of = {int(key): row for row, key in enumerate(keys)}
    for key, record in all_records():
        if (row := row_of.get(key)) is None:
            continue
        for name, column in numbers.items():
            column[row] = getattr(record, name)
        for name, texts in one.items():
            texts.add(row, getattr(record, name))
        for name, several in many.items():
            several.add(row, getattr(record, name))
        for name, values in (record.stated or {}).items():
            stated.setdefault(name, TextCollector(())).add(row, values)
    for name in STATED:
        stated.setdefault(name, TextCollector(()))
    styles = one["style"].texts(count)
    columns: dict[str, Any] = {
        **numbers,
        **{name: Codes.of_texts(one[name].texts(count)) for name in ONE},
        **{name: ManyCodes.of_texts(many[name].texts(count)) for name in MANY},
        **{name: ManyCodes.of_texts(stated[name].texts(count)) for name in STATED},
        "attributes": _most_stated(
            {name: (len(texts), texts) for name, texts in stated.items()},
            lambda texts: ManyCodes.of_texts(texts.texts(count)),
        ),
    }
    return Columns(keys=keys, generation=generation, styles=styles, group=_groups(styles), **columns)


def follow_columns(held: Columns, keys: Keys) -> Columns:
    """The held columns for these keys as the catalogue is now; only what changed is read and copied.

    Columns of which no changed product has another value stay the same objects, and with them what was
    derived of them.
    """
    generation = Product.objects.generation()
    if generation is None or held.generation is None or generation < held.generation or held.styles is None:
        return load_columns(keys)
    most = max(LEAST_FOLLOWED, int(FOLLOWED_SHARE * len(keys)))
    changed: list[int] = []
    if generation != held.generation:
        newer = Product.objects.filter(updated_at__gt=held.generation).values_list("pk", flat=True)
        changed = list(newer[: most + 1])
    aligned, unknown = (held, []) if keys is held.keys else _aligned(held, keys)
    wanted = sorted({*changed, *unknown})
    if len(wanted) > most:
        return load_columns(keys)
    return replace_records(aligned, records_of(wanted), generation)


def _aligned(held: Columns, keys: Keys) -> tuple[Columns, list[int]]:
    """The columns in the order of other keys, and those of the keys that they lack."""
    order = held.by_key
    places = np.minimum(np.searchsorted(held.keys, keys, sorter=order), max(len(order) - 1, 0))
    rows: Rows = order[places] if len(order) else np.full(len(keys), -1)
    # A row whose product has left is a row without one, whatever stood in its place.
    known: Mask = (held.keys[rows] == keys) & (keys >= 0) if len(order) else np.zeros(len(keys), bool)
    rows = np.where(known, rows, -1)
    assert held.styles is not None  # noqa: S101 - checked by the caller
    styles = held.styles.taken(rows)
    columns: dict[str, Any] = {
        **{
            name: np.where(known, getattr(held, name)[rows], np.asarray(getattr(NOTHING, name), kind))
            for name, kind in NUMBERS.items()
        },
        **{name: Codes.of_texts(getattr(held, name).texts.taken(rows)) for name in ONE},
        **{name: ManyCodes.of_texts(getattr(held, name).texts.taken(rows)) for name in (*MANY, *STATED)},
        "attributes": _by_frequency(
            {name: ManyCodes.of_texts(each.texts.taken(rows)) for name, each in held.attributes.items()}
        ),
    }
    aligned = replace(held, keys=keys, styles=styles, group=_groups(styles), **columns)
    return aligned, keys[~known & (keys >= 0)].tolist()


def replace_records(held: Columns, records: Mapping[int, Record], generation: datetime | None) -> Columns:
    """The columns with these products as given; products without a row are left out."""
    known = [key for key in records if len(held.rows_of([key]))]
    rows = held.rows_of(known)
    new = [records[key] for key in known]
    changes: dict[str, Any] = {"generation": generation}
    for name, kind in NUMBERS.items():
        changes[name] = _with_numbers(
            getattr(held, name), rows, np.array([getattr(each, name) for each in new], kind)
        )
    for name in (*ONE, *MANY):
        column = getattr(held, name)
        changes[name] = column.with_texts(column.texts.replaced(rows, [getattr(each, name) for each in new]))
    for name in STATED:
        column = getattr(held, name)
        changes[name] = column.with_texts(column.texts.replaced(rows, [each.values(name) for each in new]))
    changes["attributes"] = _attributes(held, rows, new)
    assert held.styles is not None  # noqa: S101 - read from the database with all others
    changes["styles"] = held.styles.replaced(rows, [each.style for each in new])
    changes["group"] = held.group if changes["styles"] is held.styles else _groups(changes["styles"])
    return held.changed(**changes)


def _with_numbers(column: NDArray[Any], rows: Rows, values: NDArray[Any]) -> NDArray[Any]:
    """A copy with these values, or the column itself where it has them."""
    if np.array_equal(column[rows], values, equal_nan=column.dtype == np.float64):
        return column
    copied = column.copy()
    copied[rows] = values
    return copied


def _attributes(held: Columns, rows: Rows, new: list[Record]) -> Mapping[str, ManyCodes]:
    others = attributes.TECHNICAL.union(FACETS)
    stated = {name for each in new for name in each.stated or {} if name not in others}
    found = {
        name: column.with_texts(column.texts.replaced(rows, [each.values(name) for each in new]))
        for name, column in held.attributes.items()
    }
    for name in sorted(stated - found.keys()):
        nothing = Texts[tuple[str, ...]](((),), np.zeros(len(held.keys), np.int32))
        found[name] = ManyCodes.of_texts(nothing.replaced(rows, [each.values(name) for each in new]))
    if all(held.attributes.get(name) is column for name, column in found.items()):
        return held.attributes
    return _by_frequency(found)


def _by_frequency(columns: Mapping[str, ManyCodes]) -> dict[str, ManyCodes]:
    counted = {name: (int(np.count_nonzero(each.stated)), each) for name, each in columns.items()}
    return _most_stated(counted, lambda column: column)


def _most_stated(counted: Mapping[str, tuple[int, Any]], column_of: Any) -> dict[str, ManyCodes]:
    """The attributes without a column of their own, those that most products state first."""
    others = attributes.TECHNICAL.union(FACETS)
    named = sorted(
        ((-count, name) for name, (count, _column) in counted.items() if count and name not in others)
    )
    return {name: column_of(counted[name][1]) for _count, name in named[:MAX_ATTRIBUTES]}


def _groups(styles: Texts[str]) -> NDArray[np.int64]:
    """(n,) the number of each row's style; a product without one has a number of its own."""
    alone = len(styles.entries) + np.arange(len(styles.numbers))
    return np.where(styles.numbers > 0, styles.numbers, alone).astype(np.int64)
