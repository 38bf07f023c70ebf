"""The product page."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from catalog import attributes
from catalog.models import Product

# What json_script escapes: a description may hold "</script>".
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@require_safe
def product(request: HttpRequest, product_id: str) -> HttpResponse:
    found = Product.objects.by_public_id(product_id)
    if found is None:
        raise Http404
    context = {
        "product": found,
        "pictures": [image for image in found.images.all() if image.content_hash],
        "sizes": attributes.sizes(found.attributes, in_stock=found.in_stock),
        "variants": _other_colours(found),
        "attributes": _shown_attributes(found),
        "structured": structured_data(found, request),
    }
    return render(request, "catalog/product.html", context)


def structured_data(product: Product, request: HttpRequest) -> SafeString:
    """The product as schema.org JSON-LD, safe inside a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "sku": product.product_id,
        "description": product.description,
        "color": product.colour,
        "category": product.category,
        "brand": {"@type": "Brand", "name": product.brand} if product.brand else None,
        "image": [
            request.build_absolute_uri(image.url(1080))
            for image in product.images.all()
            if image.content_hash
        ],
        "offers": _offer(product, request),
    }
    stated = {key: value for key, value in data.items() if value}
    # Escaped just above the mark, so that no text of a feed can end the element.
    return mark_safe(json.dumps(stated).translate(_ESCAPES))  # noqa: S308  # nosec B308 B703


def _offer(product: Product, request: HttpRequest) -> dict[str, str] | None:
    if product.price is None:
        return None
    return {
        "@type": "Offer",
        "price": f"{product.price:f}",
        "priceCurrency": product.currency,
        "availability": f"https://schema.org/{'InStock' if product.in_stock else 'OutOfStock'}",
        "url": request.build_absolute_uri(product.get_absolute_url()),
    }


def _other_colours(product: Product) -> list[Product]:
    if not product.item_group_id:
        return []
    group = Product.objects.active().filter(item_group_id=product.item_group_id, source=product.source)
    return list(group.exclude(pk=product.pk).for_cards().order_by("colour", "pk")[:12])


def _shown_attributes(product: Product) -> list[tuple[str, str]]:
    return [
        (
            attributes.label(name),
            ", ".join(map(str, value)) if isinstance(value, list) else str(value),
        )
        for name, value in product.attributes.items()
        if not _is_shown_elsewhere(name) and value not in (None, "", [], {}) and not isinstance(value, dict)
    ]


def _is_shown_elsewhere(name: str) -> bool:
    """Sizes, and paths that say what the product's category says."""
    return attributes.is_size(name) or name in (attributes.SOLD_OUT_SIZES, attributes.CATEGORIES)
