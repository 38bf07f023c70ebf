"""What a text excludes: "not red", "without a collar or buttons", "kein Leder", "-red"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.language.lexicon import (
    AFTER_FREE,
    AFTER_NO,
    AFTER_NO_AMOUNTS,
    AFTER_NOT,
    ALTERNATIVES,
    AMOUNTS,
    BEFORE_NUMBERS,
    BOUNDARIES,
    COMPANIONS,
    DEGREES,
    FEATURES,
    FILLERS,
    JOINERS,
    LACKING_IT,
    NEGATIONS,
    NEGATORS,
    OPPOSITES,
    REPEATED_NEGATORS,
    TASTES,
    TO_NEGATIONS,
    TRAILING_NEGATORS,
)
from search.language.tokenizer import Token
from search.language.vocabulary import NamedValue, Vocabulary

_FIELDS = ("brand", "category", "colour", "gender", "material", "pattern")
# What may stand behind an exclusion without being part of it. "Logo print" is one thing.
_SAID_BEHIND = ("brand", "colour", "gender", "material")
# A longer phrase is no longer the name of one thing.
_MAX_CONCEPT_TOKENS = 2


@dataclass(frozen=True)
class Exclusion:
    """One unwanted thing: a value of the catalogue, or else a concept in folded words.

    Its words are the characters from ``start`` to ``end``, without the negation. ``instead`` is None for what
    is excluded; else no more than less of it is wanted ("not too short"), and this may be asked for: "long".
    """

    named: NamedValue | None
    concept: str
    start: int
    end: int
    instead: str | None = None


@dataclass(frozen=True)
class Negation:
    """A negation and the things that it excludes, as characters of the text: the words from ``start`` to
    ``end``, and those from ``lead`` on mean nothing without it ("that are not red"). ``instead`` are words to
    ask for in its place.
    """

    exclusions: tuple[Exclusion, ...]
    instead: tuple[str, ...]
    lead: int
    start: int
    end: int

    @classmethod
    def of(cls, things: Sequence[Exclusion], *, lead: int, start: int, end: int) -> Negation:
        """A negation of these things, of which some may be excluded."""
        instead = tuple(each.instead for each in things if each.instead)
        return cls(tuple(each for each in things if each.instead is None), instead, lead, start, end)


def negated(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Negation]:
    """The negations of a text, from left to right, without overlaps."""
    at, done = 0, 0
    while at < len(tokens):
        width = _negation_width(tokens, at, vocabulary)
        if width or tokens[at].has_dash:
            exclusions, after = _group(tokens, at + width, vocabulary)
            start = tokens[at].start
            lead, end = _lead(tokens, at, done), exclusions[-1].end
            yield Negation.of(exclusions, lead=lead, start=start, end=end)
            at = done = after
        elif at > done and _excludes_before(tokens, at, vocabulary):
            things, end = _all_before(tokens, at, done, vocabulary), tokens[at].end
            yield Negation.of(things, lead=things[0].start, start=things[0].start, end=end)
            at = done = at + 1
        else:
            at += 1


def listed(tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Exclusion]:
    """The things of a list, separated by commas, "and" or "or"."""
    at = 0
    while at < len(tokens):
        exclusion, at = _thing(tokens, at, vocabulary)
        yield replace(exclusion, instead=None)


def _negation_width(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> int:
    """How many tokens from ``at`` on negate what follows them; 0 where they do not."""
    width = next((len(each) for each in NEGATIONS if _are(tokens[at : at + len(each)], each)), 0)
    width = width or int(tokens[at].folded in NEGATORS or _is_repeated(tokens, at))
    after = at + width
    if not width or after == len(tokens) or any(token.ends_phrase for token in tokens[at:after]):
        return 0
    # A brand may begin with a negator: "No Nonsense".
    is_brand = vocabulary.match(tokens, at, fields=("brand",)) is not None
    return 0 if is_brand or (width == 1 and _is_idiom(tokens[at], tokens[after])) else width


def _is_repeated(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token begins a row of negators: "ni rouge ni noir", but not "noch rote Kleider"."""
    word = tokens[at].folded
    return word in REPEATED_NEGATORS and any(each.folded == word for each in tokens[at + 1 :])


