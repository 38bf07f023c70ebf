"""What staff keep for a search and that changes nothing, or something twice, as the shop stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

import numpy as np
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, retrieval
from search.admission import Busy
from search.browsing.sections import brands, categories
from search.engine import NotReady
from search.labels import ORDER_LABELS, chip_label
from search.models import CuratedPlacement, RankingRule, Redirect
from search.query import MAX_TOP_K, InvalidQuery, SearchQuery, Sort
from search.ranking import curation, rules
from search.ranking.kinds import KIND
from search.ranking.timing import is_in_force
from search.result import SearchResult


def idle(row: CuratedPlacement | RankingRule | Redirect, now: datetime) -> str:
    """Why a pin or a rule that is in force moves no product, which other rule moves the same ones, or why a
    redirect leads nowhere, as a sentence for staff; "" where there is nothing to say, or no index to tell.
    """
    if not is_in_force(row, now):
        return ""
    if isinstance(row, Redirect):
        return _idle_redirect(row, now)
    try:
        return _idle_rule(row, now) if isinstance(row, RankingRule) else _idle_pin(row, now)
    except (NotReady, Busy, InvalidQuery):
        return ""


def _idle_redirect(row: Redirect, now: datetime) -> str:
    values = {"path": row.path, "query": row.query}
    if not curation.current().redirect(row.query, now, typed=row.query):
        return _("“%(query)s” shows its own results: what %(path)s searches for leads on or back.") % values
    path = unquote(urlsplit(row.path).path)
    if _is_page(path) or _is_page(f"{path}/"):
        return ""
    # A server before this one may have it.
    return _("There is no page of Tandem at %(path)s. See that the shop has one.") % values


def _is_page(path: str) -> bool:
    """Whether Tandem shows a page there: it has none for a product, category or brand that is not sold."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if "product_id" in match.kwargs:
        return Product.objects.by_public_id(match.kwargs["product_id"]) is not None
    directory = {"category": categories, "brand": brands}.get(match.view_name)
    return directory is None or directory().find(match.kwargs["address"]) is not None


def _idle_rule(row: RankingRule, now: datetime) -> str:
    if not row.is_enabled:
        return ""
    columns = engine.snapshot().columns
    active = np.flatnonzero(columns.active)
    moved = rules.timed(row).at(now).holds(columns, active)
    if not moved.any():
        return _("No product is of this kind, so this rule moves nothing.")
    for other in RankingRule.objects.filter(is_enabled=True, key=row.key).exclude(pk=row.pk):
        others = rules.timed(other).at(now).holds(columns, active)
        if is_in_force(other, now) and np.array_equal(others, moved):
            if other.kind == row.kind:
                sentence = _("“%(name)s” moves the same products, and the two add up.")
            else:
                sentence = _("“%(name)s” moves the same products the other way.")
            return sentence % {"name": other.name}
    return ""


def _answer(row: CuratedPlacement, now: datetime) -> SearchResult:
    """The part of a pin's search where its place is, or the last one where it has fewer."""
    query = SearchQuery(text=row.query, top_k=MAX_TOP_K, personal=False)
    found = retrieval.search(query, user=None, now=now, track=False, log=False)
    # Others before it may have the same place.
    start = max(min(row.position, found.total) - MAX_TOP_K // 2, 0)
    if start:
        found = retrieval.search(replace(query, offset=start), user=None, now=now, track=False, log=False)
    return found


def _idle_pin(row: CuratedPlacement, now: datetime) -> str:
    if row.kind != CuratedPlacement.Kind.PIN:
        return ""
    values = {"product": row.product.title, "query": row.query}
    if not row.product.is_active:
        return _("“%(product)s” is not active, so no search shows it.") % values
    found = _answer(row, now)
    if found.order is not Sort.RELEVANCE:
        values["order"] = str(ORDER_LABELS[found.order])
        return _("“%(query)s” asks for an order (%(order)s), and in one no product is pinned.") % values
    # Another colour of its style may stand for it.
    if any(row.product_id in {card.pk for card in (hit.product, *hit.variants)} for hit in found.hits):
        return ""
    # A pin may be of any kind, and a translation is no filter.
    filters = [chip_label(chip) for chip in found.chips if chip.field not in (KIND, "word")]
    if not filters:
        return _("“%(product)s” is not shown for “%(query)s” before the next reindex.") % values
    sentence = _("“%(product)s” is not shown: it does not pass what “%(query)s” is read as (%(filters)s).")
    return sentence % {**values, "filters": ", ".join(filters)}
