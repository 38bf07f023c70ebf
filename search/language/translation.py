"""Translation of the words of a query into the English of the encoder and of an English catalogue.

The bundled encoder knows English and an English catalogue has "dress", so neither "rotes Kleid" nor "vestido
rojo" would match. A word is translated only where the catalogue does not use it in that sense: a German
catalogue keeps its own language, and a brand its name. Which languages a text is in is read from its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from search.language.brands import is_brand
from search.language.languages import (
    COMPOUND_LINKS,
    LONGEST_PHRASE,
    Kind,
    Language,
    Meaning,
    languages,
    look_up,
)
from search.language.lexicon import GARMENTS, GENDER_OF
from search.language.tokens import fold, stem
from search.language.wording.mixed import is_foreign_noun
from search.language.wording.ordering import in_english_order
from search.language.wording.telling import HOMOGRAPHS, is_fashion, is_little, told

# "T-shirt" is one word.
_WORD = re.compile(r"(?:\bt[-\s](?=shirts?\b))?[^\W\d_]+", re.IGNORECASE)
_BETWEEN_LETTERS = re.compile(r"[-\s]")
# What a word that no English text has says for its language; adjectives are more alike than nouns.
_PROOF, _NOUN_PROOF = 3, 4
_NONE: Callable[[str], int] = lambda _word: 0  # noqa: E731 - a default argument


@dataclass(frozen=True)
class Span:
    """Words of a text, the characters from ``start`` to ``end``, and what they mean in a language."""

    start: int
    end: int
    words: tuple[str, ...]
    meaning: Meaning
    language: Language


@dataclass(frozen=True)
class Translator:
    """Translates the words that one catalogue does not use.

    ``count`` returns how many products have a word in any form, ``written`` how many have it letter by letter
    ("Socken" is not "sock"). ``kept`` holds English meanings that the shopper rejected. ``spoken`` is the
    code of the language that the shopper reads, "" for none: many search in English all the same. ``sure``
    are those that the text is surely in, of which only a part may be left. Where the text is foreign, at most
    ``most_english`` products for each that has the translation may have a word that is English as well.
    """

    count: Callable[[str], int]
    written: Callable[[str], int] | None = None
    kept: Collection[str] = ()
    spoken: str = ""
    sure: frozenset[str] = frozenset()
    most_english: int = 10

    def spans(self, text: str) -> list[Span]:
        """The words of ``text`` to translate, in order, without overlaps.

        A language counts once a word of it is foreign to the catalogue and not English. Of several the one
        with most of the words has the choice, so that mixed texts are read word by word.
        """
        found = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        words = [_folded(typed) for _start, _end, typed in found]
        sure = self.sure | told(text)
        read = [
            (score, number, spans)
            for number, language in enumerate(languages())
            if (spans := _spans_of(language, found, self.kept))
            and (score := self._score(spans, words, is_sure=language.code in sure))
        ]
        chosen: list[Span] = []
        taken: set[int] = set()
        for _score, _number, spans in sorted(read, key=lambda each: (-each[0][0], -each[0][1], each[1])):
            applies = {each.words: self._applies(each) for each in {s.words: s for s in spans}.values()}
            for span in spans:
                if applies[span.words] and taken.isdisjoint(range(span.start, span.end)):
                    chosen.append(self._in_own_words(span))
                    taken.update(range(span.start, span.end))
        return sorted(chosen, key=lambda span: span.start)

    def surely_in(self, text: str) -> frozenset[str]:
        """The codes of the languages that ``text`` is surely in, and thus any part of it."""
        content = (span for span in self.spans(text) if span.meaning.kind is not Kind.LITTLE)
        return self.sure | told(text) | {span.language.code for span in content if not _is_english(span)}

    def translated(self, text: str) -> str:
        """``text`` in English as far as it is another language, in the order of English words."""
        return text if not (spans := self.spans(text)) else in_english_order(text, spans)

    def _score(self, spans: Sequence[Span], words: Sequence[str], *, is_sure: bool) -> tuple[int, int] | None:
        """How many of these words a language has and how much of them prove it; None where nothing does."""
        # A word that is repeated proves as much as once.
        different = {span.words: span for span in spans if span.meaning.kind is not Kind.LITTLE}.values()
        proofs = [span for span in different if self._is_foreign(span) or self._is_own_form(span)]
        surely = [span for span in proofs if not _is_english(span)]
        covered = sum(len(span.words) for span in spans)
        read = {word for span in spans for word in span.words}
        # "Baskets nike" is no less French than "baskets".
        is_whole = all(word in read or is_brand(word) for word in words)
        # "robe rose" is French although both words are English, but "robe" alone may be an English one.
        is_foreign = is_whole and (len(proofs) > 1 or any(map(_is_no_fashion, proofs)))
        is_foreign |= any(_is_beside_a_colour(each, words) or _is_worn_by(each, words) for each in proofs)
        # "Hose" on German pages, but no "rock t-shirt".
        is_own = is_sure or (bool(proofs) and spans[0].language.code == self.spoken)
        is_foreign |= is_own and not any(is_fashion(word) for word in words if word not in read)
        return (covered, sum(map(_proof, surely))) if surely or is_foreign else None

    def _applies(self, span: Span) -> bool:
        """Whether the words are translated in a text that is in their language.

        A word that products have may still be foreign ("Rock" is a skirt): it is translated where more
        products have the English word. In its English sense ("jersey de lana") many more may have it.
        """
        meaning = span.meaning
        if meaning.kind is Kind.LITTLE or not meaning.english:
            return True
        if self._is_foreign(span) or self._is_own_form(span):
            return True
        is_other = _is_english(span) and set(span.words).isdisjoint(meaning.english.split())
        most = self._count(meaning.english) * (self.most_english if is_other else 1)
        return min(map(self.count, span.words)) < most

    def _in_own_words(self, span: Span) -> Span:
        """A word in the form that the catalogue has, and a compound with its own parts: only the men of
        "Herrenhemd" are translated where shirts are Hemden.
        """
        if self._is_own_form(span):
            return replace(span, meaning=replace(span.meaning, english=span.meaning.base))
        word, language, english = span.words[0], span.language, span.meaning.english
        for at in range(1, len(word) if len(span.words) == 1 else 1):
            head, first = language.words.get(word[at:]), word[:at]
            if head is None or not english.endswith(f" {head.english}") or not self._is_own(head, language):
                continue
            stated = english.removesuffix(f" {head.english}")
            parts = (language.words.get(first.removesuffix(link)) for link in COMPOUND_LINKS)
            part = next((each for each in parts if each is not None and each.english == stated), None)
            own = part.base if part is not None and self._is_own(part, language) else stated
            return replace(span, meaning=replace(span.meaning, english=f"{own} {head.base}"))
        return span

    def _is_own_form(self, span: Span) -> bool:
        """Whether the catalogue has the word in its base form alone: "Mütze" for "Muetze" and "Mützen"."""
        is_lacking = len(span.words) == 1 and not self._used(span.words[0])
        return is_lacking and not _is_english(span) and self._is_own(span.meaning, span.language)

    def _is_own(self, word: Meaning, language: Language) -> bool:
        """Whether the catalogue calls a thing by its name in a language, and not by the English one."""
        # "Rock" may also be English.
        least = self.most_english if word.base in language.homographs else 1
        return self._used(word.base) >= max(self._count(word.english) * least, 1)

    def _is_foreign(self, span: Span) -> bool:
        """Whether the catalogue lacks the words, and has their base form less often than the English.

        A German catalogue may lack a form such as "rotes" but has "rot".
        """
        used = min(map(self._used, span.words))
        base = min(map(self._used, span.meaning.base.split()))
        return not used and base < max(self._count(span.meaning.english), 1)

    def _used(self, word: str) -> int:
        """How many products have exactly this word; forms that the English stemmer adds are other words."""
        if self.written is None or stem(word) == word:
            return self.count(word)
        return self.written(word)

    def _count(self, phrase: str) -> int:
        return min(map(self.count, phrase.split()), default=0)


def _spans_of(language: Language, found: Sequence[tuple[int, int, str]], kept: Collection[str]) -> list[Span]:
    """The words and phrases of a language in a text, from left to right, the longest phrase first. ``found``
    are the words with their offsets, as they are typed.
    """
    words = [_folded(typed) for _start, _end, typed in found]
    spans, at = [], 0
    while at < len(words):
        # Only some words begin a phrase.
        longest = LONGEST_PHRASE if words[at] in language.forms else 1
        for width in range(min(longest, len(words) - at), 0, -1):
            part = tuple(words[at : at + width])
            meaning = look_up(language, part)
            is_other = width == 1 and meaning is not None and meaning.kind is Kind.LITTLE
            if is_other and not is_little(found[at][2], language.code):
                meaning = None
            if meaning is not None and meaning.english not in kept:
                spans.append(Span(found[at][0], found[at + width - 1][1], part, meaning, language))
                break
        at += width if spans and spans[-1].start == found[at][0] else 1
    return spans


def _folded(typed: str) -> str:
    return _BETWEEN_LETTERS.sub("", fold(typed))


def _proof(span: Span) -> int:
    """What a word that no English text has says for its language; a compound is a guess."""
    is_guess = len(span.words) == 1 and span.words[0] not in span.language.words
    return (_NOUN_PROOF if span.meaning.kind is Kind.NOUN else _PROOF) - is_guess


def _is_english(span: Span) -> bool:
    """Whether the words are English as well, so that they prove no other language."""
    return all(word in HOMOGRAPHS or is_fashion(word) for word in span.words)


def _is_no_fashion(span: Span) -> bool:
    """Whether no English shopper would ask for it: "pet" is a Dutch cap, "robe" could be a robe."""
    return not all(is_fashion(word) for word in span.words)


def _is_beside_a_colour(span: Span, words: Sequence[str]) -> bool:
    """Whether one noun stands beside an English colour as a foreign one would."""
    (word, *others), order, is_english = span.words, span.language.noun_first, not _is_no_fashion(span)
    is_noun = span.meaning.kind is Kind.NOUN and not others
    return is_noun and is_foreign_noun(word, words, is_english=is_english, is_noun_first=order)


def _is_worn_by(span: Span, words: Sequence[str]) -> bool:
    """Whether it says, at the end, who wears the English garment before it: "blazer donna"."""
    garment, last = ("", *words)[-2:]
    is_gender = span.words == (last,) and span.language.noun_first and stem(span.meaning.english) in GENDER_OF
    return is_gender and stem(garment) in GARMENTS and _is_no_fashion(span)


# Translates nothing: as if products had every word.
LITERAL = Translator(count=lambda _word: 1, most_english=1)
# Translates every word, even one that the catalogue has.
TRANSLATE_ALL = Translator(count=_NONE)