def _excludes_before(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Whether the token at ``at`` negates the one before it: "black excluded", "leather-free"."""
    if tokens[at].folded not in LACKING_IT:
        return tokens[at].folded in TRAILING_NEGATORS
    before, behind = tokens[at - 1], tokens[at + 1 : at + 2]
    is_part = before.folded in FEATURES or vocabulary.match(tokens, at - 1, fields=("material", "pattern"))
    return bool(is_part) and not before.ends_phrase and not any(each.folded in AFTER_FREE for each in behind)


def _are(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    return tuple(token.folded for token in tokens) == words


def _is_idiom(negator: Token, following: Token) -> bool:
    if negator.folded in BEFORE_NUMBERS and following.folded[0].isdigit():
        return True
    idioms = AFTER_NO | AFTER_NO_AMOUNTS if negator.folded in ("no", "non") else AFTER_NOT
    return following.folded in idioms


def _lead(tokens: Sequence[Token], at: int, least: int) -> int:
    """The offset of the words directly before a negation that only lead to it, from token ``least`` on."""
    while at > least and tokens[at - 1].folded in TO_NEGATIONS and not tokens[at - 1].ends_phrase:
        at -= 1
    return tokens[at].start


def _all_before(tokens: Sequence[Token], at: int, least: int, vocabulary: Vocabulary) -> list[Exclusion]:
    """The things that end before token ``at``: one, or several of one field, joined by "or" or "and"."""
    thing, start = _before(tokens, at, least, vocabulary)
    things = [thing]
    while start - 2 >= least and tokens[start - 1].folded in JOINERS and not tokens[start - 2].ends_phrase:
        other, start = _before(tokens, start - 1, least, vocabulary)
        if not _are_alike(other.named, things[0].named):
            break
        things.insert(0, other)
    return things


def _before(tokens: Sequence[Token], at: int, least: int, vocabulary: Vocabulary) -> tuple[Exclusion, int]:
    """The thing that ends before token ``at``, the longest value of the catalogue or else one word, and the
    index of its first token.
    """
    for start in range(max(least, at - vocabulary.longest), at - 1):
        named = vocabulary.match(tokens, start, fields=_FIELDS)
        if named is not None and start + named.width == at:
            return _exclusion(tokens, start, named, at), start
    thing = _exclusion(tokens, at - 1, vocabulary.match(tokens, at - 1, fields=_FIELDS), at)
    degree = tokens[at - 2] if at - 2 >= least else None
    if degree is not None and degree.folded in DEGREES:
        return replace(thing, instead=OPPOSITES.get(thing.concept, ""), start=degree.start), at - 2
    return thing, at - 1


def _are_alike(one: NamedValue | None, other: NamedValue | None) -> bool:
    return one is not None and other is not None and one.field == other.field


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
    return _are_alike(previous, following) or tokens[at].folded in ALTERNATIVES


def _thing(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> tuple[Exclusion, int]:
    """The thing from token ``at`` on, fillers skipped, and the next token's index."""
    is_less = _is_degree(tokens, at, vocabulary)
    while at < len(tokens) - 1 and tokens[at].folded in FILLERS | JOINERS | NEGATORS:
        is_less |= tokens[at].folded in DEGREES
        at += 1
    is_adjective = is_less or tokens[at].folded in TASTES
    if is_less and tokens[at].folded in AMOUNTS and at < len(tokens) - 1:
        is_adjective, at = False, at + 1
    named = vocabulary.match(tokens, at, fields=_FIELDS)
    if named is not None:
        after = at + named.width
    else:
        after = at + 1 if is_adjective else _concept_end(tokens, at, vocabulary)
    thing = _exclusion(tokens, at, named, after)
    return (replace(thing, instead=OPPOSITES.get(thing.concept, "")) if is_less else thing), after


def _is_degree(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Whether a "to" behind a negation is meant as "too", as it often is, and as the German "zu" may be."""
    behind = tokens[at + 1 : at + 2]
    is_to = tokens[at].folded == "to" and not tokens[at].ends_phrase
    return is_to and any(
        each.folded not in FILLERS | COMPANIONS and each.stem not in vocabulary.garments for each in behind
    )


def _exclusion(tokens: Sequence[Token], at: int, named: NamedValue | None, after: int) -> Exclusion:
    concept = " ".join(token.folded for token in tokens[at:after])
    return Exclusion(
        # Of the catalogue's colours none is as narrow as "navy": a concept.
        named=None if named is not None and named.is_broader else named,
        concept=concept,
        start=tokens[at].start,
        end=tokens[after - 1].end,
        instead=OPPOSITES.get(concept) if named is None else None,
    )


def _concept_end(tokens: Sequence[Token], at: int, vocabulary: Vocabulary) -> int:
    """The index after a thing that the catalogue has no value for: at most two tokens, up to a joiner, a
    garment ("no sleeves top" asks for a top) or a value that says more of it ("no hood black")."""
    end = at + 1
    while end < min(len(tokens), at + _MAX_CONCEPT_TOKENS) and not tokens[end - 1].ends_phrase:
        is_boundary = tokens[end].folded in BOUNDARIES | NEGATORS
        # Tokens with the same offsets come from one foreign word.
        is_compound = tokens[end].start == tokens[at].start
        is_said_of_it = vocabulary.match(tokens, end, fields=_SAID_BEHIND) is not None
        if is_boundary or ((tokens[end].stem in vocabulary.garments or is_said_of_it) and not is_compound):
            break
        end += 1
    return end
