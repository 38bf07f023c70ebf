"""Regular expressions for prices, stock and sales in a query, from the phrases of every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from search.language.languages import codes, data
from search.language.lexicon import (
    ALL_ALTERNATIVES,
    ALL_MAKERS,
    ALL_NEGATORS,
    COUNTED,
    DANGLING,
    GENDER_OF,
    KIN,
    LEADING,
    VALID_WORDS,
    phrases,
)
from search.language.tokens import STOP_WORDS, fold, stem, words


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of these words, as they are written."""
    return "|".join(re.escape(word) for word in words)


_CURRENCY = any_of(phrases("prices", "currencies"))
PRICE_NAMES = any_of(phrases("prices", "named"))
# "R$ 50" are Brazilian reais, "A$ 50" Australian dollars.
_SIGN = r"(?:(?:\b(?:r|a|au|c|ca|us|hk|nz|s|mx))?\$|[€£₺₹¥￥₩₪₱₦₫฿])"
# "1,000", "1.000,00", "49.90", "1234.500" and "1k".
_FIGURE = r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,3})?(?:k\b)?)"
# As many blanks as a number in words was longer than its figure (search/language/numerals.py).
_NUMBER = rf"(?:{_SIGN}|\b(?:{_CURRENCY})\b\.?)?\s*({_FIGURE})\s*"
_MONEY = rf"(?:{_SIGN}|[,.][-\u2013](?!\d)|(?:{_CURRENCY})\b)"
# "under 40 denier" states no price.
_UNITS = (
    "%|per\\s?cent|prozent|cm|mm|denier|den|inch|inches|feet|foot|ft|ml|years?|jahren?|años|ans|anni|anos|jaar|lat|yaş|kg|oz|lbs?"
    "|(?:centi|milli)?met(?:er|re)s?|(?:zenti|milli)?metern?|lit(?:er|re)s?|litern?|kilos?|grams?|gramm"
    "|days?|hours?|weeks?|months?|tagen?|monaten?|mois|meses|mesi|maanden|miesięcy|degrees?|grad|pairs?|paare?|pieces?|pcs|stück|packs?"
)
NO_UNIT = rf"(?![\w%-]|[.,]\d|\s?(?:{_UNITS})\b|\s?[\"\u2033°])"
_AMOUNT = rf"{_NUMBER}(?:{_MONEY}|{NO_UNIT})"
# Behind an amount, a Turkish ending may follow it: "50'den", "50 TL'ye".
_AMOUNT_BEFORE = rf"(?<![\w.]){_NUMBER}(?:{_MONEY})?(?:['\u2019]?\s?)"
# Only a currency makes a number a price where the words alone may say something else.
_SURE_AMOUNT = rf"(?:{_SIGN}|\b(?:{_CURRENCY})\b\.?)\s*({_FIGURE})(?![\w.])|{_NUMBER}{_MONEY}"
# "About 20 euros" is up to a quarter more or less.
_ABOUT = Decimal("0.25")
_TRAILING = DANGLING | ALL_MAKERS


def _ranges() -> list[tuple[str, str]]:
    pairs = [tuple(pair) for code in codes() for pair in data(code)["prices"]["range"]]
    return list(dict.fromkeys([*pairs, *((fold(a), fold(b)) for a, b in pairs)]))


def range_words() -> list[str]:
    """What stands between the limits of a range, in any language: "to", "-", "and", "bis"."""
    return sorted({high for _low, high in _ranges()})


