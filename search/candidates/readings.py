"""Whether the filters that were read from the words leave anything of the catalogue."""

from __future__ import annotations

from datetime import datetime

from search.candidates import result_set
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.language.parsed_query import ORDER, ParsedQuery


def leave_nothing(
    parsed: ParsedQuery,
    vector_query: VectorQuery,
    answered: ResultSet,
    snapshot: IndexSnapshot,
    *,
    now: datetime,
) -> bool:
    """Whether no product passes the filters that were read; False where none was read. ``answered`` is the
    answer to the vector query itself.

    What the shopper chose is left out of account: a choice that dropped or restored the readings would
    change the answer whose facets offered it.
    """
    if all(chip.field in ("exclude", ORDER) for chip in parsed.chips):
        return False
    alone = vector_query.filtered(parsed.filters)
    if alone.filters == vector_query.filters:
        return not answered.total
    known = result_set.load(alone.cache_key())
    if known is not None and known.is_current(snapshot):
        return not known.total
    return not CandidateGenerator(alone, snapshot, now=now).has_answer()
