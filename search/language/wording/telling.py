"""What tells one language from another: words that are no English, and those around a price or a size."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from search.language.languages import ENGLISH, LONGEST_PHRASE, codes, data, languages
from search.language.lexicon import FASHION_WORDS, VALID_WORDS
from search.language.tokens import STOP_WORDS, fold, folded_words, stem

# Words of any language that English has as well: a Portuguese "negro" proves as little as a Spanish one.
HOMOGRAPHS = frozenset(word for language in languages() for word in language.homographs)

# Of the data of a language: sections, and names within each.
_Sections = tuple[tuple[str, tuple[str, ...]], ...]

_ANYWHERE: _Sections = (
    ("prices", ("below", "above", "below_after", "above_after")),
    (
        "readings",
        ("size", "larger", "smaller", "in_stock", "on_sale", "cheapest", "dearest", "newest", "popular"),
    ),
)
# What tells a language only in front of a number ("prix 20", but a "grand prix") or behind one ("6 ans").
_IN_FRONT: _Sections = (("prices", ("named",)),)
_BEHIND: _Sections = (("prices", ("named_behind",)), ("readings", ("months", "years")))
# A shorter word alone is a slip or a code more often: "tot", "do".
_SHORTEST = 4
_PIECE = re.compile(r"\d+|[^\W\d_]+")


def told(text: str) -> frozenset[str]:
    """The codes of the languages that alone have a phrase of ``text`` for a price, a size, an age, stock or a
    sale: "taille M" is French, "onder de 50" Dutch.
    """
    words = folded_words(text)
    anywhere = _only_in(_ANYWHERE, shortest=_SHORTEST)
    found = {
        anywhere.get(tuple(words[at : at + width]))
        for at in range(len(words))
        for width in range(1, LONGEST_PHRASE + 1)
    }
    return frozenset(filter(None, found | set(_beside_numbers(text))))


def _beside_numbers(text: str) -> Iterator[str | None]:
    pieces = _PIECE.findall(fold(text))
    in_front, behind = _only_in(_IN_FRONT), _only_in(_BEHIND)
    for at in (number for number, piece in enumerate(pieces) if piece.isdigit()):
        for width in range(1, LONGEST_PHRASE + 1):
            yield in_front.get(tuple(pieces[max(at - width, 0) : at]))
            yield behind.get(tuple(pieces[at + 1 : at + 1 + width]))


def is_little(typed: str, code: str) -> bool:
    """Whether a word as it is typed may be a little word of a language: "lã" is no Spanish "la"."""
    return typed.isascii() or _spelled(typed) in _little(code)


@cache
def _little(code: str) -> frozenset[str]:
    return frozenset(_spelled(word) for words in data(code).get("little", {}) for word in words.split("|"))


def _spelled(word: str) -> str:
    """In small letters with their accents. Turkish has two letters i, each with its capital, of which the
    rules of other languages make one.
    """
    return word.casefold().replace("\u0307", "").replace("ı", "i")


@cache
def _only_in(sections: _Sections, shortest: int = 2) -> Mapping[tuple[str, ...], str]:
    """The folded words of each phrase that one language has and English has not -> its code."""
    of: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for code in codes():
        for phrase in _phrases(code, sections, shortest):
            of[phrase].add(code)
    return {
        phrase: code
        for phrase, (code, *others) in of.items()
        if not others and code != ENGLISH and not all(map(_is_english, phrase))
    }


def _phrases(code: str, sections: _Sections, shortest: int) -> Iterator[tuple[str, ...]]:
    """The phrases of a language in these sections; a single word has ``shortest`` letters at least."""
    for section, names in sections:
        for name in names:
            for phrase in data(code).get(section, {}).get(name, ()):
                words = tuple(folded_words(phrase))
                if len(words) > 1 or any(len(word) >= shortest for word in words):
                    yield words


def is_fashion(word: str) -> bool:
    """Whether a folded word is one of English fashion; "veste" is none, though its stem is that of a vest."""
    is_feminine = word not in FASHION_WORDS and word.removesuffix("e") in FASHION_WORDS
    return stem(word) in VALID_WORDS and not is_feminine


def _is_english(word: str) -> bool:
    return word in HOMOGRAPHS or word in STOP_WORDS or is_fashion(word)
