"""What staff's placements and rules add to the scores of candidates."""

from __future__ import annotations

from search.candidates.vector_query import VectorQuery
from search.index.columns import Columns
from search.ranking import curation, rules
from search.vectors import Rows, Scores


def bonuses(query: VectorQuery, columns: Columns, rows: Rows) -> Scores | None:
    """The additions (c,) to the scores of index rows (c,); None where staff add nothing."""
    placed = curation.bonuses(columns.keys[rows], query.placements)
    ruled = rules.bonuses(query.rules, columns, rows)
    return placed if ruled is None else ruled if placed is None else placed + ruled
