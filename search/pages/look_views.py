"""Complete the look: a section of the product page, and a page of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.models import Product
from search.looks.complete import look_of
from search.pages.htmx import wants_fragment


@require_safe
def look(request: HttpRequest, product_id: str) -> HttpResponse:
    product = Product.objects.by_public_id(product_id)
    if product is None:
        raise Http404
    context = {"product": product, "look": look_of(product, now=timezone.now())}
    template = "search/_look.html" if wants_fragment(request) else "search/look.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
