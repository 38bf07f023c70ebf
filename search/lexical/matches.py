"""How fully products say the words of a query, computed for those that can matter.

Of the words of a title, "men" stands in a third of a catalogue and "balaclava" in ten products. What has none
of the rare words has little of the whole, so the lists of the frequent words are only looked into for
products that have a rare one: the idea of MaxScore (Turtle and Flood, "Query evaluation: strategies and
optimizations", 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from search.lexical.postings import Postings
from search.lexical.terms import Term
from search.vectors import Rows, Scores, common, mask_of

_ROUNDING = 1e-5
# Sums of float32 may exceed their bound by rounding.
_ROUNDING = 1e-5
_NO_ROWS: Rows = np.empty(0, np.int64)


class Matches:
    """The relevance of rows to some terms (search/lexical/bm25.py says what it is)."""

    def __init__(self, terms: Sequence[Term], postings: Postings) -> None:
        self._terms = terms
        self._postings = postings
        self._weights = np.float32(sum(term.weight for term in terms))
        # The rarest first.
        self._rarest = sorted(terms, key=self._size)
        # Rows that have any of the ``_looked_for`` rarest terms, ascending, and their relevance.
        self._looked_for, self._rows, self._relevance = 0, _NO_ROWS, np.empty(0, np.float32)

    @cached_property
    def best(self) -> float:
        """The highest relevance of any row; 0 where none has a word."""
        while self._most_without(self._looked_for) > self._relevance.max(initial=0.0):
            self._look_for(self._looked_for + 1)
        return float(self._relevance.max(initial=0.0))

    def at_least(self, least: float) -> tuple[Rows, Scores]:
        """The rows (m,), ascending, of a relevance of at least ``least`` and above 0, and that relevance."""
        bound = max(least, _ROUNDING)
        self._look_for(
            next(count for count in range(len(self._terms) + 1) if self._most_without(count) < bound)
        )
        kept = (self._relevance >= least) & (self._relevance > 0.0)
        return self._rows[kept], self._relevance[kept]

    def of(self, rows: Rows) -> Scores:
        """The relevance (c,) of rows, ascending and without duplicates, in [0, 1]."""
        total = np.zeros(len(rows), np.float32)
        if not len(rows) or not self._terms:
            return total
        for term in self._terms:
            total += self._added(term, rows)
        return np.asarray(np.minimum(total / self._weights, np.float32(1)))

    def _added(self, term: Term, rows: Rows) -> Scores:
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

    def _look_for(self, count: int) -> None:
        """Find the rows of the ``count`` rarest terms, and their relevance to all."""
        terms = self._rarest[self._looked_for : count]
        if not terms:
            return
        self._looked_for = count
        found = _union([self._having(term) for term in terms], self._postings.size)
        found = found[~common(found, self._rows)[0]]
        rows = np.concatenate([self._rows, found])
        order = np.argsort(rows, kind="stable")
        self._rows = rows[order]
        self._relevance = np.concatenate([self._relevance, self.of(found)])[order]

    def _having(self, term: Term) -> Rows:
        """All rows that can have the term, ascending: those of the rarest token of each alternative."""
        found = [
            self._postings.rows(min(numbers, key=self._postings.row_count))
            for numbers, _share in term.alternatives
        ]
        return _union(found, self._postings.size)

    def _size(self, term: Term) -> int:
        return sum(min(map(self._postings.row_count, numbers)) for numbers, _share in term.alternatives)


def _union(found: Sequence[NDArray[np.integer]], size: int) -> Rows:
    """The rows that are in any, all of them ascending, of ``size`` rows."""
    if len(found) == 1:
        return found[0].astype(np.int64, copy=False)
    rows = np.concatenate([_NO_ROWS, *found])
    # Sorting is slower than a mask, but for few.
    return np.unique(rows) if len(rows) < size // 64 else np.flatnonzero(mask_of(rows, size))
