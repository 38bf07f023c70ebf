"""Tags that say what an answer is: what its total counts, which words were not known, what was let go."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.labels import chip_label
from search.language import languages
from search.pages.places import place_of
from search.pages.results_context import BROWSING_SORTS, SORTS
from search.query import Chip, Sort
from search.relaxation import shown_value
from search.result import Relaxed, SearchResult
from search.templatetags.parts import part
from search.templatetags.search_pages import total_label

register = template.Library()


@register.simple_tag
def toolbar(result: SearchResult, *, action: str, active: int) -> SafeString:
    """How much there is and in which order, with ``active`` filters on; ``action`` answers another order."""
    return part(
        "search/_toolbar.html",
        total=total_label(result),
        meaning=total_meaning(result),
        query_type=result.query_type,
        sort=result.query.sort,
        action=action,
        active=active,
        has_hits=bool(result.hits),
        is_place=place_of(result.query) is not None,
    )


@register.filter
def sorts(query_type: str) -> Sequence[tuple[Sort, Promise]]:
    """The orders that an answer of this type can be shown in."""
    return BROWSING_SORTS if query_type == "browse" else SORTS


def total_meaning(result: SearchResult) -> str:
    """What the total counts; "" where a page's heading says it."""
    if not result.hits or result.query_type == "browse":
        return ""
    n = result.total
    by_type = {
        "text": ngettext("that matches your words", "that match your words", n),
        "image": ngettext("that resembles your picture", "that resemble your picture", n),
        "hybrid": ngettext(
            "that fits your words and your picture", "that fit your words and your picture", n
        ),
    }
    return by_type.get(result.query_type, "")


@register.simple_tag
def unknown_words(result: SearchResult) -> str:
    """A sentence about words that nothing knows, and the languages that a search can be in."""
    return _("We do not know: %(words)s. You can search in %(languages)s.") % {
        "words": ", ".join(result.unknown_words),
        "languages": ", ".join(languages.names()),
    }


@register.simple_tag
def relaxed_label(relaxed: Relaxed) -> str:
    """The filter or reading that was let go, as its chip shows it."""
    if relaxed.field == "attribute":
        return shown_value(relaxed.field, relaxed.value)
    return chip_label(Chip(relaxed.field, shown_value(relaxed.field, relaxed.value), ""))
