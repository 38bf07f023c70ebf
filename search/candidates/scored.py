"""Candidates with their scores, from which a result set takes what it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from search.ranking import score
from search.vectors import Keys, Rows, Scores


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
