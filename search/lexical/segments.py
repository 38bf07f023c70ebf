"""One lexical index over a base and its deltas, equal to an index built of all their products at once.

A word's share in a product is its saturated count over the one that it reaches where it describes best
(search/lexical/bm25.py). Its inverse document frequency is in both and cancels, so a share needs the mean
length of all documents, and the word's counts in them. Both follow the deltas.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.lexical.documents import DESCRIBED
from search.lexical.files import (
    COUNTS,
    FOLDER,
    LENGTHS,
    ROW_STARTS,
    ROWS,
    WORD_COUNTS,
    WRITTEN,
    WRITTEN_STARTS,
)
from search.lexical.matching.postings import Postings
from search.lexical.saturation import QUANTILE, norms, saturated
from search.lexical.tombstones import Tombstones
from search.vectors import Mask, Rows, common


@dataclass(frozen=True)
class LexicalSegment:
    """The words of one segment as they were written: nothing of it changes any more."""

    postings: Postings
    counts: NDArray[np.uint16]
    # (n,) tokens of each row.
    lengths: NDArray[np.int32]
    # How many products write a word.
    word_counts: Mapping[str, int]
    names: frozenset[str]


def removed(folder: Path, rows: Rows) -> Tombstones:
    """What is to be taken from the counts of the segment in ``folder`` when these rows are no longer found.

    Raises OSError where it was built without the words of each row.
    """
    source = folder / FOLDER
    holding, starts, written, written_starts = (
        np.load(source / name, mmap_mode="r") for name in (ROWS, ROW_STARTS, WRITTEN, WRITTEN_STARTS)
    )
    gone = np.zeros(len(written_starts), bool)
    gone[rows] = True
    tokens = np.searchsorted(starts, np.flatnonzero(gone[holding]), side="right") - 1
    numbers = Counter(
        number
        for row in rows.tolist()
        for number in written[written_starts[row] : written_starts[row + 1]].tolist()
    )
    words = list(json.loads((source / WORD_COUNTS).read_text("utf-8"))) if numbers else []
    by_word = {words[number]: count for number, count in numbers.items()}
    return Tombstones(rows, dict(Counter(tokens.tolist())), by_word)


def stored_counts(folder: Path, *, mapped: bool) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """Counts and lengths of the segment in ``folder``. Raises OSError where it was built without them."""
    source = folder / FOLDER
    mode = "r" if mapped else None
    return np.asarray(np.load(source / COUNTS, mmap_mode=mode)), np.load(source / LENGTHS)  # type: ignore[arg-type]  # numpy's stub names each mode


@dataclass(frozen=True)
class _Part:
    """A segment in its place: its first row in the whole, and what left it."""

    segment: LexicalSegment
    offset: int
    tombstones: Tombstones
    # (n,) rows that are found; None where all are.
    live: Mask | None = field(repr=False)

    @classmethod
    def of(cls, segment: LexicalSegment, offset: int, tombstones: Tombstones) -> _Part:
        live = None
        if len(tombstones.rows):
            live = np.ones(segment.postings.size, bool)
            live[tombstones.rows] = False
        return cls(segment, offset, tombstones, live)

    def count(self, token: str) -> int:
        """How many live rows have this token."""
        number = self.segment.postings.vocabulary.get(token)
        if number is None:
            return 0
        return len(self.segment.postings.rows(number)) - self.tombstones.tokens.get(number, 0)

    def rows(self, token: str) -> NDArray[np.int32]:
        """The live rows with this token, in the whole."""
        postings = self.segment.postings
        number = postings.vocabulary[token]
        rows = postings.rows(number)
        if self.live is not None and number in self.tombstones.tokens:
            rows = rows[self.live[rows]]
        return rows + np.int32(self.offset)

    def scores(self, token: str, rows: NDArray[np.integer], norm: NDArray[np.float32]) -> NDArray[np.float32]:
        """The token's saturated counts in ascending live rows of the whole; 0 where they do not have it."""
        postings, scores = self.segment.postings, np.zeros(len(rows), np.float32)
        number = postings.vocabulary[token]
        found, at = common(rows - self.offset, postings.rows(number))
        counts = self.segment.counts[postings.span(number)][at]
        scores[found] = saturated(counts, norm[rows[found]])
        return scores


