"""Ages, by which clothes for children are sized: "12-18 months", "12-18M", "3-4 Jahre", "8 year old"."""

from __future__ import annotations

import re

from search.language.lexicon import phrases
from search.language.patterns import any_of
from search.language.tokens import words

MONTHS, YEARS = "months", "years"
_NUMBERS = r"\d{1,2}(?:\s?[-\u2013/]\s?\d{1,2})?"
# The words of the units: "years", "old", "ans".
UNIT_WORDS = frozenset(
    word for name in (MONTHS, YEARS) for phrase in phrases("readings", name) for word in words(phrase)
)
_UNITS = {name: any_of(phrases("readings", name)) for name in (MONTHS, YEARS)}
# As a part of a larger pattern: it has no groups.
AGE = (
    rf"{_NUMBERS}[\s-]?(?:{'|'.join(_UNITS.values())})"
    rf"(?![\s-](?:{any_of(phrases('readings', 'guarantees'))})(?!\w))"
)
_AGES = {name: re.compile(rf"({_NUMBERS})[\s-]?(?:{units})\.?") for name, units in _UNITS.items()}
# A size of a thing: "8 years", "6y". "8 years old" and "8 yo" are said of people, and "2 m" may be a length.
_UNITS_OF_SIZES = {
    name: any_of(
        unit
        for unit in phrases("readings", name)
        if unit == "y" or (len(unit) > 1 and unit.isalpha() and unit != "yo")
    )
    for name in (MONTHS, YEARS)
}
_OF_THING = re.compile(
    rf"{_NUMBERS}[\s-]?(?:{_UNITS_OF_SIZES[MONTHS]})"
    rf"|(?P<years>\d{{1,2}})(?:\s?[-\u2013/]\s?\d{{1,2}})?[\s-]?(?:{_UNITS_OF_SIZES[YEARS]})"
)
_GUARANTEED = re.compile(rf"(?:{any_of(phrases('readings', 'guarantees'))})\W*$")
# From this age on, in years, people wear adults' things.
GROWN_UP = 16
# "Ab 3 Jahre": from an age on. Which sizes are larger is not known of ages, so that none is read.
_FROM = re.compile(rf"(?<!\w)(?:{any_of(phrases('prices', 'from'))})\s+$")


def are_from_one_on(text: str, start: int, end: int) -> bool:
    """Whether the characters are an age behind a word for "from"."""
    return bool(_FROM.search(text, 0, start) and re.match(rf"{AGE}(?!\w)", text[start:end]))


def is_of_thing(text: str, start: int, end: int) -> bool:
    """Whether the characters are an age that sizes a thing, at the end of the text: "shirt 8 years"."""
    age = _OF_THING.fullmatch(text, start, end)
    if age is None or text[end:].strip(" .!?") or _FROM.search(text, 0, start):
        return False
    return int(age["years"] or 0) < GROWN_UP and not _GUARANTEED.search(text, 0, start)


def parts_of(size: str) -> frozenset[str]:
    """The numbers of an age in lower case and its unit in English; nothing for a size that is none."""
    for unit, pattern in _AGES.items():
        if match := pattern.fullmatch(size.strip()):
            return frozenset([*re.findall(r"\d+", match[1]), unit])
    return frozenset()
