"""A column as the shop states it, each distinct value once: what codes are derived from, and updated with."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.vectors import Rows

Entry = TypeVar("Entry", bound=Hashable)


@dataclass(frozen=True)
class Texts(Generic[Entry]):
    """``entries[numbers[row]]`` is what a product states; the first entry is that of a row without one."""

    entries: tuple[Entry, ...]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, stated: Sequence[Entry], missing: Entry) -> Self:
        known = {missing: 0}
        numbers = [known.setdefault(each, len(known)) for each in stated]
        return cls(tuple(known), np.array(numbers, np.int32))

    def counted(self) -> dict[Entry, int]:
        """How many rows state each entry, without those that none states any more."""
        counts = np.bincount(self.numbers, minlength=len(self.entries)).tolist()
        return {entry: count for entry, count in zip(self.entries, counts, strict=True) if count}

    def taken(self, rows: Rows) -> Self:
        """Of these rows, in their order; -1 is a row without a product."""
        return type(self)(self.entries, np.where(rows >= 0, self.numbers[rows], np.int32(0)))

    def replaced(self, rows: Rows, stated: Sequence[Entry]) -> Self:
        """With other values at these rows; the same object where they are what it holds already."""
        before = [self.entries[number] for number in self.numbers[rows].tolist()]
        if before == list(stated):
            return self
        known = {entry: number for number, entry in enumerate(self.entries)}
        numbers = self.numbers.copy()
        numbers[rows] = [known.setdefault(each, len(known)) for each in stated]
        return type(self)(tuple(known), numbers)


class TextCollector(Generic[Entry]):
    """Gathers a column row by row; only rows that state something cost memory."""

    def __init__(self, missing: Entry) -> None:
        self._known = {missing: 0}
        self._rows, self._numbers = array("q"), array("i")

    def add(self, row: int, stated: Entry) -> None:
        number = self._known.setdefault(stated, len(self._known))
        if number:
            self._rows.append(row)
            self._numbers.append(number)

    def __len__(self) -> int:
        return len(self._rows)

    def texts(self, count: int) -> Texts[Entry]:
        numbers = np.zeros(count, np.int32)
        numbers[np.array(self._rows, np.int64)] = np.array(self._numbers, np.int32)
        return Texts(tuple(self._known), numbers)


def numbered(texts: Texts[Entry], code_of: Mapping[Entry, int]) -> NDArray[np.int32]:
    """(n,) the code of each row's entry, -1 for one without a code."""
    codes = np.array([code_of.get(entry, -1) for entry in texts.entries], np.int32)
    return codes[texts.numbers]
