"""The answer to a search as a response: the page of results, or its fragment for htmx."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts.sign_in.current_user import signed_in_user
from search.models.curation import LAST_PLACE
from search.operations import curating
from search.pages import picks, results_context
from search.pages.addresses import page_url, write_query
from search.pages.htmx import wants_fragment
from search.pages.next_query import KEEP, NextQuery, dropped_filters
from search.ranking import curation
from search.result import SearchResult

# The parameter that has the pieces of a picture found with the page itself, without JavaScript.
PIECES = "pieces"
# Where the session keeps what staff did last to the results of a search.
UNDO = "undo_curation"


def answer(request: Any, result: SearchResult, following: NextQuery) -> HttpResponse:
    if 0 < result.total <= result.query.offset and not wants_fragment(request):
        # An address that was kept while the shop had more of it.
        size = result.query.top_k
        return see_other(page_url(result.query, (result.total - 1) // size * size))
    dropped = dropped_filters(request.GET) if KEEP in request.GET else following.dropped
    now = timezone.now()
    context = results_context.context_of(result, now=now)
    context |= results_context.picture_of(result.query, find=PIECES in request.GET, now=now)
    context["offers"] = results_context.offers(result.query, dropped)
    if not result.hits:
        context["picks"] = picks.popular(now=now)
    context |= _arranging(request, result, now)
    fragment = wants_fragment(request)
    response = render(request, "search/_results.html" if fragment else "search/results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    if fragment and request.htmx.target == "results":
        response["HX-Push-Url"] = NextQuery(result.query, dropped).url
    return response


def _arranging(request: Any, result: SearchResult, now: datetime) -> dict[str, Any]:
    """What staff need on a results page to arrange it; {} for everybody else, and without words."""
    if not result.query.text or not curating.may_curate(signed_in_user(request)):
        return {"arranged": None}
    # Of corrected words it is those that the results are of.
    words = curation.current().words_of(result.query.text, result.text_corrected or "", now)
    query = replace(result.query, text=words)
    placed = curating.placed(words, now)
    return {
        "arranged": [
            (hit, row and row.kind, row.position if row else 1, row and row.begins_at(now))
            for hit in result.hits
            for row in [placed.get(hit.product.pk)]
        ],
        "arranged_text": words,
        "last_place": LAST_PLACE,
        "arranged_parameters": write_query(query),
        "undo": _undo(request, words),
    }


def _undo(request: Any, text: str) -> dict[str, Any] | None:
    """What undoes the last change, once, and only in its own search: elsewhere it would be another change."""
    held = request.session.get(UNDO)
    return request.session.pop(UNDO) if held and held.get("text") == text else None


def see_other(url: str) -> HttpResponse:
    """303: the next request is a GET, and a reload never posts again."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
