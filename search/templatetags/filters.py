"""Tags of the filters' rail."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from catalog.templatetags.shop import swatch
from search.pages.facets import Choice, Facet
from search.pages.fragments import rendered
from search.relaxation import shown_count

register = template.Library()
register.filter(shown_count)


@register.simple_tag
def facet(shown: Facet) -> SafeString:
    """One facet with its choices."""
    return rendered("search/_facet.html", shown, {"facet": shown})


@register.simple_tag
def choice(facet: Facet, shown: Choice) -> SafeString:
    """One choice of a facet; a page has a hundred, and a template for each took longer than all its cards."""
    return format_html(
        '<label class="{}"><input type="checkbox" id="{}-{}" name="{}" value="{}"{}>{}'
        '<span class="choice-name">{}</span><span class="choice-count">{}</span></label>',
        " ".join(_classes(facet, shown)),
        facet.key,
        slugify(shown.value),
        facet.field,
        shown.value,
        " checked" if shown.selected else "",
        swatch(shown.value) if facet.field == "colour" else "",
        shown.label,
        shown_count(shown.count),
    )


def _classes(facet: Facet, shown: Choice) -> list[str]:
    conditions = {
        "choice": True,
        "choice--swatch": facet.field == "colour",
        f"choice--step-{shown.depth}": shown.depth > 0,
        "is-empty": not shown.count,
    }
    return [name for name, holds in conditions.items() if holds]
