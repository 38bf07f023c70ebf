"""Regular expressions for prices, stock, sales and sizes in a query, from the phrases of every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from search.language.languages import codes, data
from search.language.lexicon import ALL_ALTERNATIVES, ALL_NEGATORS, DANGLING, LEADING, phrases
from search.language.tokens import fold


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in words)


_CURRENCY = _any_of(phrases("prices", "currencies"))
# "1,000", "1.000,00", "49.90" and "1k".
_FIGURE = r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,2})?(?:k\b)?)"
_NUMBER = rf"(?:[€$£₺₹]|\b(?:{_CURRENCY})\b\.?)?\s?({_FIGURE})\s?"
_MONEY = rf"(?:[€$£₺₹]|[,.][-\u2013](?!\d)|(?:{_CURRENCY})\b)"
# "under 40 denier" states no price.
_UNITS = (
    "%|cm|mm|denier|den|inch|ml|years?|jahre|años|ans|anni|anos|jaar|lat|yaş|kg|oz"
    "|days?|hours?|weeks?|months?|tagen?"
)
_NO_UNIT = rf"(?![\w%-]|[.,]\d|\s?(?:{_UNITS})\b)"
_AMOUNT = rf"{_NUMBER}(?:{_MONEY}|{_NO_UNIT})"
# Behind an amount, a Turkish ending may follow it: "50'den", "50 TL'ye".
_AMOUNT_BEFORE = rf"(?<![\w.]){_NUMBER}(?:{_MONEY})?(?:['\u2019]?\s?)"
# Only a currency makes a number a price where the words alone may say something else.
_SURE_AMOUNT = rf"(?:[€$£₺₹]|\b(?:{_CURRENCY})\b\.?)\s?({_FIGURE})(?![\w.])|{_NUMBER}{_MONEY}"
# "About 20 euros" is up to a quarter more or less.
_ABOUT = Decimal("0.25")
_CENT = Decimal("0.01")


def _ranges() -> list[tuple[str, str]]:
    pairs = [tuple(pair) for code in codes() for pair in data(code)["prices"]["range"]]
    return list(dict.fromkeys([*pairs, *((fold(a), fold(b)) for a, b in pairs)]))


_RANGES = (
    *(
        re.compile(rf"\b{re.escape(low)}\s+{_NUMBER}{_MONEY}?\s*{re.escape(high)}\s*{_AMOUNT}")
        for low, high in _ranges()
    ),
    # Without words in front only a currency makes it a price: "20-40" may be sizes.
    re.compile(
        rf"(?<![\w.]){_NUMBER}(?:{_MONEY})?\s?"
        rf"(?:-|\u2013|{_any_of(sorted({high for _low, high in _ranges()}))})\s?(?:{_SURE_AMOUNT})"
    ),
)
# "100 or under 50" states another price behind the words.
_NO_OTHER = rf"\b(?!\s?(?:[€$£₺₹]|(?:{_CURRENCY})\b)?\s?\d)"
_BELOW = re.compile(
    rf"(?:\b(?:{_any_of(phrases('prices', 'below'))})\.?|<=?)\s*{_AMOUNT}"
    rf"|{_AMOUNT_BEFORE}(?:{_any_of(phrases('prices', 'below_after'))}){_NO_OTHER}"
)
# "from 1969" is a style, "from 20 eur" a price.
_ABOVE = re.compile(
    rf"(?:\b(?:{_any_of(phrases('prices', 'above'))})\.?|>=?)\s*{_AMOUNT}"
    rf"|\b(?:{_any_of(phrases('prices', 'from'))})\s+{_NUMBER}{_MONEY}"
    rf"|{_AMOUNT_BEFORE}(?:{_any_of(phrases('prices', 'above_after'))}){_NO_OTHER}"
)
# Directly before a limit, as in "not more than 30".
_NEGATOR = re.compile(rf"\b(?:{_any_of(sorted(ALL_NEGATORS))})\s*$")
_NEAR = re.compile(rf"\b(?:{_any_of(phrases('prices', 'near'))})\.?\s*(?:{_SURE_AMOUNT})")
IN_STOCK = re.compile(rf"\b(?:{_any_of(phrases('readings', 'in_stock'))})\b")
ON_SALE = re.compile(rf"\b(?:{_any_of(phrases('readings', 'on_sale'))})\b")
CHEAPER = re.compile(rf"\b(?:{_any_of(phrases('readings', 'cheaper'))})\b")
_SIZE_NUMBER = r"\d{1,3}(?:[.,]5|/\d{1,3})?"
# "UK 9" and "XL" are sizes wherever they stand; "M" and "9" only beside a word for size.
_SURE_SIZE = rf"(?:eu|uk|us)\s?{_SIZE_NUMBER}|x{{1,4}}[sl]|\d?xl"
_SIZE_NAME = rf"{_SURE_SIZE}|{_SIZE_NUMBER}|[sml]"
SIZE = re.compile(
    rf"\b(?:{_any_of(phrases('readings', 'size'))})\s*({_SIZE_NAME})(?![\w-])"
    rf"|(?<![\w.])({_SIZE_NAME})\s+(?:{_any_of(phrases('readings', 'size_after'))})\b"
    rf"|(?<![\w.-])({_SURE_SIZE})(?![\w-])"
)
_SIZED = re.compile(rf"\b(?:{_any_of(phrases('readings', 'size'))})\s*$")


@dataclass(frozen=True)
class Price:
    """One or both limits of a price range, with the character offsets of the words that state it; none of a
    range with a gap ("under 20 or over 50"), which no filter can say.
    """

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int


def lowered(text: str) -> str:
    """``text`` in lower case where that keeps every offset, as casefold() would not."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def prices(text: str) -> Iterator[Price]:
    """The price limits that a text states: one range, or an upper and a lower limit."""
    text = lowered(text)
    if not any(map(str.isdigit, text)):
        return
    for pattern in _RANGES:
        if match := pattern.search(text):
            low, high = sorted(_amount(each) for each in match.groups() if each)
            yield Price(low, high, *match.span())
            return
    if match := _NEAR.search(text):
        near = _stated(match)
        yield Price(_rounded(near * (1 - _ABOUT)), _rounded(near * (1 + _ABOUT)), *match.span())
        return
    yield from _without_gap(list(_limits(text)), text)


