"""Excel workbooks (.xlsx): the first sheet that has rows, as if it were a CSV."""

from __future__ import annotations

import csv
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError  # nosec B405 - the error that openpyxl raises; nothing is parsed

from defusedxml.common import DefusedXmlException
from django.conf import settings
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.sources.base import SourceError
from catalog.sources.feeds.formats.json_lines import plain_number

# The bytes of all its parts: a workbook of 100,000 rows has some 100 MB.
MAX_PARTS = 2 * 2**30
MAX_COLUMNS = 500


@contextmanager
def as_csv(path: Path) -> Iterator[Path]:
    """The workbook's first sheet with rows as a CSV in UTF-8, gone afterwards. Raises SourceError."""
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_PARTS:
            raise SourceError("The workbook is too large; export it as CSV.", permanent=True)
    folder: Path = settings.DATA_DIR / "feeds"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".csv", encoding="utf-8", newline="") as copy:
        try:
            csv.writer(copy).writerows(_rows(path))
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            KeyError,
            ValueError,
            ParseError,
            DefusedXmlException,
        ) as error:
            message = f"The workbook cannot be read ({error}); export it as CSV."
            raise SourceError(" ".join(message.split())[:300], permanent=True) from error
        copy.flush()
        yield Path(copy.name)


def _rows(path: Path) -> Iterator[list[str]]:
    with warnings.catch_warnings(), path.open("rb") as file:
        # Styles and extensions that openpyxl does not know do not matter here.
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            sheets = (list_of for sheet in book.worksheets if (list_of := sheet.iter_rows(values_only=True)))
            for rows in sheets:
                wrote = False
                for row in rows:
                    cells = [_text(value) for value in row[:MAX_COLUMNS]]
                    if any(cells):
                        wrote = True
                        yield cells
                if wrote:
                    return
        finally:
            book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # As Excel shows it: 12.5 is stored as the nearest binary number.
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 1e15
            else plain_number(Decimal(repr(value)))
        )
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)
