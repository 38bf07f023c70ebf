"""Prices as feeds write them: "15.00 USD", "1.234,50 EUR", "$1,299.00", "CHF 1'250.-"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import unescape

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.currencies import currency_of, is_code
from catalog.sources.feeds.values.numbers import NotANumber, TwoReadings, normalised, number_of, spans
from catalog.sources.money import decimals

_PRICE_LENGTH = 60
_LONGEST_NOTHING = 12
_DASHES = ("-", "–", "—")
# With words about a tax; a cell of a megabyte would keep the patterns busy for minutes.
_STATED_LENGTH = 200
# What programs and people write into a cell that has no value.
_NOTHING = {"n/a", "na", "n.a.", "#n/a", "#n/v", "null", "none", "nil", "-", "--", "–", "—", "\\n"}
# "incl. 19% VAT", "inkl. 19 % MwSt. zzgl. Versand", "dont TVA 20%": the rate of a tax that the amount holds.
_TAX_RATE = re.compile(
    r"\(?\s*\b(?:incl|inkl|inc|including|inklusive|dont|iva|tva|mwst|ust|vat|gst|btw|moms|tax)\b[^\d%()]{0,20}"
    r"\d{1,2}(?:[.,]\d{1,2})?\s?%(?P<after>[^\d%]{0,40})$",
    re.IGNORECASE,
)


# As accountants write it: (12.00), and 12.00- of systems that put the sign behind.
_NEGATIVE = re.compile(
    r"\([^\w(]{0,3}\d[\d.,'\s]*[^\w)]{0,3}\)|[^\d-]{0,5}\d[\d.,']*[.,]\d{2}\s?[-−](?:\s\D{1,5})?"
)
# The least price of a product's variants is what a product costs here as well.
_FROM = re.compile(
    r"^(?:ab|from|starting (?:from|at)|à partir de|a partir de|dès|desde|a partire da|da|vanaf|od|fra|från)"
    r"\s+(?=\D{0,6}\d)",
    re.IGNORECASE,
)
_PER_PIECE = re.compile(
    r"\s*(?:/|\b(?:per|pro|par|por|je)\b)\s*(?:pcs?|pieces?|pairs?|pair|unit|item|each|stück|stk|paar|pièce|paire|"
    r"pezzo|unidad|sztuk[aę]?|szt)\.?$|\s+each$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Price:
    """An amount and the ISO code of its currency, "" where none is stated."""

    amount: Decimal
    currency: str


def parse_price(
    text: str, *, decimal: str = "", currency: str = "", default: str = "", column: str = "price"
) -> Price | None:
    """The price that ``text`` states; None for an empty text.

    ``decimal`` is the decimal mark of the column, "" where that is not known. ``currency`` is what another
    column states for this row, ``default`` the shop's own. Raises InvalidProduct, naming column and value.
    """
    text = normalised((unescape(text) if "&" in text else text).strip())
    if not text or is_nothing(text):
        return None
    refused = f"the {column} {text[:_PRICE_LENGTH]!r}"
    if _NEGATIVE.fullmatch(text[:_PRICE_LENGTH]):
        raise InvalidProduct(f"{refused} is below 0")
    if len(text) <= _STATED_LENGTH:
        # A shift-JIS file has a backslash in the place of the yen sign.
        text = _PER_PIECE.sub("", _FROM.sub("", text)).replace("\\", "¥").strip()
    if len(text) > _STATED_LENGTH:
        raise InvalidProduct(f"{refused} is not one amount")
    text = _without_rate(text) if "%" in text else text
    if "%" in text:
        raise InvalidProduct(f"{refused} is a share, not an amount")
    found = spans(text) if len(text) <= _PRICE_LENGTH else []
    if len(found) != 1:
        raise InvalidProduct(f"{refused} is not one amount")
    start, end = found[0]
    code = _currency(f"{text[:start]} {text[end:]}", currency, default, refused)
    try:
        amount = number_of(text[start:end], decimal, fraction_digits=decimals(code or default))
    except NotANumber:
        raise InvalidProduct(f"{refused} is not one amount") from None
    except TwoReadings:
        raise InvalidProduct(
            f"{refused} can be read in two ways; --decimal says which mark begins the decimals"
        ) from None
    return Price(amount, code)


def in_major_units(price: Price, default: str, column: str) -> Price:
    """49.99 for 4999 cents. Raises InvalidProduct for an amount that has a fraction already."""
    if price.amount != price.amount.to_integral_value():
        raise InvalidProduct(f"the {column} {str(price.amount)!r} is no whole number of the smallest unit")
    return Price(price.amount.scaleb(-decimals(price.currency or default)), price.currency)


def _without_rate(text: str) -> str:
    """Without the rate of a tax and the words about it; a currency that follows stays."""
    rate = _TAX_RATE.search(text)
    if rate is None:
        return text
    words = [word.strip(".,;:()") for word in rate["after"].split()]
    return " ".join([text[: rate.start()], *filter(_names_currency, words)])


def _names_currency(word: str) -> bool:
    return is_code(word) or any(unicodedata.category(char) == "Sc" for char in word)


def is_nothing(text: str) -> bool:
    """Whether a cell says in words that it is empty: "n/a", "-", "NULL"."""
    text = text.strip()
    return len(text) <= _LONGEST_NOTHING and _is_nothing(text)


@lru_cache(maxsize=4096)
def _is_nothing(text: str) -> bool:
    # "$ -" is how spreadsheets show an amount of nothing.
    return text.casefold() in _NOTHING or ((text[-1:] in _DASHES or text[:1] in _DASHES) and _is_dash(text))


def _is_dash(text: str) -> bool:
    """Whether dashes and the signs of currencies are all that it holds."""
    beside = "".join(text.split()).strip("-–—")
    return bool(text) and all(unicodedata.category(char) == "Sc" for char in beside)


def _currency(beside: str, stated: str, default: str, refused: str) -> str:
    """The code that the text beside the number names, within what another column states."""
    try:
        code = currency_of(beside.strip(), stated or default)
    except InvalidProduct as error:
        raise InvalidProduct(f"{refused}: {error}") from None
    if code and stated and code != stated:
        raise InvalidProduct(f"{refused} is in {code}, but the currency is stated as {stated}")
    return code or stated
