"""The pages to browse without a query, and the query of such a page.

A place fixes some filters: its address says them, and the parameters behind it only what was chosen there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.attributes import value_key
from catalog.templatetags.shop import localised
from search.browsing.sections import Section, categories
from search.index.columns import STEP
from search.query import SWITCHES, VALUE_FILTERS, Filters, SearchQuery, Sort


@dataclass(frozen=True)
class Place:
    """A category, a brand, what is new or what is on sale. ``filters`` hold for everything on its page."""

    url: str
    title: str
    filters: Filters
    # None: by relevance.
    sort: Sort | None = None
    section: Section | None = None

    @classmethod
    def of(cls, section: Section) -> Place:
        filters: dict[str, Any] = {section.route: (section.value,)}
        title = localised(section.name) if section.route == "category" else section.name
        return cls(section.url, title, Filters(**filters), section=section)

    @classmethod
    def new_in(cls) -> Place:
        return cls(reverse("new-in"), _("New in"), Filters(), sort=Sort.NEWEST)

    @classmethod
    def on_sale(cls) -> Place:
        return cls(reverse("on-sale"), pgettext("filter", "On sale"), Filters(on_sale=True))

    @property
    def parameters(self) -> str:
        """The place's filters as those of a search."""
        named = [(name, value) for name in VALUE_FILTERS for value in getattr(self.filters, name)]
        return urlencode([*named, *((name, "true") for name in SWITCHES if getattr(self.filters, name))])

    @property
    def breadcrumbs(self) -> list[Section]:
        """The sections that lead here."""
        section = self.section
        return categories().above(section.steps[:-1]) if section and section.route == "category" else []

    @property
    def below(self) -> list[Section]:
        """The categories one step further."""
        section = self.section
        return categories().below(section.steps) if section and section.route == "category" else []

    def narrowed(self, chosen: Filters) -> Filters:
        """The place's filters with what was chosen within it."""
        fixed = {name: getattr(self.filters, name) for name in (*VALUE_FILTERS, *SWITCHES)}
        fixed = {name: value for name, value in fixed.items() if value}
        if inner := tuple(value for value in chosen.category if self.holds(value)):
            fixed["category"] = inner
        return replace(chosen, **fixed)

    def holds(self, category: str) -> bool:
        """Whether a category path lies below this place; every one does where the place is no category."""
        return all(value_key(category).startswith(value_key(own) + STEP) for own in self.filters.category)

    def fixes(self, name: str) -> bool:
        """Whether a filter is this place's own; a category can be narrowed further."""
        return name != "category" and bool(getattr(self.filters, name))


@dataclass(frozen=True)
class BrowsingQuery(SearchQuery):
    """A query whose results are shown at a place."""

    place: Place | None = None

    @classmethod
    def at(cls, place: Place, query: SearchQuery) -> BrowsingQuery:
        """The query with the place's filters; ``query`` holds what was chosen there."""
        given = {each.name: getattr(query, each.name) for each in fields(SearchQuery)}
        given |= {"filters": place.narrowed(query.filters), "sort": query.sort or place.sort}
        return cls(**given | {"browse": True, "place": place})

    def elsewhere(self) -> SearchQuery:
        """The same query on the page of search results."""
        given = {each.name: getattr(self, each.name) for each in fields(SearchQuery)}
        # The place's own order was not chosen, and words may ask for another.
        is_own = self.place is not None and self.sort == self.place.sort
        return SearchQuery(**given | ({"sort": None} if is_own else {}))


def place_of(query: SearchQuery) -> Place | None:
    """Where the query's results are shown; None for the page of search results."""
    return query.place if isinstance(query, BrowsingQuery) else None
