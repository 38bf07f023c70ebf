"""Prices as feeds write them: "15.00 USD", "1.234,50 EUR", "$1,299", "CHF 1'250.-"."""

from __future__ import annotations

import re
from decimal import Decimal

from catalog.sources.base import InvalidProduct

SYMBOLS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "zł": "PLN",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "₩": "KRW",
}
# ISO 4217 currencies with three decimals; in every other one, three digits after a mark are thousands.
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}

_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_NUMBER = re.compile(r"-?\d[\d.,'’\s\u00a0\u202f]*")
_PRICE_LENGTH = 60


def parse_price(text: str) -> tuple[Decimal | None, str]:
    """The amount and the ISO currency ("" where none is stated) of a price; (None, "") for an empty text.

    The later of two different marks is the decimal one. A single mark with exactly three digits after
    it separates thousands ("1.234" is 1234), unless a lone zero stands before it. Raises InvalidProduct.
    """
    text = text.strip()
    if not text:
        return None, ""
    numbers = _NUMBER.findall(text) if len(text) <= _PRICE_LENGTH else []
    if len(numbers) != 1:
        raise InvalidProduct(f"the price {text[:_PRICE_LENGTH]!r} is not one amount")
    currency = _currency(text)
    return Decimal(_plain(re.sub(r"['’\s]", "", numbers[0]).rstrip(".,"), currency)), currency


def _currency(text: str) -> str:
    code = _CODE.search(text)
    if code:
        return code.group()
    return next((code for symbol, code in SYMBOLS.items() if symbol in text), "")


def _plain(number: str, currency: str) -> str:
    """Digits with at most one point."""
    marks = [mark for mark in number if mark in ".,"]
    if not marks:
        return number
    decimal = marks[-1]
    thousands = "," if decimal == "." else "."
    if marks.count(decimal) > 1:
        if thousands in marks:
            raise InvalidProduct(f"the price {number!r} is not one amount")
        return number.replace(decimal, "")
    whole, _mark, fraction = number.rpartition(decimal)
    grouped = len(fraction) == 3 and whole.lstrip("-") not in ("", "0") and len(whole.lstrip("-")) <= 3
    if thousands not in marks and grouped and currency not in THREE_DECIMALS:
        return whole + fraction
    return f"{whole.replace(thousands, '')}.{fraction}"
