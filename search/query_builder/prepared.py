"""A query that is ready for the index."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.candidates.vector_query import VectorQuery
from search.language.parser import ParsedQuery
from search.query import Crop, SearchQuery, Sort


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
    # A thing that the words name and the shop has none of, as it was typed; "" for none.
    not_sold: str = ""
    # Sizes that the words state and the shop has none of.
    sizes_not_sold: tuple[str, ...] = ()
    text_truncated: bool = False
    parsed: ParsedQuery = field(default_factory=ParsedQuery)
    # The local path that staff send this query to; "" for none.
    redirect: str = ""

    @property
    def order(self) -> Sort:
        """The order of the answer."""
        return Sort(self.vector_query.order)

    @property
    def usual_order(self) -> Sort:
        """The order where the shopper chooses none."""
        return known_order(self.parsed.sort, is_popularity_known=self.is_popularity_known)

    @property
    def is_popularity_known(self) -> bool:
        """Whether anything was learned to order by."""
        return bool(self.vector_query.popularity)


def known_order(asked: Sort | None, *, is_popularity_known: bool) -> Sort:
    """The order to answer in where this one is asked for: by relevance where popularity is not known."""
    return Sort.RELEVANCE if asked is Sort.POPULAR and not is_popularity_known else asked or Sort.RELEVANCE
