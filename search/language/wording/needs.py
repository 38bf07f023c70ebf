"""What people need and the things that serve it: socks for "something warm for my feet"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from search.language.lexicon import NEEDS
from search.language.tokens import stems

_MOST_WORDS = max(map(len, NEEDS))
# Every word that is part of some need.
_CUES = frozenset().union(*NEEDS)


def needed(text: str) -> Sequence[Sequence[str]]:
    """The names of things that serve each need of a text, of the needs that it states with the most words."""
    cues = sorted({stem for stem in stems(text) if stem in _CUES})
    for count in range(min(_MOST_WORDS, len(cues)), 0, -1):
        if found := list(_stated(cues, count)):
            return found
    return ()


def _stated(cues: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    for words in combinations(cues, count):
        things = NEEDS.get(frozenset(words))
        if things is not None:
            yield things
