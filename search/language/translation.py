"""Translation of the words of a query into the English of the encoder and of an English catalogue.

The bundled encoder knows English and an English catalogue has "dress", so neither "rotes Kleid" nor "vestido
rojo" would match. A word is translated only where the catalogue does not use it in that sense: a German
catalogue keeps its own language, and a brand its name. Which languages a text is in is read from its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from search.language.languages import LONGEST_PHRASE, Kind, Language, Meaning, languages, look_up
from search.language.lexicon import VALID_WORDS
from search.language.tokens import fold, stem
from search.language.wording.mixed import is_foreign_noun
from search.language.wording.ordering import in_english_order

_WORD = re.compile(r"[^\W\d_]+")
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
    code of the language that the shopper reads, "" for none: many search in English all the same.
    """

    count: Callable[[str], int]
    written: Callable[[str], int] | None = None
    kept: Collection[str] = ()
    spoken: str = ""

    def spans(self, text: str) -> list[Span]:
        """The words of ``text`` to translate, in order, without overlaps.

        A language counts once a word of it is foreign to the catalogue and not English. Of several the one
        with most of the words has the choice, so that mixed texts are read word by word.
        """
        found = [(match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text)]
        words = [word for _start, _end, word in found]
        spoken = [
            (score, number, spans)
            for number, language in enumerate(languages())
            if (spans := _spans_of(language, found, self.kept)) and (score := self._score(spans, words))
        ]
        chosen: list[Span] = []
        taken: set[int] = set()
        for _score, _number, spans in sorted(spoken, key=lambda each: (-each[0], each[1])):
            applies = {each.words: self._applies(each) for each in {s.words: s for s in spans}.values()}
            for span in spans:
                if applies[span.words] and taken.isdisjoint(range(span.start, span.end)):
                    chosen.append(span)
                    taken.update(range(span.start, span.end))
        return sorted(chosen, key=lambda span: span.start)

    def translated(self, text: str) -> str:
        """``text`` in English as far as it is another language, in the order of English words."""
        return text if not (spans := self.spans(text)) else in_english_order(text, spans)

    def _score(self, spans: Sequence[Span], words: Sequence[str]) -> int:
        """How much of a text of these words speaks for a language; 0 where no word proves it."""
        # A word that is repeated proves as much as once.
        different = {span.words: span for span in spans if span.meaning.kind is not Kind.LITTLE}.values()
        proofs = [span for span in different if self._is_foreign(span)]
        surely = [span for span in proofs if not _is_english(span)]
        covered = sum(len(span.words) for span in spans)
        # "robe rose" is French although both words are English, but "robe" alone may be an English one.
        is_foreign = covered == len(words) and (len(proofs) > 1 or any(map(_is_no_fashion, proofs)))
        is_foreign |= any(_is_beside_a_colour(each, words) for each in proofs)
        is_foreign |= self._is_spoken(spans, words) and bool(proofs)
        proved = sum(_NOUN_PROOF if span.meaning.kind is Kind.NOUN else _PROOF for span in surely)
        return covered + proved if surely or is_foreign else 0

    def _is_spoken(self, spans: Sequence[Span], words: Sequence[str]) -> bool:
        """Whether words of the shopper's own language stand beside none of English fashion: "Hose" on German
        pages, but no "rock t-shirt".
        """
        read = {word for span in spans for word in span.words}
        is_own = any(span.language.code == self.spoken for span in spans)
        return is_own and not any(stem(word) in VALID_WORDS for word in words if word not in read)

    def _applies(self, span: Span) -> bool:
        """Whether the words are translated in a text that is in their language.

        A word that products have may still be foreign ("Rock" is a skirt): it is translated where more
        products have the English word.
        """
        meaning = span.meaning
        if meaning.kind is Kind.LITTLE or not meaning.english or self._is_foreign(span):
            return True
        return min(map(self.count, span.words)) < self._count(meaning.english)

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


def _spans_of(language: Language, words: Sequence[tuple[int, int, str]], kept: Collection[str]) -> list[Span]:
    """The words and phrases of a language in a text, from left to right, the longest phrase first."""
    spans, at = [], 0
    while at < len(words):
        # Only some words begin a phrase.
        longest = LONGEST_PHRASE if words[at][2] in language.forms else 1
        for width in range(min(longest, len(words) - at), 0, -1):
            part = tuple(word for _start, _end, word in words[at : at + width])
            meaning = look_up(language, part)
            if meaning is not None and meaning.english not in kept:
                spans.append(Span(words[at][0], words[at + width - 1][1], part, meaning, language))
                break
        at += width if spans and spans[-1].start == words[at][0] else 1
    return spans


def _is_english(span: Span) -> bool:
    """Whether the words are English as well, so that they prove no other language."""
    return all(word in span.language.homographs or stem(word) in VALID_WORDS for word in span.words)


def _is_no_fashion(span: Span) -> bool:
    """Whether no English shopper would ask for it: "pet" is a Dutch cap, "robe" could be a robe."""
    return not any(stem(word) in VALID_WORDS for word in span.words)


def _is_beside_a_colour(span: Span, words: Sequence[str]) -> bool:
    """Whether one noun stands beside an English colour as a foreign one would."""
    (word, *others), order, is_english = span.words, span.language.noun_first, not _is_no_fashion(span)
    is_noun = span.meaning.kind is Kind.NOUN and not others
    return is_noun and is_foreign_noun(word, words, is_english=is_english, is_noun_first=order)


# Translates nothing: as if products had every word.
LITERAL = Translator(count=lambda _word: 1)
# Translates every word, even one that the catalogue has.
TRANSLATE_ALL = Translator(count=_NONE)
