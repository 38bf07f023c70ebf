"""A row of a feed, whatever its format: values by column name."""

from __future__ import annotations

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


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by column, those of repeated columns and elements together, without empty ones."""
    cells: dict[str, list[str]] = {}
    for name, value in pairs:
        if value and not value.isspace():
            cells.setdefault(name, []).append(value)
    return cells
