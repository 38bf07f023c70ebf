"""The shopper's pages: parse the request, make one domain call, render its answer.

Domain errors pass through: config.http.refusals turns them into pages, or notices for htmx.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sign_in.current_user import signed_in_user
from analytics.experiments.participation import draw_for
from analytics.recording import tracking_allowed
from analytics.sessions import keys
from catalog.models import Product
from search import images, paging, retrieval
from search.admission import Busy
from search.answers.frozen import AnswerExpired
from search.browsing import tiles
from search.engine import NotReady
from search.images import UnknownImage
from search.operations.deletion import delete_pictures
from search.pages import picks, results_context
from search.pages.addresses import read_query, results_url
from search.pages.answers import answer, see_other
from search.pages.htmx import wants_fragment
from search.pages.next_query import PREVIOUS, NextQuery, read_next_query
from search.query import PictureAddress, SearchQuery, Upload, is_address
from search.result import SearchResult

# Products in the row "more like this".
SIMILAR = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The search form, example searches, one answer to try the slider on, and picks."""
    now, user = timezone.now(), signed_in_user(request)
    examples = picks.examples()
    context: dict[str, Any] = {"query": SearchQuery(), "showcase": None, "examples": examples}
    try:
        context |= picks.showcase(examples, now=now)
        chosen = picks.for_you(user, keys.of_request(request), now=now)
    except (NotReady, Busy, UnknownImage):
        # The page stands without its extras; searching will say what is missing.
        chosen = []
    context |= {"tiles": tiles.tiles(), "has_sale": tiles.has_sale()}
    context["picks"] = chosen or picks.popular(now=now)
    context["is_picked"] = bool(chosen)
    context["picks_title"] = _("Picked for you") if chosen else _("Popular now")
    return render(request, "search/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest) -> HttpResponseBase:
    """Results by address; a posted form, with a picture or without, redirects to such an address."""
    if request.method == "POST":
        return _to_address(request)
    following = read_next_query(request.GET)
    if PREVIOUS in request.GET and not wants_fragment(request):
        return see_other(following.url)
    result = _result(request, following)
    return _elsewhere(request, result.redirect) if result.redirect else answer(request, result, following)


@require_POST
def delete_picture(request: HttpRequest) -> HttpResponse:
    """Delete the query picture of a results page, and go back to the results for the words alone."""
    query = read_query(request.POST)
    delete_pictures([query.image_id])
    words = replace(query, image_id="", crop=None, weight=SearchQuery().weight, offset=0)
    return see_other(results_url(words) if words.text or words.like else reverse("home"))


@require_safe
def pieces(request: HttpRequest) -> HttpResponse:
    """The query picture with a dot on each piece, for the results page, which does not wait for them."""
    context = results_context.picture_of(read_query(request.GET), find=True, now=timezone.now())
    if context["picture"] is None:
        raise Http404
    return render(request, "search/_picture.html", context)


@require_safe
def similar(request: HttpRequest, product_id: str) -> HttpResponse:
    """More like one product: a row inside its page, or a page of its own."""
    product = Product.objects.by_public_id(product_id)
    if product is None:
        raise Http404
    result = retrieval.similar(product, top_k=SIMILAR, now=timezone.now())
    template = "search/_similar.html" if wants_fragment(request) else "search/similar.html"
    response = render(request, template, {"result": result, "product": product})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _result(request: HttpRequest, following: NextQuery) -> SearchResult:
    """The answer to the address; "show more" names the answer that it continues, while that is kept."""
    query, user, now = replace(following.query, browse=True), signed_in_user(request), timezone.now()
    if query.offset:
        with suppress(AnswerExpired, ValueError):
            query_id = UUID(request.GET.get("query_id", ""))
            return paging.page(query_id, offset=query.offset, top_k=query.top_k, user=user, now=now)
    track, session = tracking_allowed(request.headers), keys.of_request(request)
    draw = draw_for(request, query.text)
    return retrieval.search(query, user=user, now=now, track=track, session=session, draw=draw)


def _to_address(request: HttpRequest) -> HttpResponse:
    """Keep the picture, if one came, and go to where the answer is."""
    parameters = request.POST.copy()
    picture = _sent_picture(request, parameters)
    if picture:
        kept = images.keep_query_image(picture, user=signed_in_user(request), now=timezone.now())
        parameters["image_id"] = kept.image_id
        parameters.pop("crop", None)
    url = read_next_query(parameters).url
    if wants_fragment(request):
        # The script that shows the progress of the upload navigates itself.
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return see_other(url)


def _sent_picture(request: HttpRequest, parameters: QueryDict) -> Upload | PictureAddress | None:
    """The picture of a form. An address in place of words, as people paste it, is meant as a picture too."""
    if upload := request.FILES.get("image"):
        # Not the type that a browser states: it takes it from the name of the file, which may be wrong.
        return Upload(upload.read())
    address = parameters.get("image_url", "").strip()
    if not address and is_address(words := parameters.get("text", "").strip()):
        # The words of the query before stay its words.
        address, parameters["text"] = words, parameters.get("previous", "")
    return PictureAddress(address) if address else None


def _elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """To the page that staff chose for this search."""
    if not wants_fragment(request):
        return HttpResponseRedirect(path)
    # htmx would follow a redirect by itself and put the whole page into a part of this one.
    response = HttpResponse()
    response["HX-Redirect"] = path
    return response
