"""A row of a feed, whatever its format: values by column name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """The line a product starts on, and its stated values by column name, each a list of texts."""

    line: int
    cells: dict[str, list[str]]

    def first(self, *columns: str) -> str:
        """The first value of the first of these columns that has one, without surrounding blanks."""
        return next((self.cells[name][0].strip() for name in columns if name in self.cells), "")

    def all(self, *columns: str) -> Iterator[str]:
        """Every value of these columns, in their order."""
        return (value for name in columns for value in self.cells.get(name, ()))


# What programs write into a cell that has no value, or whose formula failed.
_EMPTY = frozenset({
    "null", "n/a", "#n/a", "nan", "\\n", "#n/v", "#nv", "#ref!", "#value!", "#name?", "#div/0!", "#num!",
    "#null!", "#wert!", "#bezug!", "#valeur!", "#nom?", "#¡ref!", "#¡valor!",
})  # fmt: skip
_LONGEST = max(map(len, _EMPTY))
# ="0012" and '0012 keep a spreadsheet from taking a text for a number.
_TEXT_FORMULA = re.compile(r'\s*="([^"]*)"\s*')
_TEXT_NUMBER = re.compile(r"\s*'(\d+)\s*")


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by column, those of repeated columns and elements together, without empty ones."""
    cells: dict[str, list[str]] = {}
    for name, value in pairs:
        if value and not value.isspace():
            # Few cells begin so, and every cell of every feed passes here.
            text = _unquoted(value) if value[0] in "#nN\\='" else value
            if text:
                cells.setdefault(name, []).append(text)
    return cells


def _unquoted(value: str) -> str:
    """What a spreadsheet shows in the cell, "" for nothing."""
    if len(value) <= _LONGEST and value.strip().casefold() in _EMPTY:
        return ""
    found = _TEXT_FORMULA.fullmatch(value) or _TEXT_NUMBER.fullmatch(value)
    return found.group(1).strip() if found else value
