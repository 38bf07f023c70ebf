"""A query text as tokens with their positions, German words as their English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search.language.german import LITERAL, German
from search.language.tokens import fold, stem

# A dash in front, as in "dress -red", excludes the word.
# "t-shirt" is one token, as everywhere else (search/language/tokens.py).
_TOKEN = re.compile(r"(?:(?<!\S)-)?(?:\b[^\W\d_]-(?=[^\W\d_]{2}))?[^\W_]+(?:['\u2019][^\W_]+)*")
_POSSESSIVE = re.compile(r"['\u2019].*$")


@dataclass(frozen=True)
class Token:
    """A word of a text; ``start`` and ``end`` are character offsets and include a dash in front."""

    stem: str
    folded: str
    start: int
    end: int
    has_dash: bool
    # A comma or a full stop follows.
    ends_phrase: bool


def tokenize(text: str, german: German = LITERAL) -> list[Token]:
    """The tokens of ``text`` in order.

    A German word becomes its English ones, all with the offsets of the German word: "Lederjacke" is two
    tokens.
    """
    english = german.meanings(text)
    return [token for match in _TOKEN.finditer(text) for token in _tokens_of(match, text, english)]


def _tokens_of(match: re.Match[str], text: str, english: Mapping[str, str]) -> Iterator[Token]:
    written = _POSSESSIVE.sub("", fold(match.group()).replace("-", ""))
    parts = english.get(written, written).split()
    for number, part in enumerate(parts):
        yield Token(
            stem=stem(part),
            folded=part,
            start=match.start(),
            end=match.end(),
            has_dash=match.group()[0] == "-" and number == 0,
            ends_phrase=text[match.end() : match.end() + 1] in (",", ";", ".", "!")
            and number == len(parts) - 1,
        )
