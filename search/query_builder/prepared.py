"""A query that is ready for the index."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.candidates.vector_query import VectorQuery
from search.language.parser import ParsedQuery
from search.query import Crop, SearchQuery


@dataclass(frozen=True)
class PreparedQuery:
    """A query, the vector query it became, and how its words were interpreted."""

    query: SearchQuery
    query_type: str
    vector_query: VectorQuery
    image_id: str | None = None
    # The part of the picture that is compared, where the search chose it.
    searched: Crop | None = None
    # The words that were encoded, without those that became filters.
    words: str = ""
    # The words that were answered instead of misspelt ones, else those that may be meant, "" where there are
    # none; and words that nothing knows.
    text_corrected: str = ""
    did_you_mean: str = ""
    unknown_words: tuple[str, ...] = ()
    text_truncated: bool = False
    parsed: ParsedQuery = field(default_factory=ParsedQuery)
    # The local path that staff send this query to; "" for none.
    redirect: str = ""
