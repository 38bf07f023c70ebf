"""What people need and the things that serve it: socks for "something warm for my feet"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from search.language.lexicon import NEED_STEMS, NEEDS, SEASONS
from search.language.tokens import stems

_MOST_WORDS = max(map(len, NEEDS))
# Combinations of more words than a need has cues would take long.
_MOST_CUES = 8

Table = Mapping[frozenset[str], Sequence[str]]


def needed(text: str) -> Sequence[Sequence[str]]:
    """The names of things that serve each need of a text, of the needs that it states with the most words;
    those for the season where it states no other.
    """
    cues = sorted({stem for stem in stems(text) if stem in NEED_STEMS})[:_MOST_CUES]
    for count in range(min(_MOST_WORDS, len(cues)), 0, -1):
        if found := list(_stated(cues, count, NEEDS)):
            return found
    return list(_stated(cues, 1, SEASONS))


def _stated(cues: Sequence[str], count: int, table: Table) -> Iterator[Sequence[str]]:
    for words in combinations(cues, count):
        things = table.get(frozenset(words))
        if things is not None:
            yield things
