"""What the search templates say: addresses of results, scores as bars, what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product
from catalog.templatetags.shop import localised, money
from search import images
from search.pages import addresses as forms
from search.query import SearchQuery
from search.result import Chip, Hit, SearchResult

register = template.Library()

# Cards in the first row on a wide screen: their pictures load first.
FIRST_ROW = 4


@register.simple_tag
def results_url(query: SearchQuery | None, **changes: Any) -> str:
    """The address of these results with changes."""
    return forms.results_url(query or SearchQuery(), **changes)


@register.simple_tag
def like_url(product: Product, text: str = "") -> str:
    """Results that start from a product's own picture."""
    return forms.results_url(SearchQuery(image_id=images.product_image_id(product), text=text))


@register.filter
def is_first_row(counter: int) -> bool:
    return counter <= FIRST_ROW


@register.simple_tag
def total_label(result: SearchResult) -> str:
    """ "132 pieces", or "1,000 pieces and more"."""
    number = number_format(result.total, use_l10n=True, force_grouping=True)
    label = ngettext("%(n)s piece", "%(n)s pieces", result.total) % {"n": number}
    return _("%(pieces)s and more") % {"pieces": label} if result.total_is_capped else label


@register.simple_tag
def card_scores(hit: Hit) -> SafeString:
    """Data attributes from which the browser re-ranks: score = w·image + (1 - w)·words + rest."""
    return format_html(
        ' data-image-score="{}" data-text-score="{}" data-image="{}" data-words="{}" data-rest="{}"',
        _digits(hit.image_score),
        _digits(hit.text_score),
        _digits(hit.terms.get("image", hit.image_score)),
        _digits(hit.terms.get("words", hit.text_score)),
        _digits(hit.terms.get("rest", 0.0)),
    )


@dataclass(frozen=True)
class Parts:
    """A fused similarity in its two parts, as widths in per cent of the whole bar."""

    words_width: str
    picture_width: str
    notes: tuple[str, ...]


@register.simple_tag
def score_parts(hit: Hit, query: SearchQuery) -> Parts:
    """What the words gave and what the picture gave, each by its weight."""
    weight = query.weight
    if hit.image_score is None or hit.text_score is None:
        weight = 0.0 if hit.image_score is None else 1.0
    return Parts(
        words_width=f"{100 * (1 - weight) * (hit.text_score or 0):.1f}",
        picture_width=f"{100 * weight * (hit.image_score or 0):.1f}",
        notes=(*_reasons(hit), *hit.notes),
    )


def _reasons(hit: Hit) -> tuple[str, ...]:
    """The terms beside the two similarities, where they say something."""
    reasons = []
    if (hit.relevance or 0) >= 0.5:
        reasons.append(_("Says your words in its description."))
    if hit.terms.get("taste", 0.0) >= 0.02:
        reasons.append(_("Close to what you have liked."))
    return tuple(reasons)


@register.simple_tag
def meter(score: float, side: str) -> SafeString:
    """One score in [0, 1] as a bar; the number beside it says the same in text."""
    return format_html(
        '<svg class="score-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="score-{}" width="{}" height="3"/></svg>',
        side,
        f"{100 * score:.1f}",
    )


@register.simple_tag
def fused_meter(parts: Parts) -> SafeString:
    """Both parts in one bar."""
    return format_html(
        '<svg class="score-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="score-words" width="{0}" height="3"/>'
        '<rect class="score-picture" x="{0}" width="{1}" height="3"/></svg>',
        parts.words_width,
        parts.picture_width,
    )


@register.simple_tag
def chip_label(chip: Chip) -> str:
    """What was understood, in the reader's language."""
    if chip.field == "price_max":
        return _("up to %(price)s") % {"price": money(float(chip.value))}
    if chip.field == "price_min":
        return _("from %(price)s") % {"price": money(float(chip.value))}
    if chip.field == "exclude":
        return _("without %(what)s") % {"what": localised(chip.value)}
    return localised(chip.value)


@register.simple_tag
def chip_url(query: SearchQuery, chip: Chip) -> str:
    """The address where the chip's words are taken literally, or its exclusion is gone."""
    if chip.field == "exclude" and query.exclude and chip.words in query.exclude:
        return forms.results_url(query, exclude=query.exclude.replace(chip.words, "").strip(" ,"))
    return forms.results_url(query, ignore=(*query.ignore, f"{chip.field}:{chip.value}"))


def _digits(score: float | None) -> str:
    return "" if score is None else f"{score:.5f}"
