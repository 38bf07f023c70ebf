"""One JSON array of products, alone or in an object: [{...}] or {"total": 1, "products": [{...}]}."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TextIO

from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.formats.delimited import MAX_CELL
from catalog.sources.feeds.formats.json_lines import rows_of
from catalog.sources.feeds.rows import Row

_CHUNK = 1 << 18
# What an object may say of its list before it: texts and numbers, but none that a product begins with, whose
# lists are its own.
_PRODUCTS_OWN = r"(?i:id|sku|title|name|product_id|external_id|code|handle|gtin|ean)"
_TEXT = r'"(?:[^"\\]|\\.){0,200}"'
_ABOUT = rf'(?!"{_PRODUCTS_OWN}"){_TEXT}\s*:\s*(?:{_TEXT}|[-\w.+]{{1,40}})\s*,\s*'
_BEGIN = re.compile(
    rf"\ufeff?\s*(?:\{{\s*(?:{_ABOUT}){{0,20}}"
    r'"(?:products|items|results|rows|offers|entries|records|data|catalog|catalogue)"\s*:\s*)?\['
)
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=str)


def is_array(start: str) -> bool:
    """Whether a file with this start is an array, and no object on each line."""
    first, _, rest = start.lstrip("\ufeff \t\r\n").partition("\n")
    # No comma parts two lines, whose objects may have lists too.
    is_lines = first.rstrip().endswith("}") and rest.lstrip().startswith("{")
    return not is_lines and bool(_BEGIN.match(start))


def array_rows(file: TextIO) -> Iterator[Row | Rejected]:
    """The rows of an array, object by object. Raises SourceError where it breaks off or is no JSON."""
    text = file.read(_CHUNK)
    begin = _BEGIN.match(text)
    at, line = (begin.end() if begin else 0), 1
    line += text.count("\n", 0, at)
    while True:
        after = _after_blanks(text, at)
        line += text.count("\n", at, after)
        at = after
        if text.startswith("]", at):
            return
        try:
            record, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            is_too_long = len(text) - at > MAX_CELL
            more = "" if is_too_long else file.read(_CHUNK)
            if not more:
                reason = "a product is too long or is no JSON" if is_too_long else str(error)[:120]
                raise SourceError(
                    f"The feed's JSON breaks off or is damaged: {reason}.", permanent=True
                ) from error
            text, at = text[at:] + more, 0
            continue
        yield from rows_of(record, line)
        line += text.count("\n", at, end)
        at = end


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at
