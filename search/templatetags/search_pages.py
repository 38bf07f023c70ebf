"""Tags of the search templates: addresses of results, cards, scores as bars, parsed filters."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.display.cards import Card
from catalog.models import Product
from search import images
from search.hits import reasons
from search.labels import chip_label
from search.language.parsed_query import ORDER
from search.looks.bought import Bought
from search.looks.complete import Match
from search.pages import addresses
from search.pages.fragments import rendered
from search.query import Chip, SearchQuery
from search.query_builder import IGNORE_SPELLING
from search.result import Hit, SearchResult

register = template.Library()
register.simple_tag(chip_label)

# The terms of a score that a card states, and their digits.
_TERMS, _DIGITS = ("image", "words", "rest"), 5
# Cards in the first row on a wide screen: their pictures load first.
FIRST_ROW = 4
# 40vw of a phone, where 44vw is true: at double density 320 pixels are enough, and the next width weighs
# three times as much.
GRID_SIZES = "(min-width: 1200px) 18rem, (min-width: 768px) 30vw, 40vw"


@register.simple_tag
def results_url(query: SearchQuery, **changes: Any) -> str:
    """The address of the query's results after changes to its fields."""
    return addresses.results_url(query, **changes)


@register.simple_tag
def like_url(product: Product, text: str = "") -> str:
    """Results that start from a product's own picture."""
    return addresses.results_url(SearchQuery(image_id=images.product_image_id(product), text=text))


@register.simple_tag(takes_context=True)
def card(
    context: Context,
    product: Product | Card,
    *,
    sizes: str = GRID_SIZES,
    eager: bool = False,
    plain: bool = False,
) -> SafeString:
    """A product; ``sizes`` are those of its picture, which an ``eager`` card loads before others. ``plain``
    leaves out the favourite's toggle and every id, for rows of products that stand on the page already.
    """
    shown = Card.of(product) if isinstance(product, Product) else product
    return _card(context, shown, hit=None, query=None, sizes=sizes, eager=eager, plain=plain)


@register.simple_tag(takes_context=True)
def hit_card(
    context: Context,
    hit: Hit,
    query: SearchQuery,
    *,
    sizes: str = GRID_SIZES,
    eager: bool = False,
    plain: bool = False,
    bare: bool = False,
) -> SafeString:
    """A hit of the query with its rank and scores; ``plain`` leaves out the favourite's toggle, ``bare`` why
    it is here: both for pages that show a product twice.
    """
    return _card(context, hit.product, hit=hit, query=query, plain=plain, bare=bare, sizes=sizes, eager=eager)


@register.simple_tag(takes_context=True)
def piece_card(context: Context, piece: Match | Bought, *, sizes: str = GRID_SIZES) -> SafeString:
    """A piece of a look with its slot, or what was bought together, and the reason why it stands there."""
    product = Card.of(piece.product)
    # Plain: a similar product further down the page may be the same one, and ids are unique.
    return _card(context, product, hit=None, query=None, plain=True, piece=piece, sizes=sizes, eager=False)


def _card(
    context: Context,
    product: Card,
    *,
    hit: Hit | None,
    query: SearchQuery | None,
    plain: bool,
    piece: Match | Bought | None = None,
    bare: bool = False,
    **face: Any,
) -> SafeString:
    is_favorite = not plain and product.product_id in context["favorite_ids"]
    shown = (
        *(product, tuple(face.values()), plain, bare, is_favorite),
        None if hit is None or query is None else _shown_of_hit(hit, query),
        piece and (piece.slot_name, piece.reason),
    )
    variables = {
        "product": product,
        "hit": hit,
        "query": query,
        "plain": plain,
        "bare": bare,
        "piece": piece,
        **face,
    }
    return rendered("partials/card.html", shown, {**variables, "is_favorite": is_favorite})


def _shown_of_hit(hit: Hit, query: SearchQuery) -> Hashable:
    """What a card says of its hit, terms as far as it writes them: freshness is another number each time that
    an answer is made, and no card would be reused then.
    """
    scores = (hit.similarity, hit.image_score, hit.text_score, hit.relevance)
    terms = tuple(round(hit.terms[name], _DIGITS) if name in hit.terms else None for name in _TERMS)
    return hit.rank, scores, terms, reasons(hit), hit.is_pinned, query.weight


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
        'data-image-score="{}" data-text-score="{}" data-image="{}" data-words="{}" data-rest="{}"',
        _digits(hit.image_score),
        _digits(hit.text_score),
        _digits(hit.terms.get("image", hit.image_score)),
        _digits(hit.terms.get("words", hit.text_score)),
        _digits(hit.terms.get("rest", 0.0)),
    )


@register.simple_tag
def card_face(product: Card, *, sizes: str, eager: bool, plain: bool) -> SafeString:
    """Picture, names and price of a product, and the link to it: the same in the answer to any query."""
    face = {"product": product, "image": product.cover, "sizes": sizes, "eager": eager, "plain": plain}
    return rendered("partials/card_face.html", (product, sizes, eager, plain), face)


@dataclass(frozen=True)
class ScoreParts:
    """The scores of a hit in [0, 1] to the per cent, None without one, and what each adds to their bar, in
    per cent of its width.
    """

    words: float | None
    picture: float | None
    together: float | None
    words_width: int
    picture_width: int
    notes: tuple[str, ...]


@register.simple_tag
def score_parts(hit: Hit, query: SearchQuery) -> ScoreParts:
    """What the scores of a hit are made of, at the query's weight."""
    words, picture, weight = _to_the_percent(hit.text_score), _to_the_percent(hit.image_score), query.weight
    has_both = words is not None and picture is not None
    if not has_both:
        weight = 0.0 if picture is None else 1.0
    return ScoreParts(
        words=words,
        picture=picture,
        together=_to_the_percent(hit.similarity) if has_both else None,
        words_width=round(100 * (1 - weight) * (words or 0)),
        picture_width=round(100 * weight * (picture or 0)),
        notes=reasons(hit),
    )


def _to_the_percent(score: float | None) -> float | None:
    return None if score is None else round(score, 2)


@register.simple_tag
def meter(score: float, side: str) -> SafeString:
    """One score in [0, 1] as a bar, hidden from screen readers: pages print the number as well."""
    return format_html(
        '<svg class="score-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="score-{}" width="{}" height="3"/></svg>',
        side,
        round(100 * score),
    )


@register.simple_tag
def fused_meter(parts: ScoreParts) -> SafeString:
    return format_html(
        '<svg class="score-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="score-words" width="{0}" height="3"/>'
        '<rect class="score-picture" x="{0}" width="{1}" height="3"/></svg>',
        parts.words_width,
        parts.picture_width,
    )


@register.simple_tag
def chip_url(query: SearchQuery, chip: Chip) -> str:
    """The results without the parsed filter (its words are searched literally) or without the exclusion."""
    if chip.field == "exclude" and (left := addresses.cut(query.exclude, chip.words)) != query.exclude:
        return addresses.results_url(query, exclude=left)
    ignore = (*query.ignore, f"{chip.field}:{chip.value}")
    # The same order may have been chosen too.
    return addresses.results_url(query, ignore=ignore, sort=None if chip.field == ORDER else query.sort)


@register.simple_tag
def spelling_url(query: SearchQuery) -> str:
    """The results for the words as they were typed."""
    return addresses.results_url(query, ignore=(*query.ignore, IGNORE_SPELLING), offset=0)


def _digits(score: float | None) -> str:
    return "" if score is None else f"{score:.{_DIGITS}f}"
