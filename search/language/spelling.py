"""Spelling correction: the nearest known word by bounded edit distance over a vocabulary with counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_BIT = {letter: np.uint64(1 << place) for place, letter in enumerate(_ALPHABET)}
_OTHER_BIT = np.uint64(1 << len(_ALPHABET))


# Up to _SHORT letters, words are close together; from _LONG on two mistakes are plain.
_SHORT, _LONG, _SHORTEST = 4, 9, 3
_VOWELS = "aeiou"
_KEYBOARDS = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("qwertzuiop", "asdfghjkl", "yxcvbnm"))


class Speller:
    """Corrects single words against ``counts`` (folded word -> in how many products it occurs).

    Of words equally near, one of the ``likely`` is what was meant: "shrt" is a shirt, however many are short.
    """

    def __init__(self, counts: Mapping[str, int], likely: Collection[str] = frozenset()) -> None:
        self._likely = likely
        self._words = [word for word in counts if len(word) >= 3 and not any(map(str.isdigit, word))]
        self._counts = np.array([counts[word] for word in self._words], dtype=np.int64)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int64)
        self._letters = np.array([_letters(word) for word in self._words], dtype=np.uint64)

    def correct(self, word: str) -> str:
        """The most used of the nearest words, or "" when none is near enough.

        One edit is allowed from four letters on, two from seven on and then only with the same first letter,
        since people rarely mistype it. Of three letters one may be missing or two swapped. The distance is
        optimal string alignment (Boytsov 2011): a letter too many, missing or replaced, or two neighbours
        swapped, is one edit.
        """
        allowed = 0 if len(word) < 3 or any(map(str.isdigit, word)) else 1 if len(word) < 7 else 2
        if not allowed or not self._words:
            return ""
        ranked = [
            (distance, known not in self._likely, edits(word, known), -int(self._counts[place]), known)
            for place in self._candidates(word, allowed)
            if (distance := _distance(word, known := self._words[place])) <= allowed
            and (distance == 1 or known[0] == word[0])
            and (len(word) > 3 or _is_slip(word, known))
        ]
        return min(ranked)[-1] if ranked else ""

    def _candidates(self, word: str, allowed: int) -> NDArray[np.int64]:
        """Positions of the words that their length and set of letters do not rule out."""
        # A letter that is missing of a double one is no mistake of its own (_distance).
        allowed = max(allowed, 2) if len(word) > _SHORT + 1 else allowed
        near = np.abs(self._lengths - len(word)) <= allowed
        # Each edit replaces at most one letter by another, so it changes at most two bits of the set.
        near &= np.bitwise_count(self._letters ^ _letters(word)) <= 2 * allowed
        return np.flatnonzero(near)


def is_typical(word: str, meant: str) -> bool:
    """Whether ``word`` is ``meant`` with a mistake that people make often enough to be sure of it.

    Many short words are one letter apart ("togs", "tops"): of those a letter may be missing, doubled or
    swapped with the next, or be its neighbour on the keyboard. Two mistakes need a long word, or to be in the
    vowels alone: "sandles" sounds like "sandals".
    """
    if len(word) >= _LONG:
        return True
    if _distance(word, meant) > 1:
        return _consonants(word) == _consonants(meant)
    if len(word) > _SHORT or _is_slip(word, meant):
        return True
    at = next(
        (place for place, pair in enumerate(zip(word, meant, strict=False)) if pair[0] != pair[1]), len(meant)
    )
    if len(word) > len(meant):
        return len(meant) > _SHORTEST and word[at] in word[max(at - 1, 0) : at] + word[at + 1 : at + 2]
    return meant[at] in _neighbours(word[at])


@lru_cache(maxsize=4096)
def may_be_misspelt(word: str, among: frozenset[str]) -> bool:
    """Whether a word is one of ``among`` with a single typical mistake: "dres" is a dress to many."""
    return any(edits(word, meant) == 1 and is_typical(word, meant) for meant in among)


def _distance(word: str, meant: str) -> int:
    """The edits from one to the other, up to 2 and else more. Those beside a letter that is written once for
    twice, or twice for once, count alone in a word that is not short: "legins" is "leggings".
    """
    distance = edits(word, meant)
    is_long = len(word) > _SHORT + 1 and word[0] == meant[0]
    if distance != 2 or not is_long:
        return distance
    typed, single = _single(word), _single(meant)
    # Another letter in the place of one may be another word: "chiton" is no "chiffon".
    is_other = len(typed) == len(single) and typed != single
    return distance if is_other else max(1, edits(typed, single))


def edits(word: str, meant: str) -> int:
    """The edits from one to the other, up to 2 and else 3."""
    return int(OSA.distance(word, meant, score_cutoff=2))


@lru_cache(maxsize=65_536)
def _single(word: str) -> str:
    """A word with every doubled letter once."""
    return "".join(letter for letter, _run in groupby(word))


def _consonants(word: str) -> str:
    return _single("".join(letter for letter in word if letter not in _VOWELS))


def _neighbours(letter: str) -> str:
    """The letters around one on the keyboards in use."""
    around = ""
    for rows in _KEYBOARDS:
        row = next((number for number, keys in enumerate(rows) if letter in keys), None)
        if row is not None:
            place = rows[row].index(letter)
            for keys in rows[max(row - 1, 0) : row + 2]:
                around += keys[max(place - 1, 0) : place + 2]
    return around


def _is_slip(word: str, meant: str) -> bool:
    """Whether a letter is missing or two are swapped, none wrong: short words are close together."""
    return len(meant) > len(word) or sorted(meant) == sorted(word)


def _letters(word: str) -> np.uint64:
    """The set of letters of ``word`` as bits."""
    bits = np.uint64(0)
    for letter in word:
        bits |= _BIT.get(letter, _OTHER_BIT)
    return bits
