"""Tags that say what an answer is: what its total counts, which words were not known, what was let go."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.language import languages
from search.query import Chip
from search.relaxation import shown_value
from search.result import Relaxed, SearchResult
from search.templatetags.search_pages import chip_label

register = template.Library()


@register.simple_tag
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
