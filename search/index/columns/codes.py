"""Texts as numpy codes: one value a product (``Codes``), or any number of them (``ManyCodes``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from catalog.attributes import value_key
from search.index.columns.texts import Texts, numbered
from search.vectors import Mask, Rows

CodeArray = NDArray[np.int32]


@dataclass(frozen=True)
class Codes:
    """One text column: ``codes[row]`` points into ``values``; -1 where the product has no value.

    Spellings of one value ("Puma", "PUMA") share a code; the most frequent one is shown.
    """

    values: tuple[str, ...]
    codes: CodeArray
    texts: Texts[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Codes:
        return cls.of_texts(Texts.of(texts, ""))

    @classmethod
    def of_texts(cls, texts: Texts[str]) -> Codes:
        counted = texts.counted()
        values, code_of = _coded(counted)
        codes = {text: code_of[key] for text in counted if (key := value_key(text)) in code_of}
        return cls(values, numbered(texts, codes), texts)

    def with_texts(self, texts: Texts[str]) -> Codes:
        """Of these texts; the same object where they are its own."""
        return self if texts is self.texts else Codes.of_texts(texts)

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        return {value_key(value): code for code, value in enumerate(self.values)}

    @property
    def stated(self) -> Mask:
        """(n,) rows that have a value."""
        return self.codes >= 0

    def mask(self, wanted: Iterable[str]) -> Mask:
        """(n,) rows that have one of the wanted values, however they are spelled."""
        codes = _codes_of(self.code_of, wanted)
        if len(codes) <= COMPARED_CODES:
            found: Mask = np.zeros(len(self.codes), bool)
            for code in codes:
                found |= self.codes == code
            return found
        # The code -1 of a product without a value is the last entry.
        is_wanted = np.zeros(len(self.values) + 1, dtype=bool)
        is_wanted[codes] = True
        return np.asarray(is_wanted[self.codes])

    def counts(self, rows: Rows) -> NDArray[np.int64]:
        """How many of ``rows`` (c,) have each value."""
        return np.bincount(self.codes[rows] + np.int32(1), minlength=len(self.values) + 1)[1:]

    def pairs(self, rows: Rows) -> tuple[Rows, CodeArray]:
        """Every value of ``rows`` (c,): positions in ``rows``, and the codes there."""
        codes = self.codes[rows]
        at = np.flatnonzero(codes >= 0)
        return at, codes[at]


# Comparing all rows with one code takes a tenth of looking up the code of each.
COMPARED_CODES = 6
# An attribute with more values, or hardly two products a value, names a product and narrows no answer.
MAX_CHOICES = 100
PRODUCTS_PER_CHOICE = 2
# Up to so many combinations of values, products are counted by combination and not by value.
MAX_COMBINATIONS = 20_000


@dataclass(frozen=True)
class ManyCodes:
    """Texts of which a product has any number: those of ``row`` are ``codes[starts[row]:starts[row + 1]]``,
    without duplicates, and point into ``values``.
    """

    values: tuple[str, ...]
    starts: NDArray[np.int64]
    codes: CodeArray
    texts: Texts[tuple[str, ...]]

    @classmethod
    def of(cls, texts: Sequence[tuple[str, ...]]) -> ManyCodes:
        return cls.of_texts(Texts.of(texts, ()))

    @classmethod
    def of_texts(cls, texts: Texts[tuple[str, ...]]) -> ManyCodes:
        """From each row's texts, most often () or one of few combinations."""
        spellings: Counter[str] = Counter()
        for combination, count in texts.counted().items():
            for text in combination:
                spellings[text] += count
        values, code_of = _coded(spellings)
        # One after the other, those of each combination; a combination that no row has any more has none.
        held = [
            sorted({code_of[key] for text in combination if (key := value_key(text)) in code_of})
            for combination in texts.entries
        ]
        lengths = np.array([len(each) for each in held], np.int64)
        first = np.cumsum(lengths) - lengths
        own = lengths[texts.numbers]
        starts = np.concatenate([[0], np.cumsum(own)]).astype(np.int64)
        # The place of each value among its row's own, then from the beginning of its combination.
        place = np.arange(starts[-1]) - np.repeat(starts[:-1], own)
        flat = np.fromiter(chain.from_iterable(held), np.int32)
        return cls(values, starts, flat[np.repeat(first[texts.numbers], own) + place], texts)

    def with_texts(self, texts: Texts[tuple[str, ...]]) -> ManyCodes:
        """Of these texts; the same object where they are its own."""
        return self if texts is self.texts else ManyCodes.of_texts(texts)

    @cached_property
    def code_of(self) -> Mapping[str, int]:
        return {value_key(value): code for code, value in enumerate(self.values)}

    @cached_property
    def stated(self) -> Mask:
        """(n,) rows that have a value."""
        return np.diff(self.starts) > 0

    @cached_property
    def is_choice(self) -> bool:
        """Whether the values are kinds that products share, and so a facet."""
        enough = np.count_nonzero(self.stated) >= PRODUCTS_PER_CHOICE * len(self.values)
        return len(self.values) <= MAX_CHOICES and bool(enough)

    def mask(self, wanted: Iterable[str]) -> Mask:
        """(n,) rows that have at least one of the wanted values, however they are spelled."""
        found = np.zeros(len(self.starts) - 1, dtype=bool)
        rows, ends = self._rows_by_code
        for code in _codes_of(self.code_of, wanted):
            found[rows[ends[code] : ends[code + 1]]] = True
        return found

    def counts(self, rows: Rows) -> NDArray[np.int64]:
        """How many of ``rows`` (c,) have each value."""
        size = len(self.values)
        if len(self.texts.entries) > MAX_COMBINATIONS:
            return np.bincount(self.pairs(rows)[1], minlength=size)
        stating = np.bincount(self.texts.numbers[rows], minlength=len(self.texts.entries))
        codes, lengths = self._codes_of_entries
        return np.bincount(codes, weights=np.repeat(stating, lengths), minlength=size).astype(np.int64)

    @cached_property
    def _codes_of_entries(self) -> tuple[CodeArray, NDArray[np.int64]]:
        """The codes of each entry of ``texts``, one entry after the other, and how many each has."""
        row_of = np.full(len(self.texts.entries), -1)
        row_of[self.texts.numbers] = np.arange(len(self.texts.numbers))
        lengths = np.where(row_of < 0, 0, self.starts[row_of + 1] - self.starts[row_of])
        return self.pairs(row_of[row_of >= 0])[1], lengths

    def pairs(self, rows: Rows) -> tuple[Rows, CodeArray]:
        """Every value of ``rows`` (c,): positions in ``rows``, once for each value, and the codes there."""
        first, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        at = np.repeat(np.arange(len(rows)), lengths)
        # The place of each value among its row's own, then from the beginning of the row.
        place = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return at, self.codes[first[at] + place]

    @cached_property
    def _rows_by_code(self) -> tuple[Rows, NDArray[np.int64]]:
        """The rows of every value, one value after the other, and where each value's rows begin."""
        rows = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        order = np.argsort(self.codes, kind="stable")
        counts = np.bincount(self.codes, minlength=len(self.values))
        return rows[order], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _coded(counted: Mapping[str, int]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Each value in its most frequent spelling, in alphabetical order, and codes by key.

    Order and ties depend on the values alone, so that a column that followed many changes is the same as one
    that is read anew.
    """
    best: dict[str, tuple[int, str]] = {}
    for text, count in counted.items():
        key = value_key(text)
        if key and (key not in best or (count, text) > best[key]):
            best[key] = (count, text)
    keys = sorted(best)
    return tuple(best[key][1] for key in keys), {key: code for code, key in enumerate(keys)}


def _codes_of(code_of: Mapping[str, int], wanted: Iterable[str]) -> list[int]:
    return [code_of[key] for key in map(value_key, wanted) if key in code_of]
