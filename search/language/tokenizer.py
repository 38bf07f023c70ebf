"""A query text as tokens with their positions, foreign words as their English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.language.lexicon import FASHION_WORDS, LITTLE_WORDS, ONLY_AFTER_FOR
from search.language.tokens import fold, segments, stem
from search.language.translation import LITERAL, Span, Translator

# A dash in front, as in "dress -red", excludes the word; "-10 degrees" is a number below zero.
# "t-shirt", "H&M" and "J.Crew" are one token each, as everywhere else (search/language/tokens.py).
_TOKEN = re.compile(
    r"(?:(?<!\S)-(?!\d))?"
    # "Un-padded" is "unpadded".
    r"(?:\b[Uu]n-(?=[^\W\d_]+ed\b))?"
    r"(?:\b[^\W\d_](?:-(?=[^\W\d_]{2})|\.(?=[^\W\d_])|\s?&\s?(?=[^\W\d_]\b)))*"
    r"[^\W_]+(?:['\u2019][^\W_]+)*"
)
_POSSESSIVE = re.compile(r"['\u2019]s?\b")
_BETWEEN_LETTERS = re.compile(r"[-.&\s]")
_UN = "un"


@dataclass(frozen=True)
class Token:
    """A word of a text; ``start`` and ``end`` are character offsets and include a dash in front.

    ``folded`` is the English word for a little word of another language, which ``stem`` is not.
    """

    stem: str
    folded: str
    start: int
    end: int
    has_dash: bool
    # A comma or a full stop follows.
    ends_phrase: bool
    is_translated: bool = False


def tokenize(text: str, translator: Translator = LITERAL) -> list[Token]:
    """The tokens of ``text`` in order.

    A foreign word becomes its English ones, all with its own offsets: "Lederjacke" is two tokens.
    """
    spans = translator.spans(text)
    return list(_tokens(text, spans))


def lacked(word: str) -> str:
    """What a folded word says is not so: "padded" of "unpadded"; "" for any other word."""
    rest = word.removeprefix(_UN)
    return rest if rest != word and rest.endswith("ed") and rest in FASHION_WORDS else ""


def _tokens(text: str, spans: list[Span]) -> Iterator[Token]:
    at, end = 0, 0
    for match in _TOKEN.finditer(text):
        while at < len(spans) and spans[at].start < match.end():
            span, at = spans[at], at + 1
            yield from _translated(span, text, has_dash=match.group()[0] == "-" and span.start < match.end())
            end = span.end
        # A word within a span, or around one ("d'été"), was read with it.
        if match.end() > end:
            yield from _written(match, text)


def _translated(span: Span, text: str, *, has_dash: bool) -> Iterator[Token]:
    parts = span.meaning.english.split()
    for number, part in enumerate(parts):
        yield Token(
            stem=stem(part),
            folded=part,
            start=span.start - (has_dash and text[span.start - 1 : span.start] == "-"),
            end=span.end,
            has_dash=has_dash and number == 0,
            ends_phrase=number == len(parts) - 1 and _ends_phrase(text, span.end),
            is_translated=True,
        )


def _written(match: re.Match[str], text: str) -> Iterator[Token]:
    written = fold(match.group())
    word = _BETWEEN_LETTERS.sub("", _POSSESSIVE.sub("", written))
    # "Woman's" names who wears a thing, as "women's" does; "woman" may be the name of anything.
    whose = {word: f"{word}s"} if written.endswith(("'s", "\u2019s")) and word in ONLY_AFTER_FOR else {}
    lacking = lacked(word)
    parts = ["not", lacking] if lacking else segments(word)
    for number, part in enumerate(parts):
        yield Token(
            stem=stem(part),
            folded=whose.get(part) or LITTLE_WORDS.get(part, part),
            start=match.start(),
            end=match.end(),
            has_dash=match.group()[0] == "-" and number == 0,
            ends_phrase=number == len(parts) - 1 and _ends_phrase(text, match.end()),
        )


def _ends_phrase(text: str, end: int) -> bool:
    return text[end : end + 1] in (",", ";", ".", "!")
