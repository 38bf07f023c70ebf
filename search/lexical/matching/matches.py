"""How fully products say the words of a query, computed for those that can matter.

Of the words of a title, "men" stands in a third of a catalogue and "balaclava" in ten products. What has none
of the rare words has little of the whole, so the lists of the frequent words are only looked into for
products that have a rare one: the idea of MaxScore (Turtle and Flood, "Query evaluation: strategies and
optimizations", 1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.lexical.matching.postings import Postings
from search.lexical.terms import Term
from search.vectors import Rows, Scores, mask_of

# Sums of float32 may exceed their bound by rounding.
_ROUNDING = 1e-5
# Rows (c,), ascending, and a number (c,) for each: what a term adds to its sum, or its relevance.
Scored = tuple[NDArray[np.integer], Scores]
_NO_ROWS: Rows = np.empty(0, np.int64)


class Matches:
    """The relevance of rows to some terms (search/lexical/bm25.py says what it is)."""

    def __init__(self, terms: Sequence[Term], postings: Postings) -> None:
        self._terms = terms
        self._postings = postings
        self._weights = np.float32(sum(term.weight for term in terms))
        # The rarest first.
        self._rarest = sorted(terms, key=self._size)
        # By place in ``_rarest``, with the least relevance that was asked for; and answers.
        self._promised: dict[int, tuple[float, Scored]] = {}
        self._found: dict[float, tuple[Rows, Scores]] = {}

    @cached_property
    def best(self) -> float:
        """The highest relevance of any row; 0 where none has a word."""
        best = 0.0
        for place in range(len(self._rarest)):
            if self._most_without(place) <= best:
                break
            _rows, relevance = self._promising(place, best)
            best = max(best, float(relevance.max(initial=0.0)))
        return best

    def at_least(self, least: float) -> tuple[Rows, Scores]:
        """The rows (m,), ascending, of a relevance of at least ``least`` and above 0, and that relevance."""
        if least not in self._found:
            bound = max(least, _ROUNDING)
            count = next(count for count in range(len(self._terms) + 1) if self._most_without(count) < bound)
            rows, relevance = _merged([self._promising(place, least) for place in range(count)])
            kept = (relevance >= least) & (relevance > 0.0)
            self._found[least] = rows[kept].astype(np.int64, copy=False), relevance[kept]
        return self._found[least]

    def of(self, rows: Rows) -> Scores:
        """The relevance (c,) of rows, ascending and without duplicates, in [0, 1]."""
        if not len(rows) or not self._terms:
            return np.zeros(len(rows), np.float32)
        return self._relevance({term: self._added(term, rows) for term in self._terms}, len(rows))

    def _relevance(self, added: Mapping[Term, Scores], count: int) -> Scores:
        """From what terms add; always summed up in the same order, so that it rounds alike."""
        total = np.zeros(count, np.float32)
        for term in self._terms:
            if term in added:
                total += added[term]
        return np.asarray(np.minimum(total / self._weights, np.float32(1)))

    def _promising(self, place: int, least: float) -> Scored:
        """Rows, ascending, that have the term in this place of ``_rarest``, without those that can surely not
        reach a relevance of ``least`` by it and the more frequent ones; and the relevance to these.
        """
        held = self._promised.get(place)
        if held is not None and held[0] <= least:
            return held[1]
        term = self._rarest[place]
        rows: NDArray[np.integer] = self._having(term)
        added = {term: self._added(term, rows)}
        for after in range(place + 1, len(self._rarest)):
            reached = self._relevance(added, len(rows)) + np.float32(self._most_without(after) + _ROUNDING)
            kept = reached >= least
            if not kept.all():
                rows, added = rows[kept], {each: parts[kept] for each, parts in added.items()}
            added[self._rarest[after]] = self._added(self._rarest[after], rows)
        found = rows, self._relevance(added, len(rows))
        self._promised[place] = least, found
        return found

    def _added(self, term: Term, rows: NDArray[np.integer]) -> Scores:
        """What a term adds to the sum of these rows: the best of its alternatives counts."""
        if len(term.alternatives) == 1 and len(term.alternatives[0][0]) == 1:
            (number,), share = term.alternatives[0]
            return self._postings.shares_at(number, rows) * np.float32(term.weight * share)
        best = np.zeros(len(rows), np.float32)
        for numbers, share in term.alternatives:
            shares = reduce(np.minimum, (self._postings.shares_at(number, rows) for number in numbers))
            np.maximum(best, shares * np.float32(share), out=best)
        return best * np.float32(term.weight)

    def _most_without(self, count: int) -> float:
        """The highest relevance that a row can have which has none of the ``count`` rarest terms."""
        left = sum(
            term.weight * max((share for _numbers, share in term.alternatives), default=0.0)
            for term in self._rarest[count:]
        )
        return left / float(self._weights) + _ROUNDING if left else 0.0

    def _having(self, term: Term) -> Rows:
        """All rows that can have the term, ascending: those of the rarest token of each alternative."""
        found = [
            self._postings.rows(min(numbers, key=self._postings.row_count))
            for numbers, _share in term.alternatives
        ]
        return _union(found, self._postings.size)

    def _size(self, term: Term) -> int:
        return sum(min(map(self._postings.row_count, numbers)) for numbers, _share in term.alternatives)


def _merged(found: Sequence[Scored]) -> Scored:
    """The rows of all, ascending; of a row in several the first, which leaves nothing of it out."""
    if len(found) == 1:
        return found[0]
    rows = np.concatenate([_NO_ROWS, *(rows for rows, _relevance in found)])
    relevance = np.concatenate([np.empty(0, np.float32), *(relevance for _rows, relevance in found)])
    distinct, first = np.unique(rows, return_index=True)
    return distinct, relevance[first]


def _union(found: Sequence[NDArray[np.integer]], size: int) -> Rows:
    """The rows that are in any, all of them ascending, of ``size`` rows."""
    if len(found) == 1:
        return found[0].astype(np.int64, copy=False)
    rows = np.concatenate([_NO_ROWS, *found])
    # Sorting is slower than a mask, but for few.
    return np.unique(rows) if len(rows) < size // 64 else np.flatnonzero(mask_of(rows, size))
