"""English words that were written as one or in two, and things joined by a sign: "blackdress", "foot wear",
"dress & heels".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from search.language.lexicon import (
    COMPLEMENTS,
    DESCRIBING,
    FASHION_WORDS,
    GARMENTS,
    GENDER_OF,
    SHADE_OF,
    SHADES,
    USUAL_NAMES,
    VALID_WORDS,
)
from search.language.tokens import fold, phrase_key, stem

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 3
# "Sports wear", "men's wear": anything may stand before it.
_WEAR = "wear"
_SIGNS = {"&": "and", "+": "and", "/": "or"}
_SIGN = re.compile(r"(?<=[^\W\d_])\s*([&+/])\s*(?=[^\W\d_][^\W\d_]|[^\W\d_]-)")
_COMMA = re.compile(r"(?<=[^\W\d_])\s*,\s*(?:and\s+|or\s+)?(?=[^\W\d_])")
_LAST_WORD = re.compile(r"(?:\b[^\W\d_]-)?[^\W\d_]+$")
_FIRST_WORD = re.compile(r"(?:[^\W\d_]-)?[^\W\d_]+")
_PAIR = re.compile(r"(?<!\S)([^\W\d_]+)[ -]([^\W\d_]+)(?!\S)")
_COLOURS = {stem(colour) for colour in SHADES} | SHADE_OF.keys()


def in_two(text: str, is_word: Callable[[str], bool]) -> str:
    """``text`` with each word in two that is none and consists of two, of which one is a garment.

    ``is_word`` says of a folded word whether anything knows it.
    """
    return _WORD.sub(lambda match: _parted(match.group(), is_word), text)


def _parted(word: str, is_word: Callable[[str], bool]) -> str:
    folded = fold(word)
    if len(folded) != len(word) or stem(folded) in VALID_WORDS:
        return word
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    found = [cut for cut in cuts if _are_words(stem(folded[:cut]), stem(folded[cut:]))]
    return f"{word[: found[-1]]} {word[found[-1] :]}" if found and not is_word(folded) else word


def _are_words(first: str, second: str) -> bool:
    is_garment = first in GARMENTS or second in GARMENTS or second == _WEAR
    return is_garment and all(each in VALID_WORDS or each in _COLOURS for each in (first, second))


def in_one(text: str, is_word: Callable[[str], bool], is_phrase: Callable[[str], bool]) -> str:
    """``text`` with each two words in one that are the name of a thing together: "foot wear", "rain-coat".

    ``is_word`` says of a folded word whether anything knows it, ``is_phrase`` of two whether a product has
    them.
    """
    at = 0
    while match := _PAIR.search(text, at):
        first, second = fold(match[1]), fold(match[2])
        is_one = (
            is_one_thing(first, second)
            # "A belt to wear over shorts" is about no overshorts.
            and not (first in COMPLEMENTS and match.start())
            and is_word(first + second)
            and not is_phrase(match.group())
        )
        at = match.end() if is_one else match.end(1)
        if is_one:
            text, at = f"{text[: match.end(1)]}{text[match.start(2) :]}", at - 1
    return text


def is_one_thing(first: str, second: str) -> bool:
    """Whether two folded words are in one the name of a thing: "swim suit", which is no suit."""
    word, is_usual = first + second, phrase_key(f"{first} {second}") in USUAL_NAMES
    if is_usual:
        return False
    return word in FASHION_WORDS and (stem(word) in GARMENTS or phrase_key(word) in USUAL_NAMES)


def joined_by_words(text: str) -> str:
    """``text`` with "and" or "or" for a sign between two things: "dress & heels", "skirt/dress".

    Between other words it may be part of a name.
    """
    return _SIGN.sub(lambda match: f" {_SIGNS[match[1]]} " if _joins_things(match) else match.group(), text)


def listed_by_words(text: str) -> str:
    """English ``text`` with "and" for a comma between two things: "shirts, blue jeans and shoes"."""
    return _COMMA.sub(lambda match: " and " if _lists_things(match) else match.group(), text)


def _lists_things(comma: re.Match[str]) -> bool:
    before, behind = _LAST_WORD.search(comma.string, 0, comma.start()), comma.string[comma.end() :]
    things = (word.replace("-", "") for word in re.findall(r"(?:\b[^\W\d_]-)?[^\W\d_]+|\S", fold(behind)))
    first = next((stem(each) for each in things if not _describes(stem(each))), "")
    return before is not None and {first, stem(fold(before.group()).replace("-", ""))} <= GARMENTS


def _describes(word: str) -> bool:
    return word not in GARMENTS and (word in DESCRIBING or word in _COLOURS or word in GENDER_OF)


def _joins_things(sign: re.Match[str]) -> bool:
    before = _LAST_WORD.search(sign.string, 0, sign.start())
    behind = _FIRST_WORD.match(sign.string, sign.end())
    return all(each and stem(fold(each.group()).replace("-", "")) in GARMENTS for each in (before, behind))
