"""Regular expressions for prices and stock in a query, English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from search.language.lexicon import DANGLING, LEADING

_NUMBER = r"(?:€|\$|£|eur\s)?\s?(\d{1,6}(?:[.,]\d{1,2})?)\s?"
_MONEY = r"(?:€|\$|£|(?:eur|euros?|usd|dollars?|gbp|pounds?)\b)"
# "under 40 denier" states no price.
_NO_UNIT = r"(?![\w%-]|[.,]\d|\s?(?:%|cm|mm|denier|den|inch|ml|years?|jahre|kg|oz)\b)"
_AMOUNT = rf"{_NUMBER}(?:{_MONEY}|{_NO_UNIT})"
_RANGES = (
    re.compile(rf"\b(?:from|between|von|zwischen)\s+{_NUMBER}{_MONEY}?\s*(?:to|and|bis|und|-)\s*{_AMOUNT}"),
    # Without "from" or "between" only a currency makes it a price: "20-40" may be sizes.
    re.compile(rf"(?<![\w.])(\d{{1,6}}(?:[.,]\d{{1,2}})?)\s?(?:-|to|bis)\s?{_NUMBER}{_MONEY}"),
)
_BELOW = re.compile(
    r"(?:\b(?:under|below|less than|cheaper than|up to|at most|no more than|not more than|max(?:imum|imal)?"
    rf"|unter|bis zu|bis|höchstens|weniger als|günstiger als)\.?|<=?)\s*{_AMOUNT}"
)
# "from 1969" is a style, "from 20 eur" a price.
_ABOVE = re.compile(
    rf"(?:\b(?:over|above|more than|at least|min(?:imum|destens)?|über|mehr als)\.?|>=?)\s*{_AMOUNT}"
    rf"|\b(?:from|ab)\s+{_NUMBER}{_MONEY}"
)
IN_STOCK = re.compile(r"\b(?:in stock|available now|auf lager|sofort lieferbar)\b")


@dataclass(frozen=True)
class Price:
    """One or both limits of a price range, with the character offsets of the words that state it."""

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int


def prices(text: str) -> Iterator[Price]:
    """The price limits that a text states: one range, or an upper and a lower limit."""
    # lower(), since casefold() may change the length and with it every offset.
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for pattern in _RANGES:
        if match := pattern.search(lowered):
            low, high = sorted(_amount(each) for each in match.groups())
            yield Price(low, high, *match.span())
            return
    if match := _BELOW.search(lowered):
        yield Price(None, _amount(match.group(1)), *match.span())
    if match := _ABOVE.search(lowered):
        yield Price(_amount(match.group(1) or match.group(2)), None, *match.span())


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def trim_connectives(text: str) -> str:
    """``text`` with single spaces, without the connectives that led to words cut out of it."""
    left = re.sub(r"\s+([,;.!?])", r"\1", " ".join(text.split())).strip(" ,;.!-&")
    parts = left.split()
    while parts and parts[-1].strip(",;.").lower() in DANGLING:
        parts.pop()
    while parts and parts[0].strip(",;.").lower() in LEADING:
        parts.pop(0)
    return " ".join(parts).strip(" ,;")
