"""The languages of queries: one file of words each under ``data/``, with every inflected form made once.

A file names words by what they are (colours, nouns, ...) with their English, and rules for their endings, so
that a language is added without code (docs/extending.md). Everything is folded as queries are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from search.language.tokens import fold, folded_words

_DATA = Path(__file__).parent / "data"
ENGLISH = "en"
LONGEST_PHRASE = 4
# The letters between the parts of a compound: "Hochzeitskleid", "Blumenkleid".
COMPOUND_LINKS = ("", "s", "n", "en")
# Of a part; of an English one, and of a head that may stand for the whole compound: "bravest" is neither.
_MIN_COMPOUND_PART, _MIN_LONE_HEAD = 3, 4
# Shorter words are little ones.
_MIN_INFLECTED = 3


class Kind(StrEnum):
    """What a word does in a phrase: it decides the order of the English words."""

    NOUN = "noun"
    # A noun that describes another: "leather", "women", "summer".
    MODIFIER = "modifier"
    ADJECTIVE = "adjective"
    LITTLE = "little"


_SECTIONS = {
    "colours": Kind.ADJECTIVE,
    "adjectives": Kind.ADJECTIVE,
    "nouns": Kind.NOUN,
    "materials": Kind.MODIFIER,
    "whom": Kind.MODIFIER,
    "occasions": Kind.MODIFIER,
    "little": Kind.LITTLE,
}


@dataclass(frozen=True)
class Meaning:
    """The English of a word or phrase ("" for one that English leaves out), and its folded base form."""

    english: str
    base: str
    kind: Kind


@dataclass(frozen=True, eq=False)
class Language:
    """Looks up folded words. ``homographs`` are English words as well, so alone they prove no language."""

    code: str
    name: str
    noun_first: bool
    homographs: frozenset[str]
    words: Mapping[str, Meaning]
    # By the first of the forms of each word.
    phrases: Mapping[tuple[str, ...], Meaning]
    forms: Mapping[str, str]
    prefixes: Mapping[str, str]
    lacking_endings: tuple[str, ...]

    def look_up(self, words: Sequence[str]) -> Meaning | None:
        """What folded words mean together: one word, a compound, or a phrase."""
        if len(words) == 1:
            return self.words.get(words[0]) or self._derived(words[0])
        return self.phrases.get(tuple(self.forms.get(word, word) for word in words))

    def _derived(self, word: str) -> Meaning | None:
        for ending in self.lacking_endings:
            part = self.words.get(word.removesuffix(ending)) if word.endswith(ending) else None
            if part is not None and part.kind in (Kind.NOUN, Kind.MODIFIER):
                return Meaning(f"without {part.english}", word, Kind.ADJECTIVE)
        return self._compound(word) if self.prefixes else None

    def _compound(self, word: str) -> Meaning | None:
        """A compound of two words, the longest head first; before a garment, an unknown part is left out."""
        alone = None
        for cut in range(_MIN_COMPOUND_PART, len(word) - _MIN_COMPOUND_PART + 1):
            first, last = word[:cut], word[cut:]
            if (head := self.words.get(last)) is None or head.kind is Kind.LITTLE:
                continue
            is_garment = head.kind is Kind.NOUN and head.english.split()[-1] in _english_words("garments")
            english = first * (is_garment and len(first) >= _MIN_LONE_HEAD and _is_english(first))
            if prefix := self.prefixes.get(first) or self._described_by(first, head) or english:
                return Meaning(f"{prefix} {head.english}", first + head.base, head.kind)
            roots = (head.base[:end] for end in range(3, len(head.base) + 1))
            is_english = _is_english(head.base) or not self.homographs.isdisjoint(roots)
            # "Shamrock", "harvest" and "unbroken" are no compounds.
            if is_garment and len(last) >= _MIN_LONE_HEAD and last.startswith(head.base) and not is_english:
                alone = alone or Meaning(head.english, word, head.kind)
        return alone

    def _described_by(self, first: str, head: Meaning) -> str:
        """The English of a noun as the first part of a compound; "" where it is none, as in "Kettering"."""
        links = COMPOUND_LINKS[1:] if first.endswith("e") and head.base in self.homographs else COMPOUND_LINKS
        for link in links if head.kind is Kind.NOUN else ():
            part = self.words.get(first.removesuffix(link)) if first.endswith(link) else None
            if part is not None and part.kind in (Kind.NOUN, Kind.MODIFIER):
                return part.english
        return ""


@cache
def data(code: str) -> Mapping[str, Any]:
    """The file of one language as it is written. Raises OSError or ValueError for one that cannot be read."""
    with (_DATA / f"{code}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _english_words(*lists: str) -> frozenset[str]:
    return frozenset(word for name in lists for word in data(ENGLISH)["lists"][name].split())


def _is_english(word: str) -> bool:
    return not _english_words("describing", "everyday", "garments").isdisjoint({word, f"{word}s"})


@cache
def codes() -> tuple[str, ...]:
    """The codes of all languages with a file, English first."""
    return (ENGLISH, *sorted({path.stem for path in _DATA.glob("*.toml")} - {ENGLISH}))


@cache
def languages() -> tuple[Language, ...]:
    """Every language that is translated."""
    return tuple(_Loader(code).load() for code in codes() if code != ENGLISH)


@cache
def names() -> tuple[str, ...]:
    """The languages that a query may be in, each by its own name."""
    return tuple(str(data(code)["name"]) for code in codes())


@lru_cache(maxsize=16_384)
def look_up(language: Language, words: tuple[str, ...]) -> Meaning | None:
    return language.look_up(words)


class _Loader:
    """Makes a language from its file: every form of every word, folded."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._data = data(code)
        self._harmony: Mapping[str, Mapping[str, str]] = {
            letter: {vowel: other for vowels, other in of.items() for vowel in vowels}
            for letter, of in self._data.get("harmony", {}).items()
        }
        self._transcriptions = {ord(a): b for a, b in self._data.get("transcriptions", {}).items()}

    def load(self) -> Language:
        words: dict[str, Meaning] = {}
        phrases: list[tuple[str, Meaning]] = []
        listed: dict[str, Meaning] = {}
        for written, meaning in self._entries():
            parts = folded_words(written)
            if len(parts) > 1:
                phrases.append((written, meaning))
                continue
            for form in self._forms(written, meaning.kind):
                words.setdefault(form, meaning)
            listed |= dict.fromkeys(self._spellings(written), meaning)
        forms = self._phrase_forms([written for written, _meaning in phrases])
        return Language(
            code=self._code,
            name=self._data["name"],
            noun_first=self._data.get("noun_first", False),
            homographs=frozenset(map(fold, self._data["homographs"])),
            # A form that is listed wins over one made with an ending.
            words=words | listed,
            phrases={
                tuple(forms.get(part, part) for part in folded_words(spelling)): meaning
                for written, meaning in phrases
                for spelling in self._spellings(written)
            },
            forms=forms,
            prefixes={
                spelling: english
                for word, english in self._data.get("prefixes", {}).items()
                for spelling in self._spellings(word)
            },
            lacking_endings=tuple(dict.fromkeys(map(fold, self._data.get("lacking_endings", ())))),
        )

    def _entries(self) -> Iterator[tuple[str, Meaning]]:
        """Every word of the file as it is written, with its meaning."""
        for section, kind in _SECTIONS.items():
            for alternatives, english in self._data.get(section, {}).items():
                for written in alternatives.split("|"):
                    yield written, Meaning(english, fold(written), kind)

    def _forms(self, written: str, kind: Kind) -> Iterator[str]:
        for form in self._inflected(written, kind):
            yield from self._spellings(form)

    def _inflected(self, word: str, kind: Kind) -> Iterator[str]:
        """The forms of a word by the rule for the longest ending that it has."""
        if kind is Kind.LITTLE:
            yield word
            return
        rules = self._data["inflection"]["adjectives" if kind is Kind.ADJECTIVE else "nouns"]
        for length in range(len(word), -1, -1):
            ending = word[len(word) - length :]
            if ending in rules:
                yield from (self._ended(word[: len(word) - length], other) for other in rules[ending])
                return
        yield word

    def _ended(self, word: str, ending: str) -> str:
        """A word with an ending, whose capitals are the vowel that harmonises with the last one before it."""
        for letter in ending:
            by_vowel = self._harmony.get(letter, {})
            before = next((each for each in reversed(word) if each in by_vowel), "")
            word += by_vowel.get(before, letter)
        return word

    def _phrase_forms(self, phrases: Sequence[str]) -> dict[str, str]:
        """Every form of a word of a phrase -> the same form for all of them."""
        forms: dict[str, str] = {}
        for part in dict.fromkeys(part for phrase in phrases for part in phrase.split()):
            own = {fold(part): None}
            for kind in (Kind.NOUN, Kind.ADJECTIVE) if len(part) >= _MIN_INFLECTED else ():
                own |= dict.fromkeys(self._forms(part, kind))
            # Words that share a form ("deportivo", "deportiva") are one.
            first = next((forms[form] for form in own if form in forms), fold(part))
            for form in own:
                forms.setdefault(form, first)
        return forms

    def _spellings(self, word: str) -> Iterator[str]:
        """A word folded, and as it is typed on a keyboard without its letters: "ä" as "ae"."""
        yield from dict.fromkeys((fold(word), fold(word.translate(self._transcriptions))))
