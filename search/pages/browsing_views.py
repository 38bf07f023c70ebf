"""The pages to browse: categories, brands, what is new, what is on sale, looks; and what a shopper viewed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed
from analytics.sessions import history, keys
from catalog.display.cards import cards_by_ids
from catalog.models import Product
from search import retrieval
from search.browsing.sections import Directory, brands, categories
from search.looks.complete import look_of
from search.pages.addresses import read_query, results_url
from search.pages.answers import answer, see_other
from search.pages.htmx import wants_fragment
from search.pages.next_query import NextQuery
from search.pages.places import BrowsingQuery, Place

# Cards of the row "recently viewed".
VIEWED = 12


@require_safe
def category(request: HttpRequest, address: str) -> HttpResponse:
    return _section(request, categories(), address)


@require_safe
def brand(request: HttpRequest, address: str) -> HttpResponse:
    return _section(request, brands(), address)


@require_safe
def new_in(request: HttpRequest) -> HttpResponse:
    return _place(request, Place.new_in())


@require_safe
def on_sale(request: HttpRequest) -> HttpResponse:
    return _place(request, Place.on_sale())


@require_POST
def recently_viewed(request: HttpRequest) -> HttpResponse:
    """The cards of the ``id``s that a browser kept, in their order, then of what its signed-in person viewed
    elsewhere, without the product ``besides``; empty where all have left the shop.
    """
    ids, user = request.POST.getlist("id")[: VIEWED + 1], keys.who(request)
    if user is not None:
        ids += history.viewed(history.of_user(user, now=timezone.now()), limit=VIEWED + 1)
    others = [each for each in dict.fromkeys(ids) if each != request.POST.get("besides")]
    products = cards_by_ids(others[:VIEWED])
    return render(request, "search/_viewed.html", {"products": products})


def _section(request: HttpRequest, directory: Directory, address: str) -> HttpResponse:
    section = directory.find(address)
    if section is None:
        raise Http404
    if section.slug != address:
        parameters = request.GET.urlencode()
        return HttpResponsePermanentRedirect(section.url + (f"?{parameters}" if parameters else ""))
    return _place(request, Place.of(section))


def _place(request: HttpRequest, place: Place) -> HttpResponse:
    query = BrowsingQuery.at(place, read_query(request.GET))
    if query.text or query.has_picture or query.like or query.exclude:
        # Words are searched among the products of the place.
        return see_other(results_url(query.elsewhere()))
    result = retrieval.search(
        query,
        user=signed_in_user(request),
        now=timezone.now(),
        track=tracking_allowed(request.headers),
        session=keys.of_request(request),
    )
    return answer(request, result, NextQuery(result.query))


@require_safe
def look(request: HttpRequest, product_id: str) -> HttpResponse:
    """What goes with a product: a section of its page, and a page of its own."""
    product = Product.objects.by_public_id(product_id)
    if product is None:
        raise Http404
    context = {"product": product, "look": look_of(product, now=timezone.now())}
    template = "search/_look.html" if wants_fragment(request) else "search/look.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
