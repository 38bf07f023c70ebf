"""Rows out of a feed file, whatever its encoding and format: CSV, TSV, JSON Lines or XML with <item>s."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from catalog.attributes import column_name
from catalog.sources.base import Rejected, SourceError

# Longer cells are a sign of a quote that was never closed.
MAX_CELL = 2_000_000
CHUNK = 1 << 16

# Process-wide, but only ever raised: the default of 131,072 refuses real descriptions.
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Row:
    """The line a product starts on, and its stated values by column name, each a list of texts."""

    line: int
    cells: dict[str, list[str]]


def read_rows(path: Path, *, check_header: Callable[[list[str]], None]) -> Iterator[Row | Rejected]:
    """Every row of the feed in ``path``, streamed. Raises SourceError where the whole cannot be read.

    ``check_header`` is given the column names of a CSV or TSV and may refuse them.
    """
    if path.stat().st_size == 0:
        raise SourceError("The feed is empty.", permanent=True)
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        start = file.read(CHUNK).lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        yield from _xml_rows(path)
        return
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        if start.startswith("{"):
            yield from _json_rows(file)
        elif start.startswith("["):
            raise SourceError(
                "The feed is one JSON array. Write one object on each line instead.", permanent=True
            )
        else:
            yield from _delimited_rows(file, start, check_header)


def detect_encoding(path: Path) -> str:
    """From the byte order mark, else UTF-16 by its zeros, else UTF-8, else Windows-1252 (and Latin-1)."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if head[1::2].count(0) > len(head) // 4:
            return "utf-16-le"
        if head[0::2].count(0) > len(head) // 4:
            return "utf-16-be"
        file.seek(0)
        return "utf-8" if _is_utf8(iter(lambda: file.read(CHUNK), b"")) else "cp1252"


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _is_utf8(chunks: Iterable[bytes]) -> bool:
    """Whether most of what is not ASCII reads as UTF-8: one damaged byte must not garble every umlaut."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = beyond_ascii = 0
    for chunk in chunks:
        text = decoder.decode(chunk)
        if not text.isascii():
            damaged += text.count("\ufffd")
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return damaged * 2 <= beyond_ascii


def _delimited_rows(
    file: TextIO, start: str, check_header: Callable[[list[str]], None]
) -> Iterator[Row | Rejected]:
    reader = csv.reader(file, delimiter=_delimiter(start))
    header: list[str] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Rejected(line, "", f"{error}; is a quote left open?")
        else:
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                pass
            elif not header:
                header = [column_name(cell.lstrip("\ufeff")) for cell in cells]
                check_header(header)
            elif len(cells) != len(header):
                first = cells[0].strip()[:80]
                problem = (
                    f"{len(cells)} cells under {len(header)} columns; is a quote or a separator missing?"
                )
                yield Rejected(line, first if header[0] == "id" else "", problem)
            else:
                yield Row(line, _grouped(zip(header, cells, strict=True)))
        line = reader.line_num + 1


def _delimiter(start: str) -> str:
    header = re.sub(r'"[^"]*"', "", start.split("\n", 1)[0])
    return max("\t,;|", key=header.count)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by column, those of repeated columns and elements together, without empty ones."""
    cells: dict[str, list[str]] = {}
    for name, value in pairs:
        if value and not value.isspace():
            cells.setdefault(name, []).append(value)
    return cells


def _json_rows(file: TextIO) -> Iterator[Row | Rejected]:
    line = 0
    while text := file.readline(MAX_CELL):
        line += 1
        if len(text) == MAX_CELL and not text.endswith("\n"):
            while (rest := file.readline(MAX_CELL)) and not rest.endswith("\n"):
                continue
            yield Rejected(line, "", f"longer than {MAX_CELL:,} characters")
        elif text.strip():
            yield _json_row(text.lstrip("\ufeff"), line)


def _json_row(text: str, line: int) -> Row | Rejected:
    try:
        record = json.loads(text, parse_float=Decimal, parse_constant=str)
    # Deep nesting overflows the parser's stack; a number of 5,000 digits is a ValueError.
    except (ValueError, RecursionError) as error:
        return Rejected(line, "", f"not valid JSON: {str(error)[:120]}")
    if not isinstance(record, dict):
        return Rejected(line, "", "not a JSON object")
    pairs = ((column_name(name), text) for name, value in record.items() for text in _texts(value))
    return Row(line, _grouped(pairs))


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, dict):
        return [json.dumps(value, ensure_ascii=False, default=str)]
    return [_plain(value) if isinstance(value, Decimal) else str(value)]


def _plain(number: Decimal) -> str:
    """Without an exponent, and never with exactly three decimals, which in a text may be thousands."""
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    text = f"{number:f}"
    return f"{text}0" if text[-4:-3] == "." else text


class _ItemTarget:
    """Collects the direct children of every <item> (RSS) and <entry> (Atom) as the parser passes them."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.rows: list[Row] = []
        self._line = 0
        self._depth = 0  # 0 outside items, 1 in an item, 2 in one of its children, ...
        self._pairs: list[tuple[str, str]] = []
        self._parts: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth:
            self._depth += 1
            if self._depth == 2:
                # Atom writes <link href="..."/>.
                self._parts, self._length = [attributes.get("href", "")], 0
        elif _local(tag) in ("item", "entry"):
            self._depth, self._pairs = 1, []
            self._line = self.parser.parser.CurrentLineNumber

    def data(self, text: str) -> None:
        # Deeper levels belong to groups such as <g:shipping>, whose price is not the product's.
        if self._depth == 2 and self._length < MAX_CELL:
            self._parts.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:
        if not self._depth:
            return
        self._depth -= 1
        if self._depth == 1:
            self._pairs.append((column_name(_local(tag)), "".join(self._parts)))
        elif self._depth == 0:
            self.rows.append(Row(self._line, _grouped(self._pairs)))

    def close(self) -> None:
        """Required by the parser; rows are taken as they come."""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _xml_rows(path: Path) -> Iterator[Row]:
    target = _ItemTarget()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.parser = parser
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                parser.feed(chunk)
                yield from target.rows
                target.rows.clear()
        parser.close()
    except ParseError as error:
        raise SourceError(f"The feed's XML breaks off or is damaged: {error}.", permanent=True) from error
    except DefusedXmlException as error:
        message = "The feed's XML declares a document type or entities, which is refused."
        raise SourceError(message, permanent=True) from error
