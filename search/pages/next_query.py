"""The query that a search form asks for, whose hidden fields carry the query before it.

New words start a new query: the filters of the query before do not narrow it unseen. Its page offers each of
them again, from the parameter ``keep`` of its address. A picture beside the words refines the same query, and
its filters stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from search.pages.addresses import read_query, results_url, write_query
from search.query import MAX_VALUES, Filters, SearchQuery, Sort

# The parameter of the words that the hidden fields belong to.
PREVIOUS = "previous"
KEEP = "keep"


@dataclass(frozen=True)
class NextQuery:
    """A query, and the filters of the query before that it dropped."""

    query: SearchQuery
    dropped: Filters = field(default_factory=Filters)

    @property
    def url(self) -> str:
        kept = [(KEEP, f"{name}:{value}") for name, value in write_query(SearchQuery(filters=self.dropped))]
        address = results_url(self.query)
        return address + (f"{'&' if '?' in address else '?'}{urlencode(kept)}" if kept else "")


def read_next_query(params: QueryDict) -> NextQuery:
    """Raises InvalidQuery for what cannot be read."""
    query = read_query(params)
    if query.text == " ".join(params.get(PREVIOUS, query.text).split()):
        return NextQuery(query)
    if not query.has_picture:
        return _new(query)
    # The best match was chosen instead of the order that the words before asked for.
    sort = None if query.sort is Sort.RELEVANCE else query.sort
    return NextQuery(replace(query, ignore=(), offset=0, sort=sort))


def dropped_filters(params: QueryDict) -> Filters:
    """The filters that an address offers to keep; raises InvalidQuery for what cannot be read."""
    pairs = QueryDict(mutable=True)
    for stated in params.getlist(KEEP)[:MAX_VALUES]:
        name, _colon, value = stated.partition(":")
        pairs.appendlist(name, value)
    return read_query(pairs).filters


def with_filter(query: SearchQuery, name: str, dropped: Filters) -> SearchQuery:
    """The query narrowed by one of the dropped filters."""
    return query.narrowed(**{name: getattr(dropped, name)})


def names_in_use(filters: Filters) -> Sequence[str]:
    """The names of the filters that are set, in the order of their declaration."""
    usual = Filters()
    return [each.name for each in fields(filters) if getattr(filters, each.name) != getattr(usual, each.name)]


def without(filters: Filters, name: str) -> Filters:
    unset: dict[str, Any] = {name: getattr(Filters(), name)}
    return replace(filters, **unset)


def _new(query: SearchQuery) -> NextQuery:
    return NextQuery(SearchQuery(text=query.text, top_k=query.top_k), dropped=query.filters)
