"""From a vector_query in vectors and words to its frozen answer set: gather, score, fold, cap.

The answer set holds every product that passes the filters and either lies above the cut-off for this kind
of query or says the shopper's words; hits, facets, total and pages all come from it, so they always agree.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engine import IndexSnapshot
from search.fusion import fuse
from search.query import Filters
from search.ranking import curation, diversity
from search.ranking import score as ranking
from search.ranking.facets import FacetCounter, passing_all_but_one
from search.result import Facets
from search.vectors import Mask, Rows, Scores, Vectors, unit

CAP = 1000
# How many of the best for words alone and for the picture alone stand by for the slider.
RERANK_POOL = 12
# A product that says nearly as much of the words as any does answers them, however its picture looks; where
# the best say less than half, their few words in common are no answer.
LEXICAL_FLOOR = 0.8
LEAST_SPOKEN = 0.5


@dataclass(frozen=True)
class VectorQuery:
    """A query made ready for the index. At least one of ``image`` and ``text``, (d,) unit vectors, is set.

    ``weight`` is the picture's weight that applies: 1.0 without words, 0.0 without a picture.
    """

    weight: float
    filters: Filters
    image: Vectors | None = None
    text: Vectors | None = None
    # What BM25 makes of the words: (m,) index rows, ascending, and their relevance in [0, 1].
    lexical: tuple[Rows, Scores] | None = None
    # (n,) rows that may not answer: the product asked about, unwanted colours and words.
    excluded: Mask | None = None
    unwanted: Vectors | None = None
    taste: Vectors | None = None
    diversity: float = 0.0
    # Product key -> what staff add to its score for these words.
    placements: Mapping[int, float] = field(default_factory=dict)
    # What ``lexical`` and ``excluded`` were made from, in words that outlive a version of the index.
    said: str = ""
    # The words were all filters ("under 30"): whatever passes them answers.
    is_open: bool = False

    def digest(self) -> str:
        """A key that two questions share only when they have the same answer set on the same index, and that
        a vector_query keeps when the index moves on: its later pages follow its first one."""
        stated = (
            self.weight,
            self.diversity,
            self.filters,
            sorted(self.placements.items()),
            self.said,
            self.is_open,
        )
        digest = hashlib.sha256(repr(stated).encode())
        for part in (self.image, self.text, self.unwanted, self.taste):
            digest.update(b"-" if part is None else part.tobytes() + b"+")
        return digest.hexdigest()


@dataclass(frozen=True)
class ResultSet:
    """The frozen answer by relevance. Arrays are aligned; the first ``total`` rows are the answer.

    Rows behind ``total`` are rerank_pool: not part of the answer page by page, but the best for words or
    picture alone.
    """

    keys: NDArray[np.int64]
    score: Scores
    similarity: Scores
    image: Scores | None
    text: Scores | None
    relevance: Scores | None
    terms: dict[str, Scores]
    # For the other orders, frozen as well: NaN without a price; seconds since the epoch.
    price: NDArray[np.float64]
    created: NDArray[np.float64]
    # Product keys of the other variants each card stands for.
    variants: tuple[tuple[int, ...], ...]
    total: int
    is_capped: bool
    cutoff: float
    facets: Facets
    index_version: str
    generation: datetime | None


@dataclass(frozen=True)
class Scored:
    """Candidates with all their scores, aligned."""

    rows: Rows
    keys: NDArray[np.int64]
    image: Scores | None
    text: Scores | None
    relevance: Scores | None
    ranked: ranking.Ranked

    def taken(self, positions: Rows) -> dict[str, Any]:
        """The columns of an ResultSet for these positions."""
        return {
            "keys": self.keys[positions],
            "similarity": self.ranked.similarity[positions],
            "image": None if self.image is None else self.image[positions],
            "text": None if self.text is None else self.text[positions],
            "relevance": None if self.relevance is None else self.relevance[positions],
            "terms": {name: values[positions] for name, values in self.ranked.terms.items()},
        }


class CandidateGenerator:
    """One walk from a vector_query to its answer set, over one index, its columns and its calibration."""

    def __init__(self, vector_query: VectorQuery, snapshot: IndexSnapshot, *, now: datetime) -> None:
        self._vector_query = vector_query
        self._index = snapshot.index
        self._columns = snapshot.columns
        self._calibration = snapshot.calibration
        self._now = now

    def answer(self, stage: Callable[[str], AbstractContextManager[None]]) -> ResultSet:
        """The frozen answer set of the vector_query; ``stage`` times its parts."""
        with stage("search"):
            pool, cosines = self._pool()
        with stage("rank"):
            return self._answer(pool, cosines)

    def _answer(self, pool: Rows, cosines: Scores) -> ResultSet:
        counter = FacetCounter(self._columns, self._vector_query.filters, pool, cap=CAP)
        passing = np.isin(pool, counter.passing(), assume_unique=True)
        chosen, is_capped = self._capped(pool[passing], cosines[passing])
        rerank_pool = self._rerank_pool(chosen)
        scored = self._scored(np.concatenate([chosen, rerank_pool]))
        order, scores = self._ordered(scored, len(chosen))
        folded = diversity.fold(chosen[order], self._columns.group)
        cards = order[folded.cards]
        behind = np.arange(len(chosen), len(chosen) + len(rerank_pool))
        shown = np.concatenate([cards, behind])
        return ResultSet(
            **scored.taken(shown),
            price=self._columns.price[scored.rows[shown]],
            created=self._columns.created[scored.rows[shown]],
            score=np.concatenate([scores[folded.cards], scored.ranked.score[behind]]),
            variants=tuple(
                tuple(int(key) for key in scored.keys[order[others]]) for others in folded.variants
            ),
            total=len(cards),
            is_capped=is_capped,
            cutoff=max(self._cutoff(), 0.0),
            facets=counter.facets(),
            index_version=self._index.manifest.version,
            generation=self._columns.generation,
        )

    def _pool(self) -> tuple[Rows, Scores]:
        """Rows that answer, whatever one filter says, with their mixed cosines; best first."""
        allowed = passing_all_but_one(self._columns, self._vector_query.filters)
        if self._vector_query.excluded is not None:
            allowed &= ~self._vector_query.excluded
        direction, length = self._direction()
        floor = self._calibration.cosine(self._cutoff(), self._vector_query.weight)
        rows, cosines = self._index.scan(direction, floor=floor / length, allowed=allowed)
        named = self._named(allowed, rows)
        return np.concatenate([rows, named]), np.concatenate(
            [cosines, self._index.vectors[named] @ direction]
        )

    def _cutoff(self) -> float:
        return (
            -math.inf if self._vector_query.is_open else self._calibration.cutoff(self._vector_query.weight)
        )

    def _direction(self) -> tuple[Vectors, float]:
        """The unit vector of Ef and its length before: a cosine to Ef is a mixed similarity over it."""
        vector_query = self._vector_query
        if vector_query.image is None or vector_query.text is None:
            fused = vector_query.text if vector_query.image is None else vector_query.image
            assert fused is not None  # noqa: S101 - a VectorQuery has one of the two
            return fused, 1.0
        fused = fuse(vector_query.image, vector_query.text, self._calibration.alpha(vector_query.weight))
        return unit(fused), float(np.linalg.norm(fused))

    def _named(self, allowed: Mask, found: Rows) -> Rows:
        """Allowed rows that say the words or that staff placed, beyond those found by their vectors."""
        vector_query = self._vector_query
        rows = self._columns.rows_of([key for key, bonus in vector_query.placements.items() if bonus > 0])
        if vector_query.lexical is not None and vector_query.weight < 1.0:
            named, relevance = vector_query.lexical
            floor = LEXICAL_FLOOR * max(self._best_relevance(), LEAST_SPOKEN)
            rows = np.concatenate([rows, named[relevance >= floor]])
        return np.setdiff1d(rows[allowed[rows]], found)

    def _capped(self, rows: Rows, cosines: Scores) -> tuple[Rows, bool]:
        """At most CAP styles, the nearest first; whether any had to be left out."""
        order = ranking.order(cosines, self._columns.keys[rows])
        rows = rows[order]
        groups, first = np.unique(self._columns.group[rows], return_index=True)
        if len(groups) <= CAP:
            return rows, False
        kept = groups[np.argsort(first)[:CAP]]
        return rows[np.isin(self._columns.group[rows], kept)], True

    def _scored(self, rows: Rows) -> Scored:
        vector_query = self._vector_query
        image, text = (
            self._near(rows, vector_query.image, "image"),
            self._near(rows, vector_query.text, "text"),
        )
        relevance = self._relevance(rows)
        ranked = ranking.rank(
            weight=vector_query.weight,
            image=image,
            text=text,
            relevance=relevance,
            best_relevance=self._best_relevance(),
            taste=self._near(rows, vector_query.taste, "image"),
            unwanted=self._near(rows, vector_query.unwanted, "text"),
            curated=curation.bonuses(self._columns.keys[rows], vector_query.placements),
            in_stock=self._columns.in_stock[rows],
            age_days=np.maximum(0.0, self._now.timestamp() - self._columns.created[rows]) / 86_400,
            weights=ranking.Weights.configured(),
        )
        return Scored(rows, self._columns.keys[rows], image, text, relevance, ranked)

    def _near(self, rows: Rows, vector: Vectors | None, side: str) -> Scores | None:
        """Calibrated scores of rows against a vector, on one side's scale; not clipped, so that none tie."""
        if vector is None:
            return None
        scale = getattr(self._calibration, side)
        return scale.score(self._index.vectors[rows] @ vector)

    def _relevance(self, rows: Rows) -> Scores | None:
        if self._vector_query.lexical is None:
            return None
        known, relevance = self._vector_query.lexical
        if not len(known):
            return np.zeros(len(rows), np.float32)
        at = np.minimum(np.searchsorted(known, rows), len(known) - 1)
        return np.where(known[at] == rows, relevance[at], 0.0).astype(np.float32)

    def _best_relevance(self) -> float:
        """How well the catalogue speaks these words, whatever the filters leave of it."""
        _rows, relevance = self._vector_query.lexical or (None, np.empty(0, np.float32))
        return float(relevance.max(initial=0.0))

    def _ordered(self, scored: Scored, answered: int) -> tuple[Rows, Scores]:
        """Positions of the first ``answered`` candidates in their final order, and their scores in it."""
        scores, keys = scored.ranked.score[:answered], scored.keys[:answered]
        if not self._vector_query.diversity:
            order = ranking.order(scores, keys)
            return order, scores[order]
        vectors = self._index.vectors[scored.rows[:answered]]
        return diversity.diversify(scores, vectors, self._vector_query.diversity, keys=keys)

    def _rerank_pool(self, answered: Rows) -> Rows:
        """The best for the picture alone and for the words alone that are not in the answer's first page."""
        vector_query = self._vector_query
        if vector_query.image is None or vector_query.text is None:
            return np.empty(0, np.int64)
        allowed = self._columns.active.copy()
        for _name, mask in self._columns.filter_masks(vector_query.filters):
            allowed &= mask
        if vector_query.excluded is not None:
            allowed &= ~vector_query.excluded
        found = [
            self._index.nearest(vector, RERANK_POOL, allowed=allowed)[0]
            for vector in (vector_query.image, vector_query.text)
        ]
        return np.setdiff1d(np.concatenate(found), answered)
