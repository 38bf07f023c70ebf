"""Tags of the forms that ask for an alert."""

from __future__ import annotations

from django import template

from search.alerts import saved_search
from search.query import InvalidQuery, SearchQuery

register = template.Library()


@register.simple_tag
def saved_search_fields(query: SearchQuery) -> list[tuple[str, str]]:
    """The hidden fields of a form that saves this search; [] for one that cannot be saved."""
    try:
        return saved_search.fields_of(saved_search.to_dict(query))
    except InvalidQuery:
        return []