def _limits(text: str) -> Iterator[Price]:
    """An upper and a lower limit, each where it is stated."""
    for pattern, is_upper in ((_BELOW, True), (_ABOVE, False)):
        if match := _price(pattern, text):
            negator, amount = _NEGATOR.search(text, 0, match.start()), _stated(match)
            low, high = (None, amount) if is_upper is (negator is None) else (amount, None)
            yield Price(low, high, (negator or match).start(), match.end())
            # "moins de 50 €" ends like "de 50 €".
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]


def _without_gap(limits: list[Price], text: str) -> list[Price]:
    """The limits, or their words alone where "or" stands between two that leave a gap."""
    lows = [each.low for each in limits if each.low is not None]
    highs = [each.high for each in limits if each.high is not None]
    if not lows or not highs or lows[0] <= highs[0]:
        return limits
    first, second = sorted(limits, key=lambda each: each.start)
    is_either = text[first.end : second.start].strip() in ALL_ALTERNATIVES
    return [Price(None, None, first.start, second.end)] if is_either else limits


def _price(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The match of a pattern, unless its number is a size: "size 40 or more"."""
    match = pattern.search(text)
    return None if match is None or _SIZED.search(text, 0, match.start()) else match


def _stated(match: re.Match[str]) -> Decimal:
    return _amount(next(group for group in match.groups() if group))


def _amount(text: str) -> Decimal:
    """The number of "49,90", "1.000", "1,000.00" or "1k"."""
    if text.endswith("k"):
        return _rounded(1000 * _amount(text.removesuffix("k")))
    *thousands, last = re.split("[.,]", text)
    is_fraction = bool(thousands) and len(last) < 3
    return Decimal("".join(thousands) + ("." if is_fraction else "") + last)


def _rounded(price: Decimal) -> Decimal:
    """To cents, without trailing zeros: the value is shown on a chip."""
    cents = price.quantize(_CENT)
    return cents.quantize(Decimal(1)) if cents == cents.to_integral() else cents


def trim_connectives(text: str) -> str:
    """``text`` with single spaces, without the connectives that led to words cut out of it."""
    left = re.sub(r"\s+([,;.!?])", r"\1", " ".join(text.split())).strip(" ,;.!-&")
    parts = left.split()
    while parts and parts[-1].strip(",;.").lower() in DANGLING:
        parts.pop()
    while parts and parts[0].strip(",;.").lower() in LEADING:
        parts.pop(0)
    return " ".join(parts).strip(" ,;")
