"""Candidates and their scores, from which a result set takes what it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from search.ranking import score
from search.vectors import Keys, Mask, Rows, Scores

if TYPE_CHECKING:
    from search.ranking.score import Weights


class Signals(TypedDict):
    """What candidates (c,) are scored by, whatever the weights, as ``score.rank`` takes it."""

    weight: float
    image: Scores | None
    text: Scores | None
    relevance: Scores | None
    coverage: float
    kind: Scores | None
    certainty: float
    taste: Scores | None
    popularity: Scores | None
    unwanted: Scores | None
    in_stock: Mask
    age_days: NDArray[np.floating]


@dataclass(frozen=True)
class Candidates:
    """The rows (c,) that a result set is made of: ``answered`` that answer, then ``close`` looser matches,
    then the rerank pool.
    """

    rows: Rows
    keys: Keys
    answered: int
    close: int
    is_capped: bool
    signals: Signals

    def scored(self, weights: Weights, curated: Scores | None) -> ScoredCandidates:
        ranked = score.rank(**self.signals, curated=curated, weights=weights)
        return ScoredCandidates(self, ranked)


@dataclass(frozen=True)
class ScoredCandidates:
    """c candidates with all their scores, aligned."""

    candidates: Candidates
    ranked: score.Ranked

    @property
    def rows(self) -> Rows:
        return self.candidates.rows

    @property
    def keys(self) -> Keys:
        return self.candidates.keys

    def taken(self, positions: Rows) -> dict[str, Any]:
        """The arrays of a ResultSet for these positions."""
        signals = self.candidates.signals
        sides = {"image": signals["image"], "text": signals["text"], "relevance": signals["relevance"]}
        return {
            "keys": self.keys[positions],
            "similarity": self.ranked.similarity[positions],
            **{name: None if side is None else side[positions] for name, side in sides.items()},
            "terms": {name: values[positions] for name, values in self.ranked.terms.items()},
        }
