"""One foreign word in an English query: "sac blue"."""

from __future__ import annotations

from collections.abc import Sequence

from search.language.lexicon import FUNCTION_WORDS, GARMENT_NAMES, SHADES
from search.language.spelling import may_be_misspelt


def is_foreign_noun(word: str, words: Sequence[str], *, is_english: bool, is_noun_first: bool) -> bool:
    """Whether a noun of some language that English has as well is the foreign one among these words.

    It stands beside an English colour. One that English shoppers ask for (``is_english``) has to lead in the
    order of a language with ``is_noun_first``: "robe blue" is a dress, "blue robe" a robe.
    """
    # "Anything but red" asks for no Polish shoe.
    if word in FUNCTION_WORDS:
        return False
    at = words.index(word)
    follows, leads = words[at + 1 : at + 2], words[max(at - 1, 0) : at]
    if is_english:
        return is_noun_first and at == 0 and _are_colours(follows)
    is_beside = _are_colours(follows) or _are_colours(leads)
    return is_beside and not may_be_misspelt(word, GARMENT_NAMES)


def _are_colours(words: Sequence[str]) -> bool:
    return any(word in SHADES for word in words)
