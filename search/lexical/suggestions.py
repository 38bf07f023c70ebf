"""Completions for the search box, from the completions file of one index version."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from search.language.spelling import Speller
from search.language.tokens import phrase_key, words
from search.language.translation import TRANSLATE_ALL
from search.lexical.completions import Completion
from search.lexical.files import COMPLETIONS, FOLDER

MAX_SUGGESTIONS = 8
# Some completions are the same search in other forms, so more are ranked than are shown.
_MAX_CANDIDATES = 4 * MAX_SUGGESTIONS
# Sorts after every letter, so that bisect finds the end of a prefix's range.
_LAST = "\U0010ffff"


class Suggestions:
    """Completions by the start of any of their words; immutable, so that threads share it."""

    def __init__(self, completions: Sequence[Completion]) -> None:
        self._completions = completions
        folded = [" ".join(words(completion.text)) for completion in completions]
        # (the text from a word on, the completion's number, whether the word is a later one)
        suffixes = sorted(
            (text[start:], number, start > 0)
            for number, text in enumerate(folded)
            for start in _word_starts(text)
        )
        self._suffixes = [suffix for suffix, _number, _is_later in suffixes]
        self._numbers = np.array([number for _suffix, number, _is_later in suffixes], np.int64)
        self._is_later = np.array([is_later for _suffix, _number, is_later in suffixes], bool)
        self._counts = np.array([completion.count for completion in completions], np.float64)
        self._speller = Speller(
            {word: each.count for each in reversed(completions) for word in words(each.text)}
        )

    @classmethod
    def load(cls, folder: Path) -> Suggestions:
        """Those of a version of the index; none where it was built without."""
        file = folder / FOLDER / COMPLETIONS
        rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        return cls([Completion(**row) for row in rows])

    def complete(self, text: str, searches: Sequence[Completion] = ()) -> list[Completion]:
        """Up to eight completions of ``text``, from the catalogue's and from ``searches``.

        Those that begin with it come first, then past searches, then the most used. Without a match, the
        words are translated, then corrected.
        """
        typed = " ".join(words(text))
        if not typed:
            return []
        found = self._matching(typed, searches) or self._matching(TRANSLATE_ALL.translated(typed), searches)
        if not found and (corrected := self._corrected(typed)) != typed:
            found = self._matching(corrected, searches)
        return found

    def _matching(self, typed: str, searches: Sequence[Completion]) -> list[Completion]:
        past = [search for search in searches if f" {typed}" in f" {_folded(search)}"]
        candidates = [*past, *(self._completions[number] for number in self._candidates(typed))]
        kept: dict[str, Completion] = {}
        for completion in sorted(candidates, key=lambda candidate: _sort_key(candidate, typed)):
            kept.setdefault(phrase_key(completion.text), completion)
        return list(kept.values())[:MAX_SUGGESTIONS]

    def _candidates(self, typed: str) -> list[int]:
        """Numbers of the completions with a word that starts like this, the best ones only."""
        span = slice(bisect_left(self._suffixes, typed), bisect_left(self._suffixes, typed + _LAST))
        numbers, is_later = self._numbers[span], self._is_later[span]
        order = np.lexsort((numbers, -self._counts[numbers], is_later))
        return list(dict.fromkeys(int(number) for number in numbers[order[:_MAX_CANDIDATES]]))

    def _corrected(self, typed: str) -> str:
        return " ".join(self._speller.correct(word) or word for word in typed.split())


def _word_starts(text: str) -> Iterator[int]:
    if text:
        yield 0
    yield from (place + 1 for place, letter in enumerate(text) if letter == " ")


def _folded(completion: Completion) -> str:
    return " ".join(words(completion.text))


def _sort_key(completion: Completion, typed: str) -> tuple[bool, bool, int, str]:
    begins = _folded(completion).startswith(typed)
    return not begins, completion.kind != "search", -completion.count, completion.text