_BETWEEN, _BETWEEN_AFTER = (any_of(phrases("prices", name)) for name in ("between", "between_after"))
_RANGES = (
    *(
        re.compile(rf"\b{re.escape(low)}\s+{_NUMBER}{_MONEY}?\s*{re.escape(high)}\s*{_AMOUNT}")
        for low, high in _ranges()
    ),
    # Turkish has the words behind: "50 ile 100 lira arası".
    re.compile(rf"{_AMOUNT_BEFORE}(?:-|\u2013|\b(?:{_BETWEEN})\b)\s*{_AMOUNT_BEFORE}(?:{_BETWEEN_AFTER})\b"),
    # Without words in front only a currency makes it a price: "20-40" may be sizes.
    re.compile(
        rf"(?:{_SIGN}|(?<!\w)(?:{_CURRENCY})\b\.?|(?<![\w-])(?:{PRICE_NAMES})\b:?)\s*({_FIGURE})\s*"
        rf"(?:-|\u2013|{any_of(range_words())})\s*({_FIGURE})(?![\w.])"
    ),
    re.compile(
        rf"(?<![\w.]){_NUMBER}(?:{_MONEY})?\s*"
        rf"(?:-|\u2013|{any_of(range_words())})\s*(?:{_SURE_AMOUNT})"
    ),
)
# "100 or under 50" states another price behind the words.
_NO_OTHER = rf"\b(?!\s?(?:{_SIGN}|(?:{_CURRENCY})\b)?\s?\d)"
_BELOW = re.compile(
    rf"(?:\b(?:{any_of(phrases('prices', 'below'))})\.?|<=?)\s*{_AMOUNT}"
    rf"|{_AMOUNT_BEFORE}(?:{any_of(phrases('prices', 'below_after'))}){_NO_OTHER}"
)
# "from 1969" is a style, "from 20 eur" a price.
_ABOVE = re.compile(
    rf"(?:\b(?:{any_of(phrases('prices', 'above'))})\.?|>=?)\s*{_AMOUNT}"
    rf"|\b(?:{any_of(phrases('prices', 'from'))})\s+{_NUMBER}{_MONEY}"
    rf"|{_AMOUNT_BEFORE}(?:{any_of(phrases('prices', 'above_after'))}){_NO_OTHER}"
    # Without a currency "8+" is an age.
    rf"|(?<![\w.])(?:(?:{_SURE_AMOUNT})\s?\+|{_NUMBER}\+\s?{_MONEY})"
)
_HAS_CURRENCY = re.compile(rf"{_SIGN}|\b(?:{_CURRENCY})\b")
# Directly before a limit, as in "not more than 30".
_NEGATOR = re.compile(rf"\b(?:{any_of(sorted(ALL_NEGATORS))})\s*$")
_NEAR = re.compile(rf"\b(?:{any_of(phrases('prices', 'near'))})\.?\s*(?:{_SURE_AMOUNT})")
# An amount that nothing limits: "shoes for 50 euros", "$20 t-shirt".
_ALONE = re.compile(rf"(?<![\w.])(?:{_SURE_AMOUNT})")
# "For women over 50" states an age.
_AGES = 100
_IN_NAMES = frozenset(phrases("prices", "in_names"))
IN_STOCK = re.compile(rf"\b(?:{any_of(phrases('readings', 'in_stock'))})\b")
_SALE, _OFF = (any_of(phrases("readings", name)) for name in ("on_sale", "off"))
_UP_TO = rf"(?:\b(?:{any_of(phrases('prices', 'below'))})\s)?"
_SHARE = r"(?<![\w.,])(?:-?\d{1,2}\s?(?:%|per\s?cent|prozent)|%\d{1,2})"
# "Up to 20% off", "Kleider 50 % reduziert", "-20%"; "off" and the like say so only behind a share.
ON_SALE = re.compile(
    rf"{_UP_TO}{_SHARE}\s?(?:{_SALE}|{_OFF})\b|\b(?:{_SALE})\b(?:\s{_UP_TO}{_SHARE})?|(?<!\S)-\d{{1,2}}\s?%"
)
CHEAPER = re.compile(rf"\b(?:{any_of(phrases('readings', 'cheaper'))})\b")
SIZE_SYSTEMS = ("eu", "uk", "us")
_SIZE_WORD = rf"\b(?:{any_of((*phrases('readings', 'size'), *SIZE_SYSTEMS))})"
_SIZED = re.compile(rf"{_SIZE_WORD}\s*$")
# "Größe 40 bis 42" goes on with a size, "Größe 40 bis 50 €" with a price.
_SIZED_TO = re.compile(rf"{_SIZE_WORD}\s*[\d.,/]{{1,6}}\s*$")
_TO = re.compile(rf"(?:{any_of(range_words())})\s*\d{{1,3}}\s*$")


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


