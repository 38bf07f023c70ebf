"""What a scan found, before its vectors are compared: codes say how near a row is, within a known error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from search.index.distances import cosines
from search.vectors import Rows, Scores, Vectors

# FAISS's range search excludes its radius and rounds once more than `cosines`; the surplus is dropped later.
RADIUS_SLACK = 1e-5


@dataclass(frozen=True)
class Found:
    """Rows (m,) in no order; no cosine (m,) is further than ``error`` from that of the row's vector."""

    rows: Rows
    cosines: Scores
    error: float = 0.0

    @classmethod
    def by_codes(
        cls, rows: Rows, squared: Vectors, code_error: float, floor: float, exact: Callable[[Rows], Scores]
    ) -> Found:
        """Of rows at these squared distances by their codes, those whose cosine is at least ``floor``.

        ``exact`` computes cosines; it is asked only for rows that are too near to the floor to tell. No code
        is further than ``code_error`` from its vector, so that a distance d differs by e at most, and a
        cosine, 1 - d²/2, by d·e + e²/2.
        """
        furthest = float(np.sqrt(squared.max(initial=0.0)))
        error = furthest * code_error + code_error * code_error / 2.0 + RADIUS_SLACK
        found = cosines(squared)
        doubtful = np.flatnonzero(found < floor + error)
        found[doubtful] = exact(rows[doubtful])
        kept = found >= np.float32(floor)
        return cls(rows[kept], found[kept], error)
