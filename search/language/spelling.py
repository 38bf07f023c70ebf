"""The nearest known word to one that nobody uses: bounded edit distance over a vocabulary with counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_BIT = {letter: np.uint64(1 << place) for place, letter in enumerate(_ALPHABET)}
_OTHER_BIT = np.uint64(1 << len(_ALPHABET))


class Speller:
    """Corrects single words against ``counts`` (folded word -> in how many products it occurs)."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = [word for word in counts if len(word) >= 3 and not any(map(str.isdigit, word))]
        self._counts = np.array([counts[word] for word in self._words], dtype=np.int64)
        self._lengths = np.array([len(word) for word in self._words], dtype=np.int64)
        self._letters = np.array([_letters(word) for word in self._words], dtype=np.uint64)

    def correct(self, word: str) -> str:
        """The most used of the nearest words, or "" when none is near enough.

        One edit is allowed from four letters on, two from seven on and then only behind the same first
        letter, since people rarely mistype it; an edit is a letter too many, missing, other, or two swapped.
        """
        allowed = 0 if len(word) < 4 or any(map(str.isdigit, word)) else 1 if len(word) < 7 else 2
        if not allowed or not self._words:
            return ""
        ranked = [
            (distance, -int(self._counts[place]), self._words[place])
            for place in self._plausible(word, allowed)
            if (distance := edit_distance(word, self._words[place], at_most=allowed)) <= allowed
            and (distance == 1 or self._words[place][0] == word[0])
        ]
        return min(ranked)[2] if ranked else ""

    def _plausible(self, word: str, allowed: int) -> NDArray[np.int64]:
        """Positions of words whose length and set of letters do not rule them out: each edit changes at
        most one letter for another, so at most two bits of the set."""
        near = np.abs(self._lengths - len(word)) <= allowed
        near &= np.bitwise_count(self._letters ^ _letters(word)) <= 2 * allowed
        return np.flatnonzero(near)


def _letters(word: str) -> np.uint64:
    bits = np.uint64(0)
    for letter in word:
        bits |= _BIT.get(letter, _OTHER_BIT)
    return bits


def edit_distance(left: str, right: str, *, at_most: int) -> int:
    """Edits between two words, counting two swapped neighbours once (optimal string alignment,
    Boytsov 2011); ``at_most + 1`` as soon as it is sure to be more."""
    if abs(len(left) - len(right)) > at_most:
        return at_most + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        current = [i]
        for j, b in enumerate(right, start=1):
            best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        if min(current) > at_most:
            return at_most + 1
        before, previous = previous, current
    return min(previous[-1], at_most + 1)
