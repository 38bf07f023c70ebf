"""From a vector query to its frozen result set: gather candidates, score, fold, cap.

The result set holds every product that passes the filters and either lies above the cut-off for this kind
of query or matches the shopper's words; hits, facets, total and pages all come from it, so they agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from search.candidates import browsing
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.fusion import fuse
from search.ranking import curation, diversity, rules, score
from search.ranking.facets import FacetCounter, passing_all_but_one
from search.ranking.weights import configured_weights
from search.vectors import Keys, Mask, Rows, Scores, Vectors, unit

# Cards in a result set at most.
CAP = 1000
# Products beside the result set for each side: the best for the words alone and for the picture alone.
RERANK_POOL = 12
# A product that contains nearly as many of the words as any does answers them, whatever its picture; where
# the best contains less than half of them, a few words in common are no answer.
LEXICAL_FLOOR = 0.8
LEAST_COVERAGE = 0.5


@dataclass(frozen=True)
class ScoredCandidates:
    """c candidates with all their scores, aligned."""

    rows: Rows
    keys: Keys
    image: Scores | None
    text: Scores | None
    relevance: Scores | None
    ranked: score.Ranked

    def taken(self, positions: Rows) -> dict[str, Any]:
        """The arrays of a ResultSet for these positions."""
        return {
            "keys": self.keys[positions],
            "similarity": self.ranked.similarity[positions],
            "image": None if self.image is None else self.image[positions],
            "text": None if self.text is None else self.text[positions],
            "relevance": None if self.relevance is None else self.relevance[positions],
            "terms": {name: values[positions] for name, values in self.ranked.terms.items()},
        }


class CandidateGenerator:
    """One pass from a vector query to its result set, over one snapshot of the index."""

    def __init__(self, query: VectorQuery, snapshot: IndexSnapshot, *, now: datetime) -> None:
        self._query = query
        self._snapshot = snapshot
        self._index = snapshot.index
        self._columns = snapshot.columns
        self._calibration = snapshot.calibration
        self._bm25 = snapshot.lexical
        self._now = now

    def result_set(self, stage: Callable[[str], AbstractContextManager[None]]) -> ResultSet:
        """The frozen result set of the query; ``stage`` times its parts."""
        if self._query.is_browse:
            with stage("rank"):
                return browsing.result_set(
                    self._query, self._snapshot, excluded=self._excluded, cap=CAP, now=self._now
                )
        with stage("search"):
            pool, cosines = self._pool()
        with stage("rank"):
            return self._ranked(pool, cosines)

    def has_answer(self) -> bool:
        """Whether the result set has any product, without ranking it."""
        rows, _cosines = self._pool()
        return bool(self._columns.passing(self._query.filters)[rows].any())

    def _ranked(self, pool: Rows, cosines: Scores) -> ResultSet:
        counter = FacetCounter(self._columns, self._query.filters, pool, cap=CAP)
        passing = np.isin(pool, counter.passing(), assume_unique=True)
        chosen, is_capped = self._capped(pool[passing], cosines[passing])
        rerank_pool = self._rerank_pool(chosen)
        scored = self._scored(np.concatenate([chosen, rerank_pool]))
        order, scores = self._ordered(scored, len(chosen))
        folded = diversity.fold(chosen[order], self._columns.group)
        cards = order[folded.cards]
        outside = np.arange(len(chosen), len(chosen) + len(rerank_pool))
        kept = np.concatenate([cards, outside])
        return ResultSet(
            **scored.taken(kept),
            price=self._columns.price[scored.rows[kept]],
            created=self._columns.created[scored.rows[kept]],
            score=np.concatenate([scores[folded.cards], scored.ranked.score[outside]]),
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
        """Rows that answer when any one filter is left out, with their mixed cosines; best first.

        Facets count what each filter hides, so the pool is wider than the result set.
        """
        allowed = passing_all_but_one(self._columns, self._query.filters) & ~self._excluded
        direction, length = self._direction()
        floor = self._calibration.cosine(self._cutoff(), self._query.weight)
        rows, cosines = self._index.scan(direction, floor=floor / length, allowed=allowed)
        named = self._named(allowed, rows)
        return np.concatenate([rows, named]), np.concatenate(
            [cosines, self._index.vectors[named] @ direction]
        )

    def _cutoff(self) -> float:
        return -math.inf if self._query.is_open else self._calibration.cutoff(self._query.weight)

    def _direction(self) -> tuple[Vectors, float]:
        """The unit vector of Ef and its length before: a cosine to Ef is a mixed similarity over it."""
        query = self._query
        if query.image is None or query.text is None:
            fused = query.text if query.image is None else query.image
            assert fused is not None  # noqa: S101 - a VectorQuery has one of the two
            return fused, 1.0
        fused = fuse(query.image, query.text, self._calibration.alpha(query.weight))
        return unit(fused), float(np.linalg.norm(fused))

    @cached_property
    def _excluded(self) -> Mask:
        """(n,) rows that may not answer."""
        query = self._query
        excluded = np.zeros(len(self._columns.keys), dtype=bool)
        excluded[self._columns.rows_of(list(query.excluded_keys))] = True
        for _name, mask in self._columns.filter_masks(query.excluded_values):
            excluded |= mask
        if query.article:
            carrying = np.zeros(len(excluded), dtype=bool)
            carrying[self._bm25.article_rows(query.article)] = True
            excluded |= ~carrying
        for words in query.excluded_words:
            excluded[self._bm25.rows_with(words)] = True
        return excluded

    @cached_property
    def _lexical(self) -> tuple[Rows, Scores] | None:
        """Lexical matches: index rows (m,), ascending, and their relevance in [0, 1]; None without words."""
        query = self._query
        return self._bm25.scores(query.words, synonyms=query.synonyms) if query.words else None

    def _coverage(self) -> float:
        """The highest relevance in the catalogue for these words, whatever the filters leave of it."""
        _rows, relevance = self._lexical or (None, np.empty(0, np.float32))
        return float(relevance.max(initial=0.0))

    def _named(self, allowed: Mask, found: Rows) -> Rows:
        """Allowed rows that match the words or that staff pinned, beyond those found by their vectors."""
        query = self._query
        rows = self._columns.rows_of([key for key, bonus in query.placements.items() if bonus > 0])
        if self._lexical is not None and query.weight < 1.0:
            matches, relevance = self._lexical
            floor = LEXICAL_FLOOR * max(self._coverage(), LEAST_COVERAGE)
            rows = np.concatenate([rows, matches[relevance >= floor]])
        return np.setdiff1d(rows[allowed[rows]], found)

    def _capped(self, rows: Rows, cosines: Scores) -> tuple[Rows, bool]:
        """At most CAP styles, the nearest first; whether any had to be left out."""
        rows = rows[score.order(cosines, self._columns.keys[rows])]
        groups, first = np.unique(self._columns.group[rows], return_index=True)
        if len(groups) <= CAP:
            return rows, False
        kept = groups[np.argsort(first)[:CAP]]
        return rows[np.isin(self._columns.group[rows], kept)], True

    def _scored(self, rows: Rows) -> ScoredCandidates:
        query = self._query
        image, text = self._near(rows, query.image, "image"), self._near(rows, query.text, "text")
        relevance = self._relevance(rows)
        ranked = score.rank(
            weight=query.weight,
            image=image,
            text=text,
            relevance=relevance,
            coverage=self._coverage(),
            taste=self._near(rows, query.taste, "image"),
            unwanted=self._near(rows, query.unwanted, "text"),
            curated=self._curated(rows),
            in_stock=self._columns.in_stock[rows],
            age_days=score.age_days(self._columns.created[rows], self._now),
            weights=configured_weights(),
        )
        return ScoredCandidates(rows, self._columns.keys[rows], image, text, relevance, ranked)

    def _curated(self, rows: Rows) -> Scores | None:
        """What staff's placements and rules add to the scores of rows (c,)."""
        query = self._query
        placed = curation.bonuses(self._columns.keys[rows], query.placements)
        ruled = rules.bonuses(query.rules, self._columns, rows)
        return placed if ruled is None else ruled if placed is None else placed + ruled

    def _near(self, rows: Rows, vector: Vectors | None, side: str) -> Scores | None:
        """Calibrated scores of rows against a vector, on one side's scale; not clipped, so that none tie."""
        if vector is None:
            return None
        scale = self._calibration.image if side == "image" else self._calibration.text
        return scale.score(self._index.vectors[rows] @ vector)

    def _relevance(self, rows: Rows) -> Scores | None:
        if self._lexical is None:
            return None
        matches, relevance = self._lexical
        if not len(matches):
            return np.zeros(len(rows), np.float32)
        at = np.minimum(np.searchsorted(matches, rows), len(matches) - 1)
        return np.where(matches[at] == rows, relevance[at], 0.0).astype(np.float32)

    def _ordered(self, scored: ScoredCandidates, answered: int) -> tuple[Rows, Scores]:
        """Positions of the first ``answered`` candidates in their final order, and their scores in it."""
        scores, keys = scored.ranked.score[:answered], scored.keys[:answered]
        if not self._query.diversity:
            order = score.order(scores, keys)
            return order, scores[order]
        vectors = self._index.vectors[scored.rows[:answered]]
        return diversity.diversify(scores, vectors, self._query.diversity, keys=keys)

    def _rerank_pool(self, answered: Rows) -> Rows:
        """The best for the picture alone and for the words alone that are not in the result set."""
        query = self._query
        if query.image is None or query.text is None:
            return np.empty(0, np.int64)
        allowed = self._columns.passing(query.filters) & ~self._excluded
        found = [
            self._index.nearest(vector, RERANK_POOL, allowed=allowed)[0]
            for vector in (query.image, query.text)
        ]
        return np.setdiff1d(np.concatenate(found), answered)
