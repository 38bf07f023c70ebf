"""From a question in vectors and words to its frozen answer set: gather, score, fold, cap.

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

from search.engine import Serving
from search.fusion import Vectors, fuse, unit
from search.index.columns import Mask
from search.query import Filters
from search.ranking import curation, diversity
from search.ranking import score as ranking
from search.ranking.facets import FacetCounter, passing_all_but_one
from search.result import Facets

CAP = 1000
# How many of the best for words alone and for the picture alone stand by for the slider.
CONTENDERS = 12
# A product that says nearly as much of the words as any does answers them, however its picture looks; where
# the best say less than half, their few words in common are no answer.
LEXICAL_FLOOR = 0.8
LEAST_SPOKEN = 0.5

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Question:
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
    barred: Mask | None = None
    unwanted: Vectors | None = None
    taste: Vectors | None = None
    diversity: float = 0.0
    # Product key -> what staff add to its score for these words.
    placements: Mapping[int, float] = field(default_factory=dict)
    # What ``lexical`` and ``barred`` were made from, in words that outlive a version of the index.
    said: str = ""
    # The words were all filters ("under 30"): whatever passes them answers.
    is_open: bool = False

    def digest(self) -> str:
        """A key that two questions share only when they have the same answer set on the same index, and that
        a question keeps when the index moves on: its later pages follow its first one."""
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
class AnswerSet:
    """The frozen answer by relevance. Arrays are aligned; the first ``total`` rows are the answer.

    Rows behind ``total`` are contenders: not part of the answer page by page, but the best for words or
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
        """The columns of an AnswerSet for these positions."""
        return {
            "keys": self.keys[positions],
            "similarity": self.ranked.similarity[positions],
            "image": None if self.image is None else self.image[positions],
            "text": None if self.text is None else self.text[positions],
            "relevance": None if self.relevance is None else self.relevance[positions],
            "terms": {name: values[positions] for name, values in self.ranked.terms.items()},
        }


class Gatherer:
    """One walk from a question to its answer set, over one index, its columns and its calibration."""

    def __init__(self, question: Question, serving: Serving, *, now: datetime) -> None:
        self._question = question
        self._index = serving.index
        self._columns = serving.columns
        self._calibration = serving.calibration
        self._now = now

    def answer(self, stage: Callable[[str], AbstractContextManager[None]]) -> AnswerSet:
        """The frozen answer set of the question; ``stage`` times its parts."""
        with stage("search"):
            pool, cosines = self._pool()
        with stage("rank"):
            return self._answer(pool, cosines)

    def _answer(self, pool: Rows, cosines: Scores) -> AnswerSet:
        counter = FacetCounter(self._columns, self._question.filters, pool, cap=CAP)
        passing = np.isin(pool, counter.passing(), assume_unique=True)
        chosen, is_capped = self._capped(pool[passing], cosines[passing])
        contenders = self._contenders(chosen)
        scored = self._scored(np.concatenate([chosen, contenders]))
        order, scores = self._ordered(scored, len(chosen))
        folded = diversity.fold(chosen[order], self._columns.group)
        cards = order[folded.cards]
        behind = np.arange(len(chosen), len(chosen) + len(contenders))
        shown = np.concatenate([cards, behind])
        return AnswerSet(
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
        allowed = passing_all_but_one(self._columns, self._question.filters)
        if self._question.barred is not None:
            allowed &= ~self._question.barred
        direction, length = self._direction()
        floor = self._calibration.cosine(self._cutoff(), self._question.weight)
        rows, cosines = self._index.scan(direction, floor=floor / length, allowed=allowed)
        named = self._named(allowed, rows)
        return np.concatenate([rows, named]), np.concatenate(
            [cosines, self._index.vectors[named] @ direction]
        )

    def _cutoff(self) -> float:
        return -math.inf if self._question.is_open else self._calibration.cutoff(self._question.weight)

    def _direction(self) -> tuple[Vectors, float]:
        """The unit vector of Ef and its length before: a cosine to Ef is a mixed similarity over it."""
        question = self._question
        if question.image is None or question.text is None:
            fused = question.text if question.image is None else question.image
            assert fused is not None  # noqa: S101 - a Question has one of the two
            return fused, 1.0
        fused = fuse(question.image, question.text, self._calibration.alpha(question.weight))
        return unit(fused), float(np.linalg.norm(fused))

    def _named(self, allowed: Mask, found: Rows) -> Rows:
        """Allowed rows that say the words or that staff placed, beyond those found by their vectors."""
        question = self._question
        rows = self._columns.rows_of([key for key, bonus in question.placements.items() if bonus > 0])
        if question.lexical is not None and question.weight < 1.0:
            named, relevance = question.lexical
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
        question = self._question
        image, text = self._near(rows, question.image, "image"), self._near(rows, question.text, "text")
        relevance = self._relevance(rows)
        ranked = ranking.rank(
            weight=question.weight,
            image=image,
            text=text,
            relevance=relevance,
            best_relevance=self._best_relevance(),
            taste=self._near(rows, question.taste, "image"),
            unwanted=self._near(rows, question.unwanted, "text"),
            curated=curation.bonuses(self._columns.keys[rows], question.placements),
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
        if self._question.lexical is None:
            return None
        known, relevance = self._question.lexical
        if not len(known):
            return np.zeros(len(rows), np.float32)
        at = np.minimum(np.searchsorted(known, rows), len(known) - 1)
        return np.where(known[at] == rows, relevance[at], 0.0).astype(np.float32)

    def _best_relevance(self) -> float:
        """How well the catalogue speaks these words, whatever the filters leave of it."""
        _rows, relevance = self._question.lexical or (None, np.empty(0, np.float32))
        return float(relevance.max(initial=0.0))

    def _ordered(self, scored: Scored, answered: int) -> tuple[Rows, Scores]:
        """Positions of the first ``answered`` candidates in their final order, and their scores in it."""
        scores, keys = scored.ranked.score[:answered], scored.keys[:answered]
        if not self._question.diversity:
            order = ranking.order(scores, keys)
            return order, scores[order]
        vectors = self._index.vectors[scored.rows[:answered]]
        return diversity.diversify(scores, vectors, self._question.diversity, keys=keys)

    def _contenders(self, answered: Rows) -> Rows:
        """The best for the picture alone and for the words alone that are not in the answer's first page."""
        question = self._question
        if question.image is None or question.text is None:
            return np.empty(0, np.int64)
        allowed = self._columns.active.copy()
        for _name, mask in self._columns.filter_masks(question.filters):
            allowed &= mask
        if question.barred is not None:
            allowed &= ~question.barred
        found = [
            self._index.nearest(vector, CONTENDERS, allowed=allowed)[0]
            for vector in (question.image, question.text)
        ]
        return np.setdiff1d(np.concatenate(found), answered)
