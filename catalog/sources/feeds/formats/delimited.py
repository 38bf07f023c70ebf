"""CSV and TSV: the separator and the header are found, whatever stands before them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import TextIO

from catalog.attributes import column_name
from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.rows import Row, grouped

# Longer cells are a sign of a quote that was never closed.
MAX_CELL = 2_000_000
# How far down a header may stand: below a title, comments or a second header for people.
HEADER_ROWS = 12
_SEPARATORS = "\t,;|"
# Read behind the last line: within a cell it shows that the quote of this cell was never closed.
_END = "\0end of the feed"
_STATED = re.compile(r'\s*"?sep=(.)"?\s*\Z', re.IGNORECASE)

IsHeader = Callable[[Collection[str]], bool]

# Process-wide, but only ever raised: the default of 131,072 refuses real descriptions.
csv.field_size_limit(MAX_CELL)


class Delimited:
    """The rows of a CSV. ``is_header`` tells by the column names whether a row can be the header; where none
    can, the first row that is no comment is it. ``columns`` holds the names, and how they are written.
    """

    def __init__(self, start: str, is_header: IsHeader) -> None:
        self._is_header = is_header
        lines = start.splitlines(keepends=True)
        stated = _STATED.match(lines[0].rstrip("\r\n")) if lines else None
        self._skipped = 1 if stated else 0
        lines = lines[self._skipped :]
        self.separator = stated.group(1) if stated else self._separator(lines)
        self._header_row = self._find_header(lines)
        self.columns: dict[str, str] = {}

    def rows(self, file: TextIO) -> Iterator[Row | Rejected]:
        """Every row. Raises SourceError for a feed that breaks off within one."""
        for _line in islice(file, self._skipped):
            continue
        written: list[str] = []  # the lines of one row
        reader = csv.reader(_noted(chain(file, (_END,)), written), delimiter=self.separator)
        header: list[str] = []
        line, number = 1, 0
        while True:
            try:
                cells = next(reader)
            except csv.Error as error:
                begun = written[0].split(self.separator)
                yield _refused(header, begun, self._skipped + line, f"{error}; is a quote left open?")
                yield from self._swallowed(header, written, self._skipped + line)
            else:
                if cells == [_END]:
                    return
                if _is_cut(header, cells, written):
                    yield from self._last(header, cells, written, self._skipped + line)
                    return
                if not any(cell.strip() for cell in cells):
                    pass
                elif not header:
                    if number == self._header_row:
                        header, number = self._set_header(cells), -1
                    number += 1
                elif number or not _is_about_columns(header, cells):
                    number = 1
                    yield (row := _row(header, cells, self._skipped + line))
                    if isinstance(row, Rejected):
                        yield from self._swallowed(header, written, self._skipped + line)
            line = reader.line_num + 1
            written.clear()

    def _last(
        self, header: list[str], cells: list[str], written: list[str], line: int
    ) -> Iterator[Row | Rejected]:
        """What the feed ends with, where that is no whole row. Raises SourceError where it breaks off; a
        quote that was never closed costs its own row alone.
        """
        swallowed = list(self._swallowed(header, written, line))
        if not swallowed:
            raise SourceError(
                f"The feed breaks off within the row that begins on line {line:,}.", permanent=True
            )
        yield _refused(header, cells, line, "a quote is left open")
        yield from swallowed

    def _swallowed(self, header: list[str], written: list[str], line: int) -> Iterator[Row]:
        """The lines behind the first of a row that are rows of their own: an open quote swallows them."""
        for place, each in enumerate(written[1:], line + 1):
            if each != _END and len(each) < MAX_CELL:
                row = _row(header, next(csv.reader([each], delimiter=self.separator)), place)
                if isinstance(row, Row):
                    yield row

    def _set_header(self, cells: list[str]) -> list[str]:
        names = _names(cells)
        self.columns = {name: _written(cell) for name, cell in zip(names, cells, strict=True) if name}
        return names

    def _separator(self, lines: list[str]) -> str:
        """The one that makes a header of one of the first rows, else the most frequent."""
        for separator in sorted(_SEPARATORS, key=lambda mark: -sum(line.count(mark) for line in lines[:3])):
            if any(self._is_header(names) for names in _first_rows(lines, separator)):
                return separator
        counted = [re.sub(r'"[^"]*"', "", line) for line in lines if not line.startswith("#")][:1]
        return max(_SEPARATORS, key=(counted or [""])[0].count)

    def _find_header(self, lines: list[str]) -> int:
        """How many rows that are not blank stand before the header."""
        rows = list(_first_rows(lines, self.separator))
        fitting = [number for number, names in enumerate(rows) if self._is_header(names)]
        if not fitting:
            # A title fills one cell, a header most of them.
            written = [
                (len(list(filter(None, names))), -number)
                for number, names in enumerate(rows)
                if not names[0].startswith("#")
            ]
            return -max(written, default=(0, 0))[1]
        first = fitting[0]
        # A header for people may stand above the one for programs.
        return first + 1 if first + 1 in fitting and _is_second_header(rows[first + 1]) else first


def _noted(lines: Iterable[str], written: list[str]) -> Iterator[str]:
    for line in lines:
        written.append(line)
        yield line


def _is_cut(header: list[str], cells: list[str], written: list[str]) -> bool:
    """Whether the feed ends within this row: in a quoted cell, or in a line without an end and with too few
    cells. One cell alone may be a remark.
    """
    is_open = bool(cells) and cells[-1].endswith(_END)
    return is_open or (1 < len(cells) < len(header) and not written[-1].endswith(("\n", "\r")))


def _is_second_header(names: list[str]) -> bool:
    return all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names if name)


def _first_rows(lines: list[str], separator: str) -> Iterator[list[str]]:
    """The cells of the first rows as column names; those of a comment keep their "#"."""
    reader = csv.reader(lines, delimiter=separator)
    found = 0
    while found < HEADER_ROWS:
        try:
            cells = next(reader, None)
        except csv.Error:
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            found += 1
            names = _names(cells)
            yield [f"#{names[0]}", *names[1:]] if _written(cells[0]).startswith("# ") else names


def _names(cells: list[str]) -> list[str]:
    return [column_name(_written(cell).removeprefix("#")) for cell in cells]


def _is_about_columns(header: list[str], cells: list[str]) -> bool:
    """Whether the row below the header explains the columns: a comment, or words where a price stands."""
    if _written(cells[0]).startswith("# "):
        return True
    stated = dict(zip(header, cells, strict=False))
    return bool(stated.get("price", "").strip()) and not any(map(str.isdigit, "".join(cells)))


def _written(cell: str) -> str:
    return cell.lstrip("\ufeff").strip()


def _row(header: list[str], cells: list[str], line: int) -> Row | Rejected:
    # Spreadsheets leave off or add empty cells at the end of a row.
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) == len(header):
        return Row(line, grouped(zip(header, cells, strict=True)))
    problem = f"{len(cells)} cells under {len(header)} columns; is a quote or a separator missing?"
    return _refused(header, cells, line, problem)


def _refused(header: list[str], cells: list[str], line: int, problem: str) -> Rejected:
    texts = tuple(cell.strip()[:80] for cell in cells)
    return Rejected(line, texts[0] if header[:1] == ["id"] else "", problem, possible_ids=texts)
