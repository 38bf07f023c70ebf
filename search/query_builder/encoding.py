"""Words encoded for a query, from the cache of embeddings where they are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import numpy as np

from search import engine
from search.engine import IndexSnapshot
from search.index.categories import step_key
from search.language.lexicon import VALID_WORDS
from search.language.tokens import phrase_key, stem
from search.language.tokens import words as split
from search.lexical.terms import Synonyms
from search.vectors import Vectors, unit

_LONGEST_NAME = 3
# Every other wording is one more run of the encoder.
_MOST_WORDINGS = 2
_SHORTEST_PART = 3


def encode_text(words: str, now: datetime) -> Vectors:
    """The unit vector (d,) of the words. Raises NotReady or Busy."""
    return engine.embed("text", words, lambda encoder: encoder.encode_text([words])[0], now=now)


def encode_words(words: str, snapshot: IndexSnapshot, synonyms: Synonyms, now: datetime) -> Vectors:
    """The unit vector (d,) of the words and of what else the catalogue calls the same, half of each.

    An encoder has seen few "plimsolls". Raises NotReady or Busy.
    """
    own = encode_text(words, now)
    others = [encode_text(each, now) for each in islice(_wordings(words, snapshot, synonyms), _MOST_WORDINGS)]
    return unit(own + np.mean(others, axis=0)) if others else own


def _wordings(text: str, snapshot: IndexSnapshot, synonyms: Synonyms) -> Iterator[str]:
    """The text with the last everyday name in it replaced by names of the catalogue's categories, or with a
    compound that the encoder does not know in two words.
    """
    named, tokens = snapshot.categories.named, split(text)
    for start, end in _spans(len(tokens)):
        phrase = " ".join(tokens[start:end])
        if step_key(phrase) in named:
            return
        others = [other for other in synonyms.get(phrase_key(phrase), ()) if step_key(other) in named]
        if others:
            yield from (" ".join([*tokens[:start], other, *tokens[end:]]) for other in others)
            return
    apart = [_apart(word) for word in tokens]
    if apart != tokens:
        yield " ".join(apart)


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """The spans of up to three of ``count`` words, the last first, the longest of one end first."""
    for end in range(count, 0, -1):
        yield from ((start, end) for start in range(max(0, end - _LONGEST_NAME), end))


def _apart(word: str) -> str:
    """A word that nobody listed and that is two listed ones, in two words: "rainjacket"."""
    if stem(word) in VALID_WORDS or engine.ready_encoder().knows(word):
        return word
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    parts = ((word[:cut], word[cut:]) for cut in cuts)
    return next((f"{a} {b}" for a, b in parts if stem(a) in VALID_WORDS and stem(b) in VALID_WORDS), word)
