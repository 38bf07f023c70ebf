"""The catalogue's categories as the ranking reads them: their products, a sample of each, their names.

A query is compared with a sample of each category, not with all products: five of 64 say the same about a
category as five of 5,000, and the cost follows the number of categories instead of the catalogue's size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.index.columns import STEP, Columns
from search.language.lexicon import SHADES
from search.language.tokens import stems
from search.vectors import Mask, Rows, Vectors

NAMES_FILE = "category-names.npz"
# Products of a category that queries are compared with, evenly picked; and of all categories together.
SAMPLE, LARGEST_SAMPLE = 64, 20_000
# At least so many of each, however many categories there are.
LEAST_SAMPLE = 5

Encode = Callable[[Sequence[str]], Vectors]


class CategoryNames:
    """The vectors of category names: those stored in an index version, and others once they are met."""

    def __init__(self, known: Mapping[str, Vectors]) -> None:
        self._vectors = dict(known)

    @classmethod
    def load(cls, folder: Path) -> CategoryNames:
        """Of an index version; empty for one that was built before names were stored."""
        try:
            with np.load(folder / NAMES_FILE, allow_pickle=False) as stored:
                return cls(dict(zip(stored["names"].tolist(), stored["vectors"], strict=True)))
        except FileNotFoundError:
            return cls({})

    def vectors(self, names: Sequence[str], encode: Encode) -> Vectors:
        """(k, d) unit rows, in order; only names that were never encoded are encoded."""
        wanted = [_spoken(name) for name in names]
        missing = sorted(set(wanted) - self._vectors.keys())
        if missing:
            self._vectors |= dict(zip(missing, encode(missing), strict=True))
        return np.array([self._vectors[name] for name in wanted], np.float32)


def stored_names(names: Sequence[str], encode: Encode) -> bytes:
    """The content of NAMES_FILE for these categories."""
    spoken = sorted({_spoken(name) for name in names if name})
    buffer = BytesIO()
    vectors = encode(spoken) if spoken else np.empty((0, 0), np.float32)
    np.savez(buffer, names=np.array(spoken, np.str_), vectors=vectors)
    return buffer.getvalue()


def _spoken(name: str) -> str:
    """A name as a shopper would type it: encoders may read capitals otherwise."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True)
class Categories:
    """k categories with products, by number.

    ``of_row`` (n,) is the category of each index row, -1 for none. ``sample`` (s,) holds index rows, those of
    one category together, from ``starts`` (k,) on; ``sample_vectors`` (s, d) are theirs, as one block of
    memory. ``named`` maps the sorted stems of every step of a path to its label and its products (n,).
    """

    labels: tuple[str, ...]
    of_row: NDArray[np.int32]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]
    sample_vectors: Vectors
    name_vectors: Vectors
    named: Mapping[tuple[str, ...], tuple[str, Mask]]
    colour_stems: frozenset[str]

    def __len__(self) -> int:
        return len(self.labels)

    def mask(self, chosen: Rows) -> Mask:
        """(n,) the products of the chosen categories."""
        rows, ends = self._rows_by_category
        found = np.zeros(len(self.of_row), bool)
        for each in chosen:
            found[rows[ends[each] : ends[each + 1]]] = True
        return found

    @cached_property
    def _rows_by_category(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The rows of each category, one after the other, and where those of each begin."""
        # Two bytes are sorted in a tenth of the time of four.
        codes = self.of_row.astype(np.int16) if len(self) <= np.iinfo(np.int16).max else self.of_row
        order = np.argsort(codes, kind="stable").astype(np.int32)
        starts = np.cumsum([len(order) - self.sizes.sum(), *self.sizes])
        return order, starts.astype(np.int64)

    @classmethod
    def of(cls, columns: Columns, vectors: Vectors, names: CategoryNames, encode: Encode) -> Categories:
        """The categories of these columns, aligned with ``vectors`` (n, d)."""
        codes = np.where(columns.active, columns.category.codes, -1)
        present, of_row = _renumbered(codes, len(columns.category.values))
        labels = tuple(columns.category.values[code] for code in present)
        samples = _samples(of_row, len(labels), columns.by_key)
        sample = np.concatenate([*samples, np.empty(0, np.int64)])
        return cls(
            labels=labels,
            of_row=of_row,
            sizes=np.bincount(of_row[of_row >= 0], minlength=len(labels)),
            starts=np.cumsum([0, *map(len, samples)])[:-1].astype(np.int64),
            sample_vectors=np.ascontiguousarray(vectors[sample], np.float32),
            name_vectors=names.vectors(labels, encode),
            named=_named_steps(columns),
            colour_stems=frozenset(
                each for value in (*columns.colour.values, *SHADES) for each in stems(value)
            ),
        )


def _renumbered(codes: NDArray[np.int32], count: int) -> tuple[Rows, NDArray[np.int32]]:
    """The codes in use, ascending, and each row's place among them; -1 stays."""
    present = np.unique(codes[codes >= 0])
    place = np.full(count + 1, -1, np.int32)
    place[present] = np.arange(len(present))
    return present.astype(np.int64), place[codes]


def _samples(of_row: NDArray[np.int32], count: int, by_key: Rows) -> list[Rows]:
    """Index rows of each category, evenly picked over its products in the order of their keys: the order of
    the rows depends on when a product changed.
    """
    order = by_key[np.argsort(of_row[by_key], kind="stable")]
    bounds = np.searchsorted(of_row[order], np.arange(count + 1))
    most = max(LEAST_SAMPLE, min(SAMPLE, LARGEST_SAMPLE // max(count, 1)))
    return [
        rows[np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(np.int64)]
        for rows in (order[start:end] for start, end in pairwise(bounds))
    ]


def _named_steps(columns: Columns) -> dict[tuple[str, ...], tuple[str, Mask]]:
    """Every category and every step that leads to one, under its stems."""
    holding: dict[tuple[str, ...], list[str]] = {}
    for step in columns.steps.values:
        if STEP not in step:
            holding.setdefault(step_key(step), []).append(step)
    found = {key: (held[0], columns.steps.mask(held) & columns.active) for key, held in holding.items()}
    for _label, mask in found.values():
        # Queries share them.
        mask.flags.writeable = False
    return {key: (label, mask) for key, (label, mask) in found.items() if key and mask.any()}


def step_key(text: str) -> tuple[str, ...]:
    """The same key for all forms of a category's name: "T-Shirts" and "tshirt"."""
    return tuple(sorted(set(stems(text))))
