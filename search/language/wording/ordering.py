"""Translated words in the order of English: what describes a noun stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.language.languages import Kind
from search.language.lexicon import GARMENTS
from search.language.tokens import fold, stem

if TYPE_CHECKING:
    from search.language.translation import Span

_WORD = re.compile(r"[^\W\d_]+")
# "T-Shirt" and "t shirt" are one word each where they are not translated.
_KEPT_WORD = re.compile(r"(?:\b[^\W\d_]-|\bt\s(?=shirts?\b))?[^\W\d_]+", re.IGNORECASE)
_BETWEEN_LETTERS = re.compile(r"[-\s]")
# Between the words of one phrase: "d'été".
_BLANKS, _APOSTROPHES = " '\u2019", ("'", "\u2019")


def in_english_order(text: str, spans: Sequence[Span]) -> str:
    """``text`` with its spans in English, in the order of English words."""
    return _joined(_ordered(list(_pieces(text, spans))))


@dataclass(frozen=True)
class _Piece:
    """A run of the translated text: ``gap`` are the characters between it and the one before."""

    gap: str
    text: str
    kind: Kind | None
    noun_first: bool = False


def _pieces(text: str, spans: Iterable[Span]) -> Iterator[_Piece]:
    """The text as translated spans and other words, each with the characters before it."""
    end = 0
    for span in spans:
        yield from _untranslated(text[end : span.start])
        gap = _trailing_gap(text[end : span.start])
        yield _Piece(gap, span.meaning.english, span.meaning.kind, span.language.noun_first)
        end = span.end
    yield from _untranslated(text[end:])
    if gap := _trailing_gap(text[end:]):
        yield _Piece(gap, "", None)


def _untranslated(text: str) -> Iterator[_Piece]:
    """Words as they are; one that names a garment may have adjectives behind it: "top negro"."""
    end = 0
    for match in _KEPT_WORD.finditer(text):
        kind = Kind.NOUN if stem(_BETWEEN_LETTERS.sub("", fold(match.group()))) in GARMENTS else None
        yield _Piece(text[end : match.start()], match.group(), kind)
        end = match.end()


def _trailing_gap(text: str) -> str:
    return text[max((match.end() for match in _WORD.finditer(text)), default=0) :]


def _ordered(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with what describes a noun before it, where the language has it behind."""
    ordered, at = [], 0
    while at < len(pieces):
        end = _phrase_end(pieces, at) if pieces[at].kind is Kind.NOUN else at + 1
        ordered += _english_order(pieces[at:end]) if end > at + 1 else [pieces[at]]
        at = end
    return ordered


def _phrase_end(pieces: Sequence[_Piece], at: int) -> int:
    """The index after a noun and what describes it: adjectives, and nouns behind "of" or "in"."""
    end = at + 1
    while end < len(pieces):
        width = _description_width(pieces, end)
        if not width:
            break
        end += width
    return end


def _description_width(pieces: Sequence[_Piece], at: int) -> int:
    """How many pieces from ``at`` on describe the noun before them: 0 for none."""
    if pieces[at].gap.strip(_BLANKS) or not pieces[at].noun_first:
        return 0
    if pieces[at].kind in (Kind.ADJECTIVE, Kind.MODIFIER):
        return 1
    after = at
    while after < len(pieces) and pieces[after].kind is Kind.LITTLE and not pieces[after].gap.strip(_BLANKS):
        if pieces[after].text not in ("of", "in", "the", "a"):
            return 0
        after += 1
    if after >= len(pieces) or pieces[after].gap.strip(_BLANKS) or pieces[after].kind is not Kind.MODIFIER:
        return 0
    return after - at + 1


def _english_order(phrase: Sequence[_Piece]) -> list[_Piece]:
    noun, *others = phrase
    adjectives = [piece for piece in others if piece.kind is Kind.ADJECTIVE]
    modifiers = [piece for piece in others if piece.kind is Kind.MODIFIER]
    ordered = [*reversed(adjectives), *modifiers, noun]
    return [_Piece(noun.gap, ordered[0].text, None), *(_Piece(" ", each.text, None) for each in ordered[1:])]


def _joined(pieces: Sequence[_Piece]) -> str:
    """The text of the pieces; an apostrophe between two of them ("d'été") is a blank in English."""
    text = "".join(
        (" " if piece.gap.strip(" ") in _APOSTROPHES else piece.gap) + piece.text
        for piece in pieces
        if piece.text
    )
    tail = pieces[-1].gap if pieces and not pieces[-1].text else ""
    return " ".join(text.split(" ")).strip(" ") + tail