class _Vocabulary(Mapping[str, int]):
    """The tokens that any live row has, numbered as they are asked for."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts
        self._numbers: dict[str, int] = {}
        self.tokens: list[str] = []

    def __getitem__(self, token: str) -> int:
        number = self._numbers.get(token)
        if number is not None:
            return number
        if not any(part.count(token) for part in self._parts):
            raise KeyError(token)
        # Another thread may append between the two steps, and then has another number for the same token.
        self.tokens.append(token)
        number = len(self.tokens) - 1
        while self.tokens[number] != token:
            number -= 1
        return self._numbers.setdefault(token, number)

    def __iter__(self) -> Iterator[str]:
        seen = {token for part in self._parts for token in part.segment.postings.vocabulary}
        return (token for token in seen if token in self)

    def __len__(self) -> int:
        return sum(1 for _token in self)


class SegmentedPostings(Postings):
    """As ``Postings``, over several segments without their tombstones."""

    def __init__(self, segments: Sequence[LexicalSegment], tombstones: Sequence[Tombstones]) -> None:
        offsets = np.cumsum([0, *(segment.postings.size for segment in segments)]).tolist()
        self._parts = [_Part.of(*each) for each in zip(segments, offsets, tombstones, strict=False)]
        self._tokens = _Vocabulary(self._parts)
        # The base class knows a dict, of which it and its callers only read.
        self.vocabulary = cast("dict[str, int]", self._tokens)
        self.size = int(offsets[-1])
        self.documents = self.size - sum(len(each.rows) for each in tombstones)
        self._best: dict[int, float] = {}

    def rows(self, number: int) -> NDArray[np.int32]:
        token = self._tokens.tokens[number]
        return np.concatenate([part.rows(token) for part in self._parts if part.count(token)])

    def row_count(self, number: int) -> int:
        token = self._tokens.tokens[number]
        return sum(part.count(token) for part in self._parts)

    def count(self, token: str) -> int:
        return sum(part.count(prefix + token) for part in self._parts for prefix in ("", DESCRIBED))

    def _shares(self, number: int, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        return np.asarray(np.minimum(self._scores(number, rows) / self._reference(number), np.float32(1)))

    def _reference(self, number: int) -> np.float32:
        """What the token reaches in the documents that it describes best."""
        if number not in self._best:
            self._best[number] = float(np.quantile(self._scores(number, self.rows(number)), QUANTILE))
        return np.float32(self._best[number])

    def _scores(self, number: int, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """The saturated counts of a token in ascending live rows (c,)."""
        token = self._tokens.tokens[number]
        bounds = np.searchsorted(rows, [part.offset for part in self._parts[1:]])
        found = [
            part.scores(token, own, self._norms) if part.count(token) else np.zeros(len(own), np.float32)
            for part, own in zip(self._parts, np.split(rows, bounds), strict=True)
        ]
        return np.concatenate(found)

    @cached_property
    def _norms(self) -> NDArray[np.float32]:
        lengths = np.concatenate([part.segment.lengths for part in self._parts])
        live = np.concatenate(
            [
                np.ones(len(part.segment.lengths), bool) if part.live is None else part.live
                for part in self._parts
            ]
        )
        # One product without a word is the token that a build adds for an empty catalogue.
        return norms(lengths, float(lengths[live].mean(dtype=np.float64)) if live.any() else 1.0)


def written_counts(segments: Sequence[LexicalSegment], tombstones: Sequence[Tombstones]) -> dict[str, int]:
    """How many products write each word, over all segments without what left them."""
    counts = dict(segments[0].word_counts)
    for segment in segments[1:]:
        for word, count in segment.word_counts.items():
            counts[word] = counts.get(word, 0) + count
    for each in tombstones:
        for word, count in each.words.items():
            counts[word] -= count
            if not counts[word]:
                del counts[word]
    return counts
