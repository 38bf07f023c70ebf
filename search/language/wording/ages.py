"""Ages, by which clothes for children are sized: "12-18 months", "12-18M", "3-4 Jahre", "8 year old"."""

from __future__ import annotations

import re

from search.language.lexicon import phrases
from search.language.patterns import any_of

MONTHS, YEARS = "months", "years"
_NUMBERS = r"\d{1,2}(?:\s?[-\u2013/]\s?\d{1,2})?"
_UNITS = {name: any_of(phrases("readings", name)) for name in (MONTHS, YEARS)}
# As a part of a larger pattern: it has no groups.
AGE = (
    rf"{_NUMBERS}[\s-]?(?:{'|'.join(_UNITS.values())})"
    rf"(?![\s-](?:{any_of(phrases('readings', 'guarantees'))})(?!\w))"
)
_AGES = {name: re.compile(rf"({_NUMBERS})[\s-]?(?:{units})\.?") for name, units in _UNITS.items()}
# "Ab 3 Jahre": from an age on. Which sizes are larger is not known of ages, so that none is read.
_FROM = re.compile(rf"(?<!\w)(?:{any_of(phrases('prices', 'from'))})\s+$")


def are_from_one_on(text: str, start: int, end: int) -> bool:
    """Whether the characters are an age behind a word for "from"."""
    return bool(_FROM.search(text, 0, start) and re.match(rf"{AGE}(?!\w)", text[start:end]))


def parts_of(size: str) -> frozenset[str]:
    """The numbers of an age in lower case and its unit in English; nothing for a size that is none."""
    for unit, pattern in _AGES.items():
        if match := pattern.fullmatch(size.strip()):
            return frozenset([*re.findall(r"\d+", match[1]), unit])
    return frozenset()