def prices(text: str, decimals: int = 2) -> Iterator[Price]:
    """The price limits that a text states: one range, or an upper and a lower limit.

    ``decimals`` are those of the shop's prices: with three of them "12.345" is no twelve thousand.
    """
    text = lowered(text)
    if not any(map(str.isdigit, text)):
        return
    for pattern in _RANGES:
        if match := pattern.search(text):
            low, high = sorted(_amount(each, decimals) for each in match.groups() if each)
            yield Price(low, high, *match.span())
            return
    if match := _NEAR.search(text):
        yield _about(match, decimals)
        return
    if limits := list(_limits(text, decimals)):
        yield from _without_gap(limits, text)
    elif match := _ALONE.search(text):
        yield _about(match, decimals)


def _about(match: re.Match[str], decimals: int) -> Price:
    near = _stated(match, decimals)
    low, high = (_rounded(near * share, decimals) for share in (1 - _ABOUT, 1 + _ABOUT))
    return Price(low, high, *match.span())


def _limits(text: str, decimals: int) -> Iterator[Price]:
    """An upper and a lower limit, each where it is stated."""
    for pattern, is_upper in ((_BELOW, True), (_ABOVE, False)):
        if match := _price(pattern, text):
            negator, amount = _NEGATOR.search(text, 0, match.start()), _stated(match, decimals)
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
    """The first match of a pattern whose number is a price."""
    return next((match for match in pattern.finditer(text) if not _is_no_price(match, text)), None)


def _is_no_price(match: re.Match[str], text: str) -> bool:
    """Whether the number is a size ("size 40 or more"); without a currency also a count ("more than 2
    pockets"), an age ("women over 50"), or part of a name ("Air Max 90").
    """
    if _SIZED.search(text, 0, match.start()):
        return True
    if _TO.fullmatch(match.group()) and _SIZED_TO.search(text, 0, match.start()):
        return True
    if _HAS_CURRENCY.search(match.group()):
        return False
    before, behind = words(text[: match.start()])[-1:], words(text[match.end() :])[:1]
    if any(stem(word) in COUNTED for word in behind):
        return True
    is_age = match.re is _ABOVE and _stated(match) < _AGES
    if is_age and any(stem(word) in GENDER_OF or stem(word) in KIN for word in before):
        return True
    may_be_name = not _IN_NAMES.isdisjoint(words(match.group()))
    return may_be_name and any(stem(word) not in VALID_WORDS and word not in STOP_WORDS for word in before)


def _stated(match: re.Match[str], decimals: int = 2) -> Decimal:
    return _amount(next(group for group in match.groups() if group), decimals)


def _amount(text: str, decimals: int) -> Decimal:
    """The number of "49,90", "1.000", "1,000.00" or "1k"; with three decimals "1.000" is one."""
    if text.endswith("k"):
        return _rounded(1000 * _amount(text.removesuffix("k"), decimals), decimals)
    *thousands, last = re.split("[.,]", text)
    marks = re.sub(r"\d", "", text)
    # "1.234.567" has thousands alone: marks that repeat part no fraction. Where prices have three decimals,
    # people write a comma between thousands.
    has_thousandths = decimals == len(last) and marks[-1:] == "." and "." not in marks[:-1]
    is_ungrouped = bool(thousands) and (len(thousands[0]) > 3 or thousands[0] == "0")
    is_fraction = bool(thousands) and (len(last) < 3 or has_thousandths or is_ungrouped)
    return Decimal("".join(thousands) + ("." if is_fraction else "") + last)


def _rounded(price: Decimal, decimals: int) -> Decimal:
    """To the smallest step of prices, without trailing zeros: the value is shown on a chip."""
    steps = price.quantize(Decimal(1).scaleb(-decimals))
    return steps.quantize(Decimal(1)) if steps == steps.to_integral() else steps


def trim_connectives(text: str) -> str:
    """``text`` with single spaces, without the connectives that led to words cut out of it."""
    left = re.sub(r"\s+([,;.!?])", r"\1", " ".join(text.split())).strip(" ,;.!-&/+")
    parts = left.split()
    while parts and parts[-1].strip(",;.").lower() in _TRAILING:
        parts.pop()
    while parts and parts[0].strip(",;.").lower() in LEADING:
        parts.pop(0)
    return " ".join(parts).strip(" ,;")
