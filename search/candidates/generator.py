"""From a vector query to its frozen result set: gather candidates, score, fold, cap.

The result set holds every product of the pool that passes the filters; hits, facets, total and pages all come
from it, so they agree. Looser matches follow it in a band of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import numpy as np

from search.candidates import browsing, drafting, staff
from search.candidates.capping import Pool, capped
from search.candidates.pinning import at_places
from search.candidates.pool import PAGE, PoolBuilder
from search.candidates.result_set import ResultSet
from search.candidates.scored import Candidates, ScoredCandidates, Signals
from search.candidates.vector_query import Draft, VectorQuery
from search.engine import IndexSnapshot
from search.query import Sort
from search.ranking import diversity, interests, orders, popularity, score
from search.ranking.facets import FacetCounter
from search.ranking.weights import configured_weights
from search.result import Facets
from search.vectors import Mask, Rows, Scores, Vectors

# Cards in a result set at most.
CAP = 1000
# Products beside the result set for each side: the best for the words alone and for the picture alone.
RERANK_POOL = 12
# Looser matches behind a result set at most.
CLOSE = 24
# From the text scores that what is not wanted adds to a kind, mostly within 0.15 of 0, to [0, 1].
UNWANTED_STEEPNESS = 4.0


class CandidateGenerator:
    """One pass from a vector query to its result set, over one snapshot of the index."""

    def __init__(self, query: VectorQuery, snapshot: IndexSnapshot, *, now: datetime) -> None:
        self._query = query
        self._snapshot = snapshot
        self._index = snapshot.index
        self._columns = snapshot.columns
        self._calibration = snapshot.calibration
        self._builder = PoolBuilder(query, snapshot)
        self._now = now

    def result_set(self, stage: Callable[[str], AbstractContextManager[None]]) -> ResultSet:
        """The frozen result set of the query; ``stage`` times its parts."""
        if self._query.is_browse:
            with stage("rank"):
                found = browsing.result_set(
                    self._query, self._snapshot, permitted=self._builder.permitted, cap=CAP, now=self._now
                )
                return self._pinned(found)
        with stage("search"):
            pool = self._builder.build()
        with stage("rank"):
            counter, draft = self._counter(pool.rows), self._query.draft
            candidates = self._gathered(pool, counter)
            answer = self._ranked(candidates, counter.facets())
            return self._pinned(answer) if draft is None else self._drawn(draft, pool, candidates, answer)

    def has_answer(self) -> bool:
        """Whether the result set has any product, of either ranking it is drawn from, without ranking it."""
        if self._query.is_browse:
            return bool(self._builder.permitted(self._columns.passing(self._query.filters)).any())
        rows, draft = self._builder.build().rows, self._query.draft
        is_found = bool(self._columns.passing(self._query.filters)[rows].any())
        if is_found or draft is None:
            return is_found
        return CandidateGenerator(draft.rival, self._snapshot, now=self._now).has_answer()

    def _drawn(self, draft: Draft, pool: Pool, candidates: Candidates, answer: ResultSet) -> ResultSet:
        """The answer drawn from this ranking and its rival's; where both find the same, only the scores of
        the rival are computed.
        """
        rival = CandidateGenerator(draft.rival, self._snapshot, now=self._now)
        if self._query.finds_as(draft.rival):
            rival._builder, found, facets = self._builder, candidates, answer.facets
        else:
            its_pool = rival._builder.build()
            found = rival._gathered(its_pool, self._counter(its_pool.rows), looser=False)
            union = np.union1d(pool.rows, its_pool.rows)
            facets = self._counter(union).facets()
        theirs = rival._ranked(found, facets)
        # What both pin leads both, so that no coin moves it, and takes its places afterwards.
        is_alike = self._query.pins == draft.rival.pins
        if not is_alike:
            answer, theirs = self._pinned(answer), rival._pinned(theirs)
        styles = [self._columns.group[self._columns.rows_of(each.keys.tolist())] for each in (answer, theirs)]
        drawn = drafting.drafted(
            answer, theirs, (styles[0], styles[1]), seed=draft.seed, facets=facets, cap=CAP
        )
        return self._pinned(drawn) if is_alike else drawn

    def _pinned(self, answer: ResultSet) -> ResultSet:
        """The answer with its pins at their places, but in an order that was asked for, which moves none."""
        return at_places(answer, self._query.pins) if self._query.order == Sort.RELEVANCE else answer

    def _counter(self, rows: Rows) -> FacetCounter:
        return FacetCounter(self._columns, self._query.filters, rows, cap=CAP)

    def _gathered(self, pool: Pool, counter: FacetCounter, *, looser: bool = True) -> Candidates:
        """What of the pool passes the filters, looser matches and the rerank pool, with their signals."""
        passing = counter.is_passing()
        chosen, is_capped = capped(pool, passing, self._columns, CAP, order=self._query.order)
        # Behind a capped answer stands the rest of it: nothing looser is looked for.
        close = self._looser(chosen) if looser and not is_capped else chosen[:0]
        rows = np.concatenate([chosen, close, self._rerank_pool(chosen)])
        return Candidates(
            rows=rows,
            keys=self._columns.keys[rows],
            answered=len(chosen),
            close=len(close),
            is_capped=is_capped,
            signals=self._signals(rows),
        )

    def _ranked(self, found: Candidates, facets: Facets) -> ResultSet:
        """The result set of these candidates."""
        scored = found.scored(
            self._query.weights or configured_weights(), staff.bonuses(self._query, self._columns, found.rows)
        )
        order, scores = self._by_relevance(scored, found.answered)
        place = orders.positions_in(self._query.order, found.rows[order], self._columns)
        order, scores = order[place], scores[place]
        folded = diversity.fold(found.rows[order], self._columns.group)
        cards, behind = order[folded.cards], self._band(scored, found.answered, found.close)
        outside = np.arange(found.answered + found.close, len(found.rows))
        kept = np.concatenate([cards, behind, outside])
        return ResultSet(
            **scored.taken(kept),
            score=np.concatenate(
                [scores[folded.cards], scored.ranked.score[np.concatenate([behind, outside])]]
            ),
            variants=folded.variants_of(found.keys[order]),
            total=len(cards),
            is_capped=found.is_capped,
            cutoff=max(self._builder.cutoff, 0.0),
            facets=facets,
            index_version=self._index.manifest.version,
            generation=self._columns.generation,
            close=len(behind),
            kind=self._builder.kind,
        )

    def _looser(self, chosen: Rows) -> Rows:
        """The nearest of other styles that pass the filters: those above the cut-off that are of other kinds,
        and behind an answer of less than a page those of its kinds that lie below it.
        """
        if self._query.is_open:
            return np.empty(0, np.int64)
        allowed = self._builder.permitted(self._columns.passing(self._query.filters))
        allowed[self._columns.rows_of_styles(chosen)] = False
        # Several variants of a style share a card, so more than a band of rows is looked at.
        found = self._builder.of_other_kinds(2 * CLOSE, allowed)
        if len(np.unique(self._columns.group[chosen])) >= PAGE:
            return found
        allowed[found] = False
        return np.concatenate([found, self._nearest(2 * CLOSE, allowed)])

    def _nearest(self, count: int, allowed: Mask) -> Rows:
        """The nearest rows of the kinds that are meant; of any kind where the filters leave none of them."""
        meant = allowed & self._builder.meant
        return self._builder.nearest(count, meant if meant.any() else allowed, roughly=True)[0]

    def _band(self, scored: ScoredCandidates, start: int, count: int) -> Rows:
        """Positions of the looser matches, best first, one for each style."""
        positions = np.arange(start, start + count)
        order = positions[score.order(scored.ranked.score[positions], scored.keys[positions])]
        return order[diversity.fold(scored.rows[order], self._columns.group).cards][:CLOSE]

    def _signals(self, rows: Rows) -> Signals:
        query, vectors = self._query, self._index.vectors[rows]
        picture = query.image if query.interests is None else query.interests
        kinds = self._builder.scored_kinds
        return {
            "weight": query.weight,
            "image": self._near(vectors, picture, "image"),
            "text": self._near(vectors, query.text, "text"),
            "relevance": self._relevance(rows),
            "coverage": self._builder.coverage,
            "kind": None if kinds is None else kinds.evidence(rows),
            "certainty": 1.0 if kinds is None else kinds.certainty,
            "taste": self._near(vectors, query.taste, "image"),
            "popularity": popularity.shares(self._columns, rows) if query.popularity else None,
            "unwanted": self._unwanted(vectors),
            "in_stock": self._columns.in_stock[rows],
            "age_days": score.age_days(self._columns.created[rows], self._now),
        }

    def _unwanted(self, vectors: Vectors) -> Scores | None:
        """How much what is not wanted applies to vectors (c, d); 0.5 for neither more nor less than usual."""
        difference = self._query.unwanted_difference
        if difference is None:
            return self._near(vectors, self._query.unwanted, "text")
        applies = vectors @ difference / self._calibration.text.span
        return np.asarray(np.clip(0.5 + UNWANTED_STEEPNESS * applies, 0.0, 1.0), np.float32)

    def _near(self, vectors: Vectors, vector: Vectors | None, side: str) -> Scores | None:
        """Calibrated scores (c,) of vectors (c, d) against one (d,), or the nearest of several (k, d), on one
        side's scale; not clipped, so that none tie.
        """
        if vector is None:
            return None
        scale = self._calibration.image if side == "image" else self._calibration.text
        cosines = vectors @ vector.T
        return scale.score(cosines if vector.ndim == 1 else cosines.max(axis=1))

    def _relevance(self, rows: Rows) -> Scores | None:
        if self._builder.lexical is None:
            return None
        # A looser match may be in the rerank pool as well.
        ascending, at = np.unique(rows, return_inverse=True)
        return self._builder.lexical.of(ascending)[at]

    def _by_relevance(self, scored: ScoredCandidates, answered: int) -> tuple[Rows, Scores]:
        """Positions of the first ``answered`` candidates, the best first, and their scores in that order."""
        scores, keys = scored.ranked.score[:answered], scored.keys[:answered]
        if not self._query.diversity:
            order = score.order(scores, keys)
            return order, scores[order]
        vectors = self._index.vectors[scored.rows[:answered]]
        order, lowered = diversity.diversify(scores, vectors, self._query.diversity, keys=keys)
        if self._query.interests is None:
            return order, lowered
        turn = interests.turns(vectors[order], self._query.interests, self._query.shares)
        order = order[np.argsort(-turn, kind="stable")]
        return order, np.minimum.accumulate(scores[order])

    def _rerank_pool(self, answered: Rows) -> Rows:
        """The best for the picture alone and for the words alone that are not in the result set."""
        query = self._query
        if query.image is None or query.text is None:
            return np.empty(0, np.int64)
        # A wish about the picture keeps its kind at every weight that the slider passes.
        allowed = self._builder.permitted(self._columns.passing(query.filters)) & self._builder.rerankable
        found = [
            self._index.nearest(vector, RERANK_POOL, allowed=allowed)[0]
            for vector in (query.image, query.text)
        ]
        return np.setdiff1d(np.concatenate(found), answered)
