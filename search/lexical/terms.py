"""From a query text to weighted terms: compounds, descriptions and synonyms as alternatives of a word."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from search.language.lexicon import GARMENTS
from search.language.tokens import stem, stems
from search.lexical.documents import COMPOUND, DESCRIBED
from search.lexical.matching.postings import Postings

# The share of a match in the description, or of a synonym, relative to the word itself.
_DESCRIBED_SHARE, _SYNONYM_SHARE = 0.5, 0.9
# The share of a phrase with synonyms whose words a product has apart: "Court" trainers are no court shoes.
_SCATTERED_SHARE = 0.5

# Stems of a word or phrase to its synonyms.
Synonyms = Mapping[str, tuple[str, ...]]
NO_SYNONYMS: Synonyms = MappingProxyType({})


@dataclass(frozen=True)
class Term:
    """One term of a query; the best of its alternatives counts.

    An alternative is a pair of token numbers that must all occur and the share of a full match in [0, 1].
    """

    alternatives: tuple[tuple[tuple[int, ...], float], ...]
    weight: float


def query_terms(text: str, postings: Postings, synonyms: Synonyms) -> list[Term]:
    tokens = list(dict.fromkeys(_joined(stems(text), postings)))
    longest = max((phrase.count(" ") + 1 for phrase in synonyms), default=0)
    terms, at = [], 0
    while at < len(tokens):
        width, alternatives = _synonyms_at(tokens[at : at + longest], synonyms)
        term = _term(tokens[at : at + width], alternatives, postings)
        # "sling" of "sling bag" is all there in a sling bag, though it only describes the bag.
        if width == 1 and (compound := _compound(tokens[at : at + 2], postings)):
            term = replace(term, alternatives=((compound, 1.0), *term.alternatives))
        terms.append(term)
        at += width
    return terms


def _compound(pair: Sequence[str], postings: Postings) -> tuple[int, ...]:
    """The token of a noun with the word before it, as titles have it; () where none does."""
    return postings.numbers([" ".join(pair)], COMPOUND) if len(pair) == 2 else ()


def compound_parts(token: str, postings: Postings) -> tuple[int, ...]:
    """Two known tokens that form an unknown one ("flipflop", "trackpant"): the most used pair, or ()."""
    cuts = [(stem(token[:cut]), stem(token[cut:])) for cut in range(3, len(token) - 2)]
    pairs = [numbers for cut in cuts if (numbers := postings.numbers(cut))]
    return max(pairs, key=lambda pair: min(len(postings.rows(number)) for number in pair), default=())


def _term(tokens: Sequence[str], synonyms: Iterable[str], postings: Postings) -> Term:
    is_compound = len(tokens) == 2 and tokens[-1] in GARMENTS
    literal = [
        (_compound(tokens, postings), 1.0),
        (postings.numbers(tokens), _SCATTERED_SHARE if is_compound else 1.0),
        (postings.numbers(tokens, DESCRIBED), _DESCRIBED_SHARE),
    ]
    alternatives = [alternative for alternative in literal if alternative[0]]
    if not alternatives and len(tokens) == 1 and (parts := compound_parts(tokens[0], postings)):
        alternatives = [(parts, 1.0)]
    alternatives += [
        (numbers, _SYNONYM_SHARE) for synonym in synonyms if (numbers := postings.numbers(stems(synonym)))
    ]
    return Term(tuple(alternatives), max(_weight(token, postings) for token in tokens))


def _weight(token: str, postings: Postings) -> float:
    """The root of Lucene's inverse document frequency; an unknown token counts as if one row had it."""
    size, count = postings.documents, max(postings.count(token), 1)
    return math.sqrt(math.log1p((size - count + 0.5) / (count + 0.5)) if count < size else 0.1)


def _joined(tokens: list[str], postings: Postings) -> Iterator[str]:
    """Tokens, with two neighbours joined where products have them as one word: "hand bag", "ab 1234"."""
    at = 0
    while at < len(tokens):
        pair = tokens[at : at + 2]
        joined = "".join(pair)
        if (
            len(pair) > 1
            and joined in postings.vocabulary
            and postings.count(joined) > min(map(postings.count, pair))
        ):
            yield joined
            at += 2
        else:
            yield pair[0]
            at += 1


def _synonyms_at(tokens: Sequence[str], synonyms: Synonyms) -> tuple[int, tuple[str, ...]]:
    """How many of ``tokens``, from the first on, are the longest phrase with synonyms, and these; (1, ())
    without.
    """
    for width in range(len(tokens), 0, -1):
        if others := synonyms.get(" ".join(tokens[:width])):
            return width, others
    return 1, ()
