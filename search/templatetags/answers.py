"""Tags that say what an answer is: what its total counts, which words were not known, what was let go."""

from __future__ import annotations

from collections.abc import Iterator

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from search.labels import ORDER_LABELS, chip_label
from search.language import languages
from search.language.parsed_query import ORDER
from search.pages.places import place_of
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
        orders=tuple(_orders(result)),
        chosen=result.order.value,
        action=action,
        active=active,
        has_hits=bool(result.hits),
        is_place=place_of(result.query) is not None,
    )


def _orders(result: SearchResult) -> Iterator[tuple[str, str, str]]:
    """The orders that an answer can be shown in: each with the value that a form sends for it, "" for that
    which needs no choice, and with its name.
    """
    place, labels = place_of(result.query), dict(ORDER_LABELS)
    usual = result.usual_order if place is None else place.sort or Sort.RELEVANCE
    if result.query_type == "browse":
        # Without words or a picture there is nothing to match.
        labels[Sort.RELEVANCE] = gettext_lazy("Recommended")
    for order, label in labels.items():
        if order is not Sort.POPULAR or result.is_popularity_known:
            yield order.value, "" if order is usual else order.value, str(label)


def total_meaning(result: SearchResult) -> str:
    """What the total counts; "" where a page's heading says it, and where it would not be true: a reading of
    the words was let go, or they ask for nothing but an order ("best sellers").
    """
    if result.not_sold and result.hits:
        return ngettext("near to what you asked for", "near to what you asked for", result.total)
    if not result.hits or result.query_type == "browse" or result.relaxed or _asks_for_order_alone(result):
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


def _asks_for_order_alone(result: SearchResult) -> bool:
    is_matched = any(chip.words and chip.field != ORDER for chip in result.chips)
    return result.query_type == "text" and result.hits[0].text_score is None and not is_matched


@register.simple_tag
def unknown_words(result: SearchResult) -> str:
    """A sentence about words that nothing knows, and the languages that a search can be in."""
    return _("We do not know: %(words)s. You can search in %(languages)s.") % {
        "words": ", ".join(result.unknown_words),
        "languages": ", ".join(languages.names()),
    }


@register.simple_tag
def not_sold(result: SearchResult) -> str:
    """A sentence about a thing that the shop has none of, and about what is shown instead."""
    if not result.hits:
        return _("Nothing here is called “%(thing)s”.") % {"thing": result.not_sold}
    return _("Nothing here is called “%(thing)s”. These are the nearest.") % {"thing": result.not_sold}


@register.simple_tag
def relaxed_label(relaxed: Relaxed) -> str:
    """The filter or reading that was let go, as its chip shows it."""
    if relaxed.field == "attribute":
        return shown_value(relaxed.field, relaxed.value)
    return chip_label(Chip(relaxed.field, shown_value(relaxed.field, relaxed.value), ""))
