"""What a text excludes: "not red", "without a collar or buttons", "kein Leder", "-red"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.language.lexicon import AFTER_NO, ALTERNATIVES, BOUNDARIES, FILLERS, JOINERS, NEGATORS
from search.language.tokenizer import Token
from search.language.vocabulary import NamedValue, Vocabulary

_FIELDS = ("brand", "category", "colour", "gender", "material", "pattern")
# A longer phrase is no longer the name of one thing.
_MAX_CONCEPT_TOKENS = 2


@dataclass(frozen=True)
class Exclusion:
    """One unwanted thing: a value of the catalogue, or else a concept in folded words.

    Its words are the characters from ``start`` to ``end``, without the negation.
    """

    named: NamedValue | None
    concept: str
    start: int
    end: int


def negated(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[tuple[int, list[Exclusion]]]:
    """For each negation in a text, its character offset and the things it excludes."""
    at = 0
    while at < len(tokens):
        if tokens[at].has_dash or _negates(tokens, at, vocabulary):
            start = tokens[at].start
            exclusions, at = _group(tokens, at + (not tokens[at].has_dash), vocabulary)
            yield start, exclusions
        else:
            at += 1


def listed(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Exclusion]:
    """The things of a list, separated by commas, "and" or "or"."""
    at = 0
    while at < len(tokens):
        exclusion, at = _thing(tokens, at, vocabulary)
        yield exclusion


def _negates(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    token = tokens[at]
    if token.folded not in NEGATORS or at + 1 == len(tokens) or token.ends_phrase:
        return False
    is_idiom = token.folded == "no" and tokens[at + 1].folded in AFTER_NO
    # A brand may begin with a negator: "No Nonsense".
    return not is_idiom and vocabulary.match(tokens, at, fields=("brand",)) is None


def _group(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> tuple[list[Exclusion], int]:
    """The things from token ``at`` on, joined by "or" or "and", and the next token's index."""
    exclusion, after = _thing(tokens, at, vocabulary)
    exclusions = [exclusion]
    while _continues(tokens, after, exclusion.named, vocabulary):
        exclusion, after = _thing(tokens, after + 1, vocabulary)
        exclusions.append(exclusion)
    return exclusions, after


def _continues(tokens: Sequence[Token], at: int, previous: NamedValue | None, vocabulary: Vocabulary) -> bool:
    """Whether the token at ``at`` leads to another unwanted thing: "or" does, "and" only to one of the same
    field."""
    if at + 1 >= len(tokens) or tokens[at - 1].ends_phrase or tokens[at].folded not in JOINERS:
        return False
    following = vocabulary.match(tokens, at + 1, fields=_FIELDS)
    alike = previous is not None and following is not None and previous.field == following.field
    return alike or tokens[at].folded in ALTERNATIVES


def _thing(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> tuple[Exclusion, int]:
    """The thing from token ``at`` on, fillers skipped, and the next token's index."""
    while at < len(tokens) - 1 and tokens[at].folded in FILLERS | JOINERS | NEGATORS:
        at += 1
    named = vocabulary.match(tokens, at, fields=_FIELDS)
    after = at + named.width if named else _concept_end(tokens, at, vocabulary)
    exclusion = Exclusion(
        # Of the catalogue's colours none is as narrow as "navy": a concept.
        named=None if named is not None and named.is_broader else named,
        concept=" ".join(token.folded for token in tokens[at:after]),
        start=tokens[at].start,
        end=tokens[after - 1].end,
    )
    return exclusion, after


def _concept_end(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> int:
    """The index after a thing that the catalogue has no value for: at most two tokens, up to a joiner or a
    garment ("no sleeves top" asks for a top)."""
    end = at + 1
    while end < min(len(tokens), at + _MAX_CONCEPT_TOKENS) and not tokens[end - 1].ends_phrase:
        is_boundary = tokens[end].folded in BOUNDARIES | NEGATORS
        # Tokens with the same offsets come from one foreign word.
        is_compound = tokens[end].start == tokens[at].start
        if is_boundary or (tokens[end].stem in vocabulary.garments and not is_compound):
            break
        end += 1
    return end
