"""Prices whose numbers are words: "under fifty", "less than two hundred euros", "unter fünfunddreißig"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from search.language import patterns
from search.language.languages import codes, data
from search.language.lexicon import ALL_JOINERS, phrases
from search.language.patterns import Price, any_of
from search.language.tokens import fold

# A word, as it is written and folded -> its number.
_NUMBERS = {
    spelling: number
    for code in codes()
    for written, number in data(code)["prices"].get("numbers", {}).items()
    for word in written.split("|")
    for spelling in (word, fold(word))
}


def _between(low: int, high: int) -> str:
    found = sorted((word for word, number in _NUMBERS.items() if low <= number < high), key=len, reverse=True)
    return rf"(?:{any_of(found)})"


_UNIT, _SMALL, _TENS, _LARGE = _between(1, 10), _between(1, 100), _between(20, 100), _between(100, 10_000)
_AND = rf"(?:{any_of(sorted(ALL_JOINERS))})"
# "Thirty-five", and "fünfunddreißig", which has no blanks.
_BELOW_HUNDRED = rf"(?:{_TENS}[\s-]?{_UNIT}(?!\w*{_AND}{_TENS})|{_UNIT}{_AND}{_TENS}|{_SMALL})"
_HUNDREDS = rf"(?:{_BELOW_HUNDRED}[\s-]?)?{_LARGE}"
# "Between a hundred and two hundred" has two numbers, "two hundred and fifty" is one.
_REST = rf"(?:[\s-]?|\s?{_AND}\s?){_BELOW_HUNDRED}(?![\s-]?{_LARGE})"
# A number below ten counts pieces or layers more often: it needs a currency, or it is an age.
_COUNTED = any_of(
    word
    for name in (("prices", "currencies"), ("readings", "years"), ("readings", "months"))
    for phrase in phrases(*name)
    if len(word := phrase.split()[0]) > 1
)
_AGED = any_of(
    word
    for name in ("years", "months")
    for phrase in phrases("readings", name)
    if len(word := phrase.split()[0]) > 1
)
_COUNTING_UNIT = rf"{_UNIT}(?=[\s-]?(?:{_COUNTED})\b)"
_NUMERAL = re.compile(
    rf"(?<![\w-])(?:{_HUNDREDS}(?:[\s-]?{_HUNDREDS})?(?:{_REST})?"
    rf"|{_COUNTING_UNIT}|(?!{_UNIT}(?!\w|-)){_BELOW_HUNDRED})"
    # "Three-year-old", and "achtjährig" in one word.
    rf"(?=-(?:{_COUNTED})\b|(?:{_AGED})\b|(?![\w-])|-(?:{_SMALL}))"
)
_WORD = re.compile(_between(1, 10_000))


def prices(text: str, decimals: int = 2) -> Iterator[Price]:
    """As ``patterns.prices``, with the offsets of ``text``, also of numbers in words."""
    lower = patterns.lowered(text)
    for price in patterns.prices(in_figures(lower), decimals):
        # The blanks before a further figure are letters of its word.
        further = (each.start() for each in _NUMERAL.finditer(lower) if each.start() < price.end < each.end())
        yield replace(price, start=start_of(lower, price.start), end=next(further, price.end))


def in_figures(text: str) -> str:
    """Text in lower case with figures for numbers in words; as long as those, so that every offset stands."""
    return _NUMERAL.sub(lambda numeral: str(_value(numeral.group())).rjust(len(numeral.group())), text)


def is_number(word: str) -> bool:
    """Whether a folded word is a number that a price may have: "zweihundert"."""
    return _NUMERAL.fullmatch(word) is not None


def start_of(text: str, at: int) -> int:
    """Where the number in words begins that has the character ``at`` of a text in lower case; else ``at``."""
    numerals = (each.start() for each in _NUMERAL.finditer(text) if each.start() < at < each.end())
    return next(numerals, at)


def _value(numeral: str) -> int:
    """Of words in the order of English or German: 235 of "two hundred thirty-five"."""
    thousands = number = 0
    for word in _WORD.findall(numeral):
        value = _NUMBERS[word]
        if value < 100:
            number += value
        elif value == 100:
            number = max(number, 1) * value
        else:
            thousands, number = thousands + max(number, 1) * value, 0
    return thousands + number
