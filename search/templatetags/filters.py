"""Tags of the filters' rail."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from threading import Lock

from cachetools import LRUCache, cached
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from catalog.templatetags.shop import swatch
from search.pages.facets import Choice, Facet, facets, switches
from search.pages.fragments import rendered, rendered_anew, surroundings
from search.pages.places import place_of
from search.relaxation import shown_count
from search.result import SearchResult

register = template.Library()
register.filter(shown_count)

# Rails that a process keeps, each of some 20 kilobytes; what they are kept under is of the same size.
MAX_RAILS = 300


def _key(result: SearchResult) -> Hashable:
    filters, place = result.query.filters, place_of(result.query)
    # 10 and 10.00 are equal, but the form shows what was typed.
    typed = (str(filters.price_min), str(filters.price_max))
    return result.facets, filters, typed, place and place.filters, *surroundings()


@register.simple_tag
@cached(LRUCache(MAX_RAILS), key=_key, lock=Lock())
def choices(result: SearchResult) -> SafeString:
    """All choices of the rail. They follow from the answer's facets, what is chosen and what the place fixes;
    whatever else differs from one request to another stands around them.
    """
    shown = {
        "facets": facets(result),
        "switches": switches(result),
        "available": result.facets,
        "chosen": result.query.filters,
    }
    return rendered_anew("search/_choices.html", shown)


@register.simple_tag
def facet(shown: Facet) -> SafeString:
    """One facet with its choices."""
    return rendered("search/_facet.html", shown, {"facet": shown})


@register.simple_tag
def choice(facet: Facet, shown: Choice) -> SafeString:
    """One choice of a facet; a page has a hundred, and a template for each took longer than all its cards."""
    before, between = _named(facet.key, facet.field, shown.value, shown.label)
    return format_html(
        '<label class="{}">{}{}>{}<span class="choice-count">{}</span></label>',
        " ".join(_classes(facet, shown)),
        before,
        " checked" if shown.selected else "",
        between,
        shown_count(shown.count),
    )


@lru_cache(maxsize=4096)
def _named(key: str, field: str, value: str, label: str) -> tuple[SafeString, SafeString]:
    """The box and the name of a choice: the same in every answer, unlike what is chosen, and how many."""
    box = format_html(
        '<input type="checkbox" id="{}-{}" name="{}" value="{}"', key, slugify(value), field, value
    )
    dot = swatch(value) if field == "colour" else ""
    return box, format_html('{}<span class="choice-name">{}</span>', dot, label)


def _classes(facet: Facet, shown: Choice) -> list[str]:
    conditions = {
        "choice": True,
        "choice--swatch": facet.field == "colour",
        f"choice--step-{shown.depth}": shown.depth > 0,
        "is-empty": not shown.count,
    }
    return [name for name, holds in conditions.items() if holds]
