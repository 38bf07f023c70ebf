"""Lexical relevance: which products the shopper's very words name, by a BM25 index beside the vectors.

An encoder knows what "puma" looks like, at best; BM25 knows where it is written. The index is built with
the vectors, published in the same version folder, and aligned with their rows by order.

**Relevance in [0, 1].** bm25s scores each word in each document. Here every score is divided by the one
that word reaches in the documents it describes best (the 90th percentile of its scores), cut at 1, and
weighed with the square root of the word's inverse document frequency over all words asked:

    relevance(q, d) = Σ √idf(t)·min(1, bm25(t, d) / reference(t)) / Σ √idf(t)      over t in q

The root keeps one rare word from speaking for the whole query: of "party shoes", shoes are not the lesser
half. A product of the right brand and the right type scores about 1, whatever their length, and a product
that has only the common half of the words scores little.
"""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import cast

import bm25s
import numpy as np
from numpy.typing import NDArray

from search.language.patterns import RIGHT_WORDS
from search.language.spelling import Speller
from search.language.tokens import STOP_WORDS, stem, stems, words
from search.lexical import completions as phrases
from search.lexical.documents import DESCRIBED, LexicalDocument
from search.vectors import Rows, Scores

# bm25s logs every build at DEBUG, whatever the project's own level.
logging.getLogger("bm25s").setLevel(logging.WARNING)

FOLDER = "lexical"
_REFERENCES = "references.npy"
_WORDS = "words.json"
# Read by search/suggest.py: what the search box may complete.
PHRASES = "phrases.json"

# Titles are short and alike in length, so length says little: b is low (0 ignores it, 1 normalises fully).
_K1, _B = 1.2, 0.2
# A word of the description, or a synonym, counts this much of the word itself.
_DESCRIBED_SHARE, _SYNONYM_SHARE = 0.5, 0.9
_QUANTILE = 0.9
_LONGEST_SYNONYM = 3

Synonyms = Mapping[str, tuple[str, ...]]
_NO_SYNONYMS: Synonyms = MappingProxyType({})


class LexicalError(Exception):
    """The lexical part of an index version is missing or damaged."""


def build(documents: Sequence[LexicalDocument], folder: Path) -> None:
    """Write the index of ``documents`` (one per index row, in row order) under ``folder``."""
    vocabulary: dict[str, int] = {"": 0}
    rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in each.tokens()] for each in documents]
    engine = bm25s.BM25(k1=_K1, b=_B, method="lucene", backend="numpy", csc_backend="numpy")
    # The unused token keeps bm25s from averaging over nothing when the catalogue has no products yet.
    engine.index((rows or [[0]], vocabulary), create_empty_token=False, show_progress=False)
    engine.save(folder / FOLDER, show_progress=False)
    np.save(folder / FOLDER / _REFERENCES, _references(engine.scores["data"], engine.scores["indptr"]))
    counts = Counter(word for document in documents for word in document.surface())
    (folder / FOLDER / _WORDS).write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
    completions = [asdict(phrase) for phrase in phrases.collect(documents)]
    (folder / FOLDER / PHRASES).write_text(json.dumps(completions, ensure_ascii=False), encoding="utf-8")


