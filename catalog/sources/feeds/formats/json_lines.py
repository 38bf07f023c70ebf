"""JSON Lines: one object on each line; variants within one become rows of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TextIO

from catalog.attributes import column_name
from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.formats.delimited import MAX_CELL
from catalog.sources.feeds.formats.json_variants import expanded
from catalog.sources.feeds.languages import is_language
from catalog.sources.feeds.rows import Row, grouped

# No currency divides its unit further.
MAX_DECIMALS = 4


def json_rows(file: TextIO) -> Iterator[Row | Rejected]:
    """Every row. Raises SourceError for a feed that breaks off within a line."""
    line = 0
    while text := file.readline(MAX_CELL):
        line += 1
        if len(text) == MAX_CELL and not text.endswith("\n"):
            while (rest := file.readline(MAX_CELL)) and not rest.endswith("\n"):
                continue
            yield Rejected(line, "", f"longer than {MAX_CELL:,} characters")
        elif text.strip():
            yield from _json_rows(text.lstrip("\ufeff"), line)


def _json_rows(text: str, line: int) -> Iterator[Row | Rejected]:
    try:
        record = json.loads(text, parse_float=Decimal, parse_constant=str)
    # Deep nesting overflows the parser's stack; a number of 5,000 digits is a ValueError.
    except (ValueError, RecursionError) as error:
        if line > 1 and not text.endswith("\n"):
            raise SourceError(f"The feed breaks off within line {line:,}.", permanent=True) from error
        yield Rejected(line, "", f"not valid JSON: {str(error)[:120]}")
        return
    yield from rows_of(record, line)


def rows_of(record: Any, line: int) -> Iterator[Row | Rejected]:
    """The row of an object, or those of its variants."""
    if not isinstance(record, dict):
        yield Rejected(line, "", "not a JSON object")
        return
    for each in expanded(record):
        pairs = (
            (column_name(name), text)
            for stated in each.items()
            for name, value in _by_language(*stated)
            for text in _texts(value)
        )
        yield Row(line, grouped(pairs))


def _by_language(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """title_en and title_de for a title of {"en": ..., "de": ...}."""
    if isinstance(value, dict) and value and all(is_language(key) for key in value):
        yield from ((f"{name}_{language}", text) for language, text in value.items())
    else:
        yield name, value


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, dict):
        return _texts_of_object(value)
    return [plain_number(value) if isinstance(value, Decimal) else str(value)]


# What an object states in the place of a text, by the names that shops' interfaces use.
_AMOUNTS = ("amount", "price", "value", "centAmount")
# How many of an amount's digits are decimals: it is in cents.
_SCALES = ("precision", "fractionDigits", "fraction_digits", "exponent", "scale", "decimals")
_CURRENCIES = ("currencyCode", "currency_code", "currency", "priceCurrency")
_VALUES = ("src", "url", "href", "link", "value", "name", "title", "label", "status")


def _texts_of_object(value: dict[str, Any]) -> list[str]:
    """An object that stands for one value: a price with its currency, a picture, a name."""
    currency = next((str(value[name]) for name in _CURRENCIES if value.get(name)), "")
    amount = next(
        (value[name] for name in _AMOUNTS if isinstance(value.get(name), str | int | Decimal)), None
    )
    amounts = [value[name] for name in _AMOUNTS if name in value]
    if currency and amounts and not any(stated is not None for stated in amounts):
        return []
    if currency and amount is not None and (major := _in_major_units(amount, value)) is not None:
        return [f"{text} {currency}" for text in _texts(major)]
    for name in _VALUES:
        if isinstance(value.get(name), str) and value[name]:
            return [value[name]]
    return [json.dumps(value, ensure_ascii=False, default=str)]


def _in_major_units(amount: str | int | Decimal, stated: dict[str, Any]) -> str | int | Decimal | None:
    """49.99 for 4999 with two decimals; None for cents of which nobody says how many make a whole."""
    scale = next((stated[name] for name in _SCALES if isinstance(stated.get(name), int)), None)
    if scale is None:
        return None if "centAmount" in stated else amount
    is_whole = str(amount).lstrip("-").isdecimal()
    return Decimal(amount).scaleb(-scale) if is_whole and 0 <= scale <= MAX_DECIMALS else amount


def plain_number(number: Decimal) -> str:
    """Without an exponent, and never with exactly three decimals, which in a text may be thousands."""
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return str(number)
    text = f"{number:f}"
    return f"{text}0" if text[-4:-3] == "." else text
