"""Translation of German query words for an English catalogue: colours, garments and what describes them.

The bundled encoder knows English and an English catalogue has "dress", so "rotes Kleid" would match neither.
A German word is translated only where no product has it: a German catalogue keeps its own language, and a
brand its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.language.german_dictionary import (
    ADJECTIVE_ENDINGS,
    ADJECTIVES,
    COMPOUND_PREFIXES,
    FUNCTION_WORDS,
    NOUN_ENDINGS,
    NOUNS,
    SHADES,
)
from search.language.tokens import fold

# How umlauts are typed on other keyboards.
_TRANSCRIPTIONS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_WORD = re.compile(r"[^\W\d_]+")


def _spellings(word: str) -> Iterator[str]:
    """A German word folded, with its umlauts as plain letters and as "ae", "oe", "ue"."""
    yield fold(word)
    yield fold(word.translate(_TRANSCRIPTIONS))


@dataclass(frozen=True)
class Meaning:
    """The English of a German word, and its folded base form."""

    english: str
    base: str


def _inflected(words: Mapping[str, str], endings: Sequence[str]) -> dict[str, Meaning]:
    """Every inflected form of the words; a form that is listed wins over one made with an ending."""
    listed = {
        form: Meaning(english, fold(forms.split()[0]))
        for forms, english in words.items()
        for form in forms.split()
    }
    made = {form + ending: meaning for form, meaning in listed.items() for ending in endings}
    return {spelling: meaning for form, meaning in (made | listed).items() for spelling in _spellings(form)}


_NOUN = _inflected(NOUNS, NOUN_ENDINGS)
_ADJECTIVE = _inflected(ADJECTIVES, ADJECTIVE_ENDINGS)
_PREFIX = {spelling: english for word, english in COMPOUND_PREFIXES.items() for spelling in _spellings(word)}


@lru_cache(maxsize=4096)
def _look_up(word: str) -> Meaning | None:
    """What one folded German word means, simple or compound; None for any other word."""
    return _ADJECTIVE.get(word) or _NOUN.get(word) or _compound(word)


def _compound(word: str) -> Meaning | None:
    for prefixes, heads in ((_PREFIX, _NOUN), (SHADES, _ADJECTIVE)):
        for prefix, english in prefixes.items():
            if word.startswith(prefix) and (head := heads.get(word.removeprefix(prefix))):
                return Meaning(f"{english} {head.english}", prefix + head.base)
    return None


@dataclass(frozen=True)
class German:
    """Translates the German words that one catalogue does not use.

    ``count`` returns how many products have a word; ``kept`` holds English meanings that the shopper
    rejected.
    """

    count: Callable[[str], int]
    kept: Collection[str] = ()

    def meanings(self, text: str) -> dict[str, str]:
        """The English of the words of ``text`` (folded) that are German to this catalogue.

        A word that products have may still be German ("Rock" is a skirt): beside one that surely is, it is
        translated where more products have the English word.
        """
        known = {word: meaning for word in map(fold, _WORD.findall(text)) if (meaning := self._meaning(word))}
        sure = any(self._is_foreign(word, meaning) for word, meaning in known.items())
        return {
            word: meaning.english
            for word, meaning in known.items()
            if self._is_foreign(word, meaning) or (sure and self.count(word) < self._count(meaning.english))
        }

    def translated(self, text: str) -> str:
        meanings = self.meanings(text)

        def english(match: re.Match[str]) -> str:
            written = match.group()
            return meanings.get(fold(written)) or FUNCTION_WORDS.get(written.casefold()) or written

        return _WORD.sub(english, text) if meanings else text

    def _meaning(self, word: str) -> Meaning | None:
        meaning = _look_up(word)
        return None if meaning is None or meaning.english in self.kept else meaning

    def _is_foreign(self, word: str, meaning: Meaning) -> bool:
        """Whether the catalogue lacks the word, and has its base form less often than the English word.

        A German catalogue may lack a form such as "rotes" but has "rot".
        """
        return not self.count(word) and self.count(meaning.base) < max(self._count(meaning.english), 1)

    def _count(self, phrase: str) -> int:
        return min(map(self.count, phrase.split()))


# Translates nothing: as if products had every word.
LITERAL = German(count=lambda _word: 1)
