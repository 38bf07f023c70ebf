"""A feed as a file on this machine, in whatever format; its rows can be read more than once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.formats.delimited import Delimited, IsHeader
from catalog.sources.feeds.formats.encodings import CHUNK, declared_encoding, detect_encoding
from catalog.sources.feeds.formats.json_array import array_rows, is_array
from catalog.sources.feeds.formats.json_lines import json_rows
from catalog.sources.feeds.formats.packing import is_workbook, unpacked
from catalog.sources.feeds.formats.workbook import as_csv
from catalog.sources.feeds.formats.xml_items import xml_rows
from catalog.sources.feeds.rows import Row

# Encodings that a file shows for sure; any other was guessed.
_CERTAIN = {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
_PAGE = 20


class FeedFile:
    """``columns`` is filled while rows are read: names by column_name, and as they are written.

    ``guessed`` is the encoding, where it is only likely. Raises SourceError where the whole cannot be read.
    """

    def __init__(self, path: Path, *, encoding: str, is_header: IsHeader) -> None:
        self._path = path
        self.encoding = encoding or detect_encoding(path)
        self.guessed = "" if encoding or self.encoding in _CERTAIN else self.encoding
        self.columns: dict[str, str] = {}
        with self._open() as file:
            start = file.read(CHUNK)
        text = start.lstrip("\ufeff \t\r\n")
        self._is_xml, self._is_json = text.startswith("<"), text.startswith(("{", "["))
        if text[:_PAGE].lower().startswith(("<!doctype html", "<html")):
            raise SourceError(
                "This is a web page (HTML), not a feed; a login or an error page perhaps.", permanent=True
            )
        self._is_array = is_array(text)
        self._table = None if self._is_xml or self._is_json else Delimited(start, is_header)
        declared = declared_encoding(start, is_utf=not self.guessed) if self._is_xml and not encoding else ""
        if declared:
            self.encoding, self.guessed = declared, ""

    def rows(self) -> Iterator[Row | Rejected]:
        with self._open() as file:
            if self._is_xml:
                yield from self._named(xml_rows(file))
            elif self._table is None:
                yield from self._named(array_rows(file) if self._is_array else json_rows(file))
            else:
                for row in self._table.rows(file):
                    self.columns = self._table.columns
                    yield row
                self.columns = self._table.columns

    def _open(self) -> TextIO:
        return self._path.open(encoding=self.encoding, errors="replace", newline="")

    def _named(self, rows: Iterator[Row] | Iterator[Row | Rejected]) -> Iterator[Row | Rejected]:
        for row in rows:
            if isinstance(row, Row):
                self.columns.update((name, name) for name in row.cells if name not in self.columns)
            yield row


@contextmanager
def opened(path: Path, *, encoding: str = "", is_header: IsHeader) -> Iterator[FeedFile]:
    """The feed in ``path``, unpacked where it is packed. Raises SourceError, OSError for the file."""
    if path.stat().st_size == 0:
        raise SourceError("The feed is empty.", permanent=True)
    with ExitStack() as stack:
        plain = stack.enter_context(unpacked(path))
        if is_workbook(plain):
            plain, encoding = stack.enter_context(as_csv(plain)), "utf-8"
        if plain.stat().st_size == 0:
            raise SourceError("The feed is empty.", permanent=True)
        yield FeedFile(plain, encoding=encoding, is_header=is_header)
