"""Which rows have which token and how fully: the columns of a bm25s score matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import bm25s
import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.lexical.documents import DESCRIBED
from search.lexical.matching.held_shares import FrequentTokens, Shares
from search.vectors import common


class Postings:
    """Read-only access to the v tokens of an index of ``size`` rows; ``references`` (v,) scale the scores."""

    def __init__(self, engine: bm25s.BM25, references: NDArray[np.float32]) -> None:
        self.vocabulary: dict[str, int] = engine.vocab_dict
        self.size = int(engine.scores["num_docs"])
        # How many of the rows are products that may be found: all of one segment.
        self.documents = self.size
        # As plain arrays, also where they are mapped: each slice of a memmap object takes ten times as long.
        self._data: NDArray[np.float32] = np.asarray(engine.scores["data"])
        self._rows: NDArray[np.int32] = np.asarray(engine.scores["indices"])
        self._starts: NDArray[np.int64] = np.asarray(engine.scores["indptr"])
        self._references = references

    def numbers(self, tokens: Sequence[str], prefix: str = "") -> tuple[int, ...]:
        """The numbers of these tokens, each behind ``prefix``; () unless the index has all of them."""
        numbers = [self.vocabulary.get(prefix + token) for token in tokens]
        return () if None in numbers else cast("tuple[int, ...]", tuple(numbers))

    def rows(self, number: int) -> NDArray[np.int32]:
        return self._rows[self.span(number)]

    def row_count(self, number: int) -> int:
        """How many rows have a token."""
        return int(self._starts[number + 1] - self._starts[number])

    def count(self, token: str) -> int:
        """How many rows have this token, descriptions included."""
        numbers = [self.vocabulary.get(prefix + token) for prefix in ("", DESCRIBED)]
        return sum(int(self._starts[n + 1] - self._starts[n]) for n in numbers if n is not None)

    def shares_at(self, number: int, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """How fully each of the ascending ``rows`` (c,) has a token; 0 where it does not."""
        held = self._frequent.get(number, self.row_count(number), lambda: self._all_shares(number))
        return self._shares(number, rows) if held is None else held.at(rows)

    @cached_property
    def _frequent(self) -> FrequentTokens:
        return FrequentTokens(self.size)

    def _all_shares(self, number: int) -> Shares:
        rows = self.rows(number)
        return rows, self._shares(number, rows)

    def _shares(self, number: int, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """As ``shares_at``, looked up in the token's list."""
        span = self.span(number)
        found, at = common(rows, self._rows[span])
        shares = np.zeros(len(rows), np.float32)
        shares[found] = np.minimum(self._data[span][at] / self._references[number], np.float32(1))
        return shares

    def span(self, number: int) -> slice:
        """Where a token's entries stand in the matrix."""
        return slice(int(self._starts[number]), int(self._starts[number + 1]))
