"""JSON Lines: one object on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TextIO

from catalog.attributes import column_name
from catalog.sources.base import Rejected
from catalog.sources.feeds.formats.delimited import MAX_CELL
from catalog.sources.feeds.rows import Row, grouped


def json_rows(file: TextIO) -> Iterator[Row | Rejected]:
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
    return Row(line, grouped(pairs))


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, dict):
        return [json.dumps(value, ensure_ascii=False, default=str)]
    return [plain_number(value) if isinstance(value, Decimal) else str(value)]


def plain_number(number: Decimal) -> str:
    """Without an exponent, and never with exactly three decimals, which in a text may be thousands."""
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    text = f"{number:f}"
    return f"{text}0" if text[-4:-3] == "." else text
