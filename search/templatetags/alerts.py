"""Tags of the forms that ask for an alert."""

from __future__ import annotations

from django import template

from search.alerts import saved_search
from search.query import InvalidQuery
from search.result import SearchResult

register = template.Library()


@register.simple_tag
def saved_search_fields(result: SearchResult) -> list[tuple[str, str]]:
    """The hidden fields of a form that saves the search of this answer; [] for one that cannot be saved, and
    words of which none is known: they would be waited for in vain.
    """
    if result.knows_no_word:
        return []
    try:
        return saved_search.fields_of(saved_search.to_dict(result.query))
    except InvalidQuery:
        return []
