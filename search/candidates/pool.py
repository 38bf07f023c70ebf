"""Which products answer a query: found by their vectors within the kinds that are meant, or by its words.

Kinds, cut-off and lexical matches follow from the query and the whole catalogue. The filters then only
narrow, so that a facet's count is the total that choosing its value gives.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from django.utils.functional import cached_property

from search.candidates.capping import Pool
from search.candidates.exclusion import excluded_rows
from search.candidates.meant_kinds import MeantKinds, nearly_all_of
from search.candidates.statements import saying_so
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.fusion import fuse
from search.language.lexicon import GENDER_OF
from search.language.tokens import stems
from search.lexical.matching.matches import Matches
from search.ranking.facets import passing_all_but_one
from search.ranking.interests import turns
from search.ranking.kinds import Kinds, kind_words
from search.vectors import Mask, Rows, Scores, Vectors, mask_of, unit

# Where a product has all of the words, as titles and brands have them, those that do answer in any kind.
SAID_IN_FULL = 0.8
# Where the best match is hardly above the cut-off, or below it, what is this near to the best answers as
# well, and so does a page of the nearest: the scale of scores is the catalogue's, not the query's.
NEAR_THE_BEST = 0.075
PAGE = 24
# Words without any evidence for a kind stay below the cut-off.
LEAST_EVIDENCE = 0.3


class PoolBuilder:
    """Finds the pool of one query over one snapshot of the index."""

    def __init__(self, query: VectorQuery, snapshot: IndexSnapshot) -> None:
        self._query, self._index = query, snapshot.index
        self._columns, self._calibration = snapshot.columns, snapshot.calibration
        self._bm25 = snapshot.lexical
        self._categories = snapshot.categories
        self._lexical: dict[str, Matches] = {}
        self._meant = MeantKinds(query, snapshot, self._matches_of)

    def build(self) -> Pool:
        allowed = self.permitted(passing_all_but_one(self._columns, self._query.filters))
        if self._query.interests is not None:
            return self._near_any(self._query.interests, allowed)
        answering, nearest = allowed & self._answering, partial(self._index.nearest, self.direction[0])
        pinned = self._pinned(allowed)
        if self._floor == -math.inf:
            rows = np.flatnonzero(answering)
            return Pool(np.concatenate([rows, pinned[~answering[pinned]]]), None, nearest, pinned)
        rows, cosines = self._index.above(self.direction[0], floor=self._floor, allowed=answering)
        named = self._named(allowed, rows, pinned)
        cosines = np.concatenate([cosines, self._index.similarities(self.direction[0], named)])
        return Pool(np.concatenate([rows, named]), cosines, nearest, pinned)

    def of_other_kinds(self, count: int, allowed: Mask) -> Rows:
        """The nearest allowed rows above the cut-off that are of no kind that answers, best first."""
        others = allowed & ~self._answering
        rows, cosines = self._index.rough.nearest(self.direction[0], count, allowed=others)
        return rows[cosines >= np.float32(self._floor)]

    @property
    def _floor(self) -> float:
        """The cosine to the direction from which a product answers."""
        return self._calibration.cosine(self.cutoff, self._query.weight) / self.direction[1]

    def _near_any(self, interests: Vectors, allowed: Mask) -> Pool:
        """What is near any of the interests (k, d), the sooner the nearer to its interest."""
        found = [self._index.scan(each, floor=self._floor, allowed=allowed)[0] for each in interests]
        rows = np.unique(np.concatenate(found))
        vectors = self._index.vectors[rows]
        order = np.argsort(-(vectors @ interests.T).max(axis=1), kind="stable")
        nearness = turns(vectors[order], interests, self._query.shares)
        return Pool(rows[order], nearness, partial(self._index.nearest, self.direction[0]))

    def permitted(self, rows: Mask) -> Mask:
        """The rows (n,) but for those that the query leaves out: the same array where it leaves out none."""
        return rows if self._excluded is None else rows & ~self._excluded

    @cached_property
    def _excluded(self) -> Mask | None:
        return excluded_rows(self._query, self._columns, self._bm25)

    @cached_property
    def direction(self) -> tuple[Vectors, float]:
        """The unit vector of Ef and its length before: a cosine to Ef is a mixed similarity over it."""
        query = self._query
        if query.image is None or query.text is None:
            fused = query.text if query.image is None else query.image
            assert fused is not None  # noqa: S101 - a VectorQuery has one of the two
            return fused, 1.0
        fused = fuse(query.image, query.text, self._calibration.alpha(query.weight))
        return unit(fused), float(np.linalg.norm(fused))

    @cached_property
    def lexical(self) -> Matches | None:
        """How well products match the words; None without words."""
        return self._matches_of(self._query.words) if self._query.words else None

    def _matches_of(self, words: str) -> Matches:
        # The words of a kind are often all of the words.
        if words not in self._lexical:
            self._lexical[words] = self._bm25.matches(words, synonyms=self._query.synonyms)
        return self._lexical[words]

    @cached_property
    def coverage(self) -> float:
        """The highest relevance in the catalogue for these words, whatever the filters leave of it."""
        return 0.0 if self.lexical is None else self.lexical.best

    @property
    def kinds(self) -> Kinds | None:
        """The kinds that the words mean; None for none."""
        return self._meant.kinds

    @property
    def meant(self) -> Mask:
        """(n,) products of the kinds that words and picture mean; all where no kind is read."""
        return self._meant.rows

    @property
    def scored_kinds(self) -> Kinds | None:
        """The kinds whose evidence counts in the order: none where the words only wish for a change."""
        return None if self._meant.is_wish else self.kinds

    @property
    def rerankable(self) -> Mask:
        """(n,) rows that may lead at another weight."""
        return self.meant if self._meant.is_wish else np.ones_like(self.meant)

    @cached_property
    def kind(self) -> str:
        """The one kind that the answer is limited to; "" where it is not."""
        kinds = self.kinds
        if self._meant.is_wish:
            return self._meant.pictured_kind
        if kinds is None or self._query.image is not None or not kinds.label:
            return ""
        return kinds.label if self.meant[self._exempt].all() else ""

    @cached_property
    def _exempt(self) -> Rows:
        """Rows that answer whatever their kind: those that say all of the words, unless these only wish for
        something about the picture.
        """
        kinds = self.kinds
        is_of_its_kind = kinds is None or kinds.is_named or self._meant.is_wish
        if kinds is None or is_of_its_kind or self.coverage < SAID_IN_FULL:
            return np.empty(0, np.int64)
        return self._matches[~kinds.beside[self._matches]]

    @cached_property
    def _matches(self) -> Rows:
        """Rows that match the words, of any kind; none at weight 1."""
        if self.lexical is None or self._query.weight == 1.0:
            return np.empty(0, np.int64)
        return nearly_all_of(self.lexical)

    @cached_property
    def _fitting(self) -> Mask:
        """(n,) rows that may answer by their kind, or whatever it is."""
        fitting = self.meant.copy()
        fitting[self._exempt] = True
        return fitting

    @cached_property
    def _saying_so(self) -> Rows:
        """Rows that say what the words ask of a kind; none beside a picture, which shows what is meant."""
        if self.kinds is None or self._query.image is not None:
            return np.empty(0, np.int64)
        return saying_so(self.kinds, self.meant if self.kinds.has_head else self._fitting, self._bm25)

    @cached_property
    def _answering(self) -> Mask:
        """(n,) rows that may answer by their kind and by what they say; none to words that nothing knows."""
        if self._query.is_unknown:
            return np.zeros_like(self._fitting)
        if not len(self._saying_so):
            return self._fitting
        return mask_of(self._saying_so, len(self._fitting))

    def _named(self, allowed: Mask, found: Rows, pinned: Rows) -> Rows:
        """Allowed rows that match the words or are ``pinned``, beyond those found by their vectors."""
        said = np.concatenate([self._matches, self._saying_so])
        named = mask_of(said[self._answering[said] & allowed[said]], len(allowed))
        named[pinned] = True
        named[found] = False
        return np.flatnonzero(named)

    def _pinned(self, allowed: Mask) -> Rows:
        """Allowed rows that staff pinned for the query, ascending."""
        rows = self._columns.rows_of([key for key, _place in self._query.pins])
        return np.sort(rows[allowed[rows]])

    @cached_property
    def cutoff(self) -> float:
        """The mixed score from which a product answers; lowered for words that nothing matches closely."""
        if self._query.is_open or self._is_all_of_a_kind():
            return -math.inf
        usual = self._calibration.cutoff(self._query.weight)
        if not self._may_be_lowered():
            return usual
        # What the words state is theirs, as the kind is; chosen filters change no cut-off.
        allowed = self.permitted(self.meant & self._columns.active)
        stated = allowed & self._columns.passing(self._query.readings)
        nearest = self.nearest(PAGE, stated if stated.any() else allowed)[1]
        if not len(nearest) or nearest[0] >= usual + NEAR_THE_BEST:
            return usual
        return min(usual, float(nearest[0]) - NEAR_THE_BEST, float(nearest[-1]))

    def _is_all_of_a_kind(self) -> bool:
        """Whether the words are the very name of a kind, all of which then answers: beside it they hold only
        colours and genders that were read as filters.
        """
        kinds, query = self.kinds, self._query
        if kinds is None or not kinds.is_named or query.image is not None:
            return False
        core = set(stems(kind_words(query.words, self._categories)))
        others = set(stems(query.words)) - core
        unread = others - GENDER_OF.keys() if "gender" in query.read else others
        return not unread or ("colour" in query.read and unread <= self._categories.colour_stems)

    def _may_be_lowered(self) -> bool:
        """Words whose kind is known but that no product says, or that say what it is to go with; any beside a
        picture of the kind.
        """
        kinds = self.kinds
        if self._meant.is_wish:
            return True
        if kinds is None or not self._query.is_known:
            return False
        is_said = self.coverage >= SAID_IN_FULL and not kinds.beside.any()
        return self._query.image is not None or (not is_said and kinds.best >= LEAST_EVIDENCE)

    def nearest(self, count: int, allowed: Mask, *, roughly: bool = False) -> tuple[Rows, Scores]:
        """The rows nearest to the mixed query among the allowed, best first, and their mixed scores."""
        direction, length = self.direction
        index = self._index.rough if roughly else self._index
        rows, cosines = index.nearest(direction, count, allowed=allowed)
        return rows, self._calibration.score(cosines * np.float32(length), self._query.weight)