def _references(data: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Per token (v,), the score of the documents it describes best."""
    slices = (data[start:end] for start, end in pairwise(starts))
    return np.array([np.quantile(part, _QUANTILE) if len(part) else 1.0 for part in slices], np.float32)


@dataclass(frozen=True)
class _Term:
    """One word asked: ways to have it, (token numbers that must all occur, share); the best one counts."""

    alternatives: tuple[tuple[tuple[int, ...], float], ...]
    weight: float


class LexicalIndex:
    """A loaded index; immutable, so that threads share it."""

    def __init__(
        self, engine: bm25s.BM25, references: NDArray[np.float32], counts: Mapping[str, int]
    ) -> None:
        self._vocabulary: dict[str, int] = engine.vocab_dict
        self._data: NDArray[np.float32] = engine.scores["data"]
        self._rows: NDArray[np.int32] = engine.scores["indices"]
        self._starts: NDArray[np.int64] = engine.scores["indptr"]
        self._references = references
        self._speller = Speller(counts)
        self.size = int(engine.scores["num_docs"])

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Map the index of a version folder. Raises LexicalError when it is missing or damaged."""
        place = folder / FOLDER
        try:
            engine = bm25s.BM25.load(place, mmap=True, show_progress=False)
            references = np.load(place / _REFERENCES)
            counts = json.loads((place / _WORDS).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LexicalError(f"The lexical index in {folder.name} cannot be read: {error}") from error
        if len(references) != len(engine.scores["indptr"]) - 1:
            raise LexicalError(f"The lexical index in {folder.name} does not fit together.")
        return cls(engine, references, counts)

    def scores(
        self, text: str, *, synonyms: Synonyms = _NO_SYNONYMS, limit: int | None = None
    ) -> tuple[Rows, Scores]:
        """The rows (m,) that have any of the words, ascending, and their relevance (m,) in [0, 1].

        ``synonyms`` maps stems of a word or phrase (``curation.Curation.synonyms``) to what else it is
        called; ``limit`` keeps the best so many, ties by row.
        """
        terms = self._terms(text, synonyms)
        total = np.zeros(self.size, np.float32)
        for term in terms:
            self._add(total, term)
        rows = np.flatnonzero(total)
        if not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        relevance = np.minimum(total[rows] / np.float32(sum(term.weight for term in terms)), np.float32(1))
        if limit is not None and len(rows) > limit:
            best = np.sort(np.argsort(-relevance, kind="stable")[:limit])
            rows, relevance = rows[best], relevance[best]
        return rows, relevance

    def rows_with(self, phrase: str) -> Rows:
        """Rows (ascending) whose product has every word of ``phrase`` outside its description."""
        tokens = [self._vocabulary.get(token) for token in stems(phrase)]
        if not tokens or None in tokens:
            return np.empty(0, np.int64)
        found = self._slice(cast("int", tokens[0]))[0]
        for token in tokens[1:]:
            found = np.intersect1d(found, self._slice(cast("int", token))[0], assume_unique=True)
        return np.sort(found).astype(np.int64)

    def count(self, word: str) -> int:
        """How many products have this word, descriptions included."""
        return self._count(stem(word))

    def did_you_mean(
        self,
        text: str,
        *,
        synonyms: Synonyms = _NO_SYNONYMS,
        is_word: Callable[[str], bool] = lambda _word: False,
    ) -> str:
        """``text`` with each word that no product has replaced by the nearest one that some have; "" when
        every word is known or nothing is near. What ``is_word`` is no slip of the pen, and stays: a shop
        without tank tops is not asked for tan ones. It is offered, never applied."""
        spelled = words(text)
        if not spelled or not any(map(str.isalpha, spelled)) or self._is_code(spelled):
            return ""
        corrected = [word if is_word(word) else self._corrected(word, synonyms) for word in spelled]
        return " ".join(corrected) if corrected != spelled else ""

    def _is_code(self, spelled: list[str]) -> bool:
        """Whether the words together are an article number ("demo-1042")."""
        return any(map(str.isdigit, spelled)) and "".join(spelled) in self._vocabulary

    def _corrected(self, word: str, synonyms: Synonyms) -> str:
        token = stem(word)
        is_right = word in STOP_WORDS or token in RIGHT_WORDS or token in synonyms
        known = is_right or self._count(token) or self._split(token)
        return word if known else self._speller.correct(word) or word

    def _slice(self, token: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        span = slice(int(self._starts[token]), int(self._starts[token + 1]))
        return self._rows[span], self._data[span]

    def _shares(self, token: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows that have a token, and how fully each has it, in (0, 1]."""
        rows, scores = self._slice(token)
        return rows, np.minimum(scores / self._references[token], np.float32(1))

    def _add(self, total: NDArray[np.float32], term: _Term) -> None:
        if len(term.alternatives) == 1 and len(term.alternatives[0][0]) == 1:
            (token,), share = term.alternatives[0]
            rows, found = self._shares(token)
            # bm25s keeps each row once per token, so plain indexing adds up.
            total[rows] += found * np.float32(term.weight * share)
            return
        best = np.zeros(self.size, np.float32)
        for tokens, share in term.alternatives:
            rows, found = self._all_of(tokens)
            best[rows] = np.maximum(best[rows], found * np.float32(share))
        total += best * np.float32(term.weight)

    def _all_of(self, tokens: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Rows that have all the tokens, each with its weakest share."""
        rows, found = self._shares(tokens[0])
        for token in tokens[1:]:
            other_rows, other = self._shares(token)
            rows, left, right = np.intersect1d(rows, other_rows, assume_unique=True, return_indices=True)
            found = np.minimum(found[left], other[right])
        return rows, found

    def _terms(self, text: str, synonyms: Synonyms) -> list[_Term]:
        tokens = list(dict.fromkeys(self._repaired(stems(text))))
        terms, place = [], 0
        while place < len(tokens):
            width, others = _synonym_at(tokens, place, synonyms)
            terms.append(self._term(tokens[place : place + width], others))
            place += width
        return terms

    def _term(self, tokens: Sequence[str], others: Iterable[str]) -> _Term:
        ways = [(self._all_known(tokens), 1.0), (self._all_known(tokens, DESCRIBED), _DESCRIBED_SHARE)]
        alternatives = [way for way in ways if way[0]]
        if not alternatives and len(tokens) == 1 and (parts := self._split(tokens[0])):
            alternatives = [(parts, 1.0)]
        alternatives += [(k, _SYNONYM_SHARE) for other in others if (k := self._all_known(stems(other)))]
        return _Term(tuple(alternatives), max(map(self._weight, tokens)))

    def _all_known(self, tokens: Sequence[str], prefix: str = "") -> tuple[int, ...]:
        numbers = [self._vocabulary.get(prefix + token) for token in tokens]
        return () if None in numbers else cast("tuple[int, ...]", tuple(numbers))

    def _count(self, token: str) -> int:
        numbers = [self._vocabulary.get(prefix + token) for prefix in ("", DESCRIBED)]
        return sum(int(self._starts[n + 1] - self._starts[n]) for n in numbers if n is not None)

    def _weight(self, token: str) -> float:
        """The root of Lucene's inverse document frequency; a word that nobody has counts as if one product
        had it."""
        count = max(self._count(token), 1)
        return math.sqrt(math.log1p((self.size - count + 0.5) / (count + 0.5)) if count < self.size else 0.1)

    def _repaired(self, tokens: list[str]) -> Iterator[str]:
        """Tokens, with two neighbours joined where shops write them as one: "hand bag", "ab 1234"."""
        place = 0
        while place < len(tokens):
            pair = tokens[place : place + 2]
            joined = "".join(pair)
            if (
                len(pair) > 1
                and joined in self._vocabulary
                and self._count(joined) > min(map(self._count, pair))
            ):
                yield joined
                place += 2
            else:
                yield pair[0]
                place += 1

    def _split(self, token: str) -> tuple[int, ...]:
        """Two known words that an unknown one is made of ("flipflop", "trackpant"): the most used pair."""
        cuts = [(stem(token[:cut]), stem(token[cut:])) for cut in range(3, len(token) - 2)]
        pairs = [known for cut in cuts if (known := self._all_known(cut))]
        return max(pairs, key=lambda pair: min(len(self._slice(n)[0]) for n in pair), default=())


def _synonym_at(tokens: Sequence[str], place: int, synonyms: Synonyms) -> tuple[int, tuple[str, ...]]:
    """How many tokens from ``place`` on are one known phrase, and what else it is called."""
    for width in range(_LONGEST_SYNONYM, 0, -1) if synonyms else ():
        phrase = " ".join(tokens[place : place + width])
        if place + width <= len(tokens) and phrase in synonyms:
            return width, synonyms[phrase]
    return 1, ()
