"""English words that were written as one: "blackdress" asks for a black dress."""

from __future__ import annotations

import re
from collections.abc import Callable

from search.language.lexicon import GARMENTS, SHADE_OF, SHADES, VALID_WORDS
from search.language.tokens import fold, stem

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 3
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
    is_garment = first in GARMENTS or second in GARMENTS
    return is_garment and all(each in VALID_WORDS or each in _COLOURS for each in (first, second))
