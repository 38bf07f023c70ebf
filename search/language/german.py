"""German read for an English catalogue: colours, garments and what describes them.

The bundled encoder reads English and an English catalogue says "dress", so "rotes Kleid" would find neither.
A German word is read as its English one only where no product has the German word itself: a German catalogue
keeps its own language, and a brand its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.language.german_dictionary import (
    ADJECTIVE_ENDINGS,
    ADJECTIVES,
    BETWEEN,
    FRONTS,
    NOUN_ENDINGS,
    NOUNS,
    SHADES,
)
from search.language.tokens import fold

# Umlauts as they are typed on other keyboards.
_TYPED = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_WORD = re.compile(r"[^\W\d_]+")


def _spellings(word: str) -> Iterator[str]:
    """A German word as it is folded here, and as it is typed where there are no umlauts."""
    yield fold(word)
    yield fold(word.translate(_TYPED))


@dataclass(frozen=True)
class Meaning:
    """What a German word means, and its ground form, folded."""

    english: str
    ground: str


def _inflected(words: Mapping[str, str], endings: Sequence[str]) -> dict[str, Meaning]:
    """Every form of the words; those that are written out win over those that endings make."""
    written = {
        form: Meaning(english, fold(forms.split()[0]))
        for forms, english in words.items()
        for form in forms.split()
    }
    made = {form + ending: meaning for form, meaning in written.items() for ending in endings}
    return {spelling: meaning for form, meaning in (made | written).items() for spelling in _spellings(form)}


_NOUN = _inflected(NOUNS, NOUN_ENDINGS)
_ADJECTIVE = _inflected(ADJECTIVES, ADJECTIVE_ENDINGS)
_FRONT = {spelling: english for word, english in FRONTS.items() for spelling in _spellings(word)}


@lru_cache(maxsize=4096)
def _read(word: str) -> Meaning | None:
    """What one folded German word means, simple or compound; None for any other word."""
    return _ADJECTIVE.get(word) or _NOUN.get(word) or _compound(word)


def _compound(word: str) -> Meaning | None:
    for fronts, behind in ((_FRONT, _NOUN), (SHADES, _ADJECTIVE)):
        for front, english in fronts.items():
            if word.startswith(front) and (rest := behind.get(word.removeprefix(front))):
                return Meaning(f"{english} {rest.english}", front + rest.ground)
    return None


@dataclass(frozen=True)
class German:
    """The German that one catalogue needs help with.

    ``count`` says how many products have a word; ``kept`` holds English readings that the shopper took back.
    """

    count: Callable[[str], int]
    kept: Collection[str] = ()

    def meanings(self, text: str) -> dict[str, str]:
        """The English of the words of ``text`` (folded) that are German to this catalogue.

        A word that products have may be German all the same ("Rock" is a skirt) beside one that surely is,
        where more products have the English word.
        """
        known = {word: meaning for word in map(fold, _WORD.findall(text)) if (meaning := self._read(word))}
        sure = any(self._is_foreign(word, meaning) for word, meaning in known.items())
        return {
            word: meaning.english
            for word, meaning in known.items()
            if self._is_foreign(word, meaning) or (sure and self.count(word) < self._count(meaning.english))
        }

    def translated(self, text: str) -> str:
        """``text`` with its German words in English; unchanged without any."""
        meanings = self.meanings(text)

        def english(found: re.Match[str]) -> str:
            written = found.group()
            return meanings.get(fold(written)) or BETWEEN.get(written.casefold()) or written

        return _WORD.sub(english, text) if meanings else text

    def _read(self, word: str) -> Meaning | None:
        meaning = _read(word)
        return None if meaning is None or meaning.english in self.kept else meaning

    def _is_foreign(self, word: str, meaning: Meaning) -> bool:
        """Whether the catalogue has neither the word nor, as a German one would, more of its ground form."""
        return not self.count(word) and self.count(meaning.ground) < max(self._count(meaning.english), 1)

    def _count(self, phrase: str) -> int:
        return min(map(self.count, phrase.split()))


# For a text that is to be read as it stands: as if products had every word of it.
LITERAL = German(count=lambda _word: 1)
