"""lookup_catalog and get_product: products and their variants by identifier, at their price of now."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.offers import current_offers
from search import engine
from search.agents.ucp import products
from search.agents.ucp.names import LOOKUP
from search.agents.ucp.platforms import Platform
from search.agents.ucp.products import SIZE, Document, Variant
from search.agents.ucp.requests import LookupSerializer, ProductSerializer
from search.agents.ucp.responses import currency_of, envelope, error, with_messages
from search.query import Filters


def lookup_catalog(request: HttpRequest, platform: Platform, site: str, payload: Document) -> Document:
    asked = LookupSerializer(data=payload)
    asked.is_valid(raise_exception=True)
    currency, messages = currency_of(asked)
    wanted: list[str] = asked.validated_data["ids"]
    known = {each.product_id: each for each in _known(wanted, asked.to_filters(currency))}
    shown: dict[str, dict[Variant, list[Document]]] = {}
    for identifier in wanted:
        product_id, size = products.parsed_id(identifier)
        variant = _variant(known.get(product_id), size)
        if variant is None:
            messages.append({"type": "info", "code": "not_found", "content": identifier})
            continue
        match = {"id": identifier, "match": "exact" if size else "featured"}
        shown.setdefault(product_id, {}).setdefault(variant, []).append(match)
    response = {
        "ucp": envelope(platform, site, LOOKUP),
        "products": [
            products.described(
                known[product_id],
                list(inputs),
                request,
                inputs={variant.id: matches for variant, matches in inputs.items()},
            )
            for product_id, inputs in shown.items()
        ],
    }
    return with_messages(response, messages)


def _known(identifiers: list[str], filters: Filters) -> list[Product]:
    """The products of these identifiers that the filters let pass and the protocol can tell, as of now."""
    now = timezone.now()
    wanted = dict.fromkeys(products.parsed_id(identifier)[0] for identifier in identifiers)
    found = _passing(Product.objects.by_public_ids(wanted), filters)
    stated = current_offers(found, now=now)
    current = [products.with_offer(product, offer) for product, offer in zip(found, stated, strict=True)]
    return [product for product in current if products.is_priced(product)]


def _passing(found: list[Product], filters: Filters) -> list[Product]:
    """As in a search, whose columns decide. Raises NotReady where filters are set and there is no index."""
    if filters == Filters():
        return found
    columns = engine.snapshot().columns
    passing = columns.passing(filters)
    kept = {int(columns.keys[row]) for row in columns.rows_of([each.pk for each in found]) if passing[row]}
    return [product for product in found if product.pk in kept]


def _variant(product: Product | None, size: str) -> Variant | None:
    """The variant of this size, the featured one for ""; None where there is none."""
    if product is None:
        return None
    if not size:
        return products.featured(product)
    return next((each for each in products.variants(product) if each.size == size), None)


def get_product(request: HttpRequest, platform: Platform, site: str, payload: Document) -> Document:
    asked = ProductSerializer(data=payload)
    asked.is_valid(raise_exception=True)
    currency, messages = currency_of(asked)
    identifier = asked.validated_data["id"]
    _product_id, size = products.parsed_id(identifier)
    product = next(iter(_known([identifier], asked.to_filters(currency))), None)
    if product is None or _variant(product, size) is None:
        sentence = _("There is no product %(id)s.") % {"id": identifier}
        return error(platform, site, LOOKUP, "not_found", sentence)
    effective = size or _selected(product, asked.validated_data["selected"])
    response = {
        "ucp": envelope(platform, site, LOOKUP),
        "product": _detail(
            product, effective, request, chosen=bool(size or asked.validated_data["selected"])
        ),
    }
    return with_messages(response, messages)


def _selected(product: Product, selected: list[dict[str, str]]) -> str:
    """The size that the platform chose; "" where it chose none, or one that is not there and is let go."""
    label = next((each["label"] for each in selected if each["name"].casefold() == SIZE.casefold()), "")
    sizes = {each.size.casefold(): each.size for each in products.variants(product)}
    return sizes.get(label.casefold(), "") if label else ""


def _detail(product: Product, size: str, request: HttpRequest, *, chosen: bool) -> Document:
    everything = products.variants(product)
    shown = [each for each in everything if each.size == size] if size else everything
    document = products.described(product, shown, request)
    # What was chosen and could not be kept is left out; without a choice, the featured variant's stands.
    effective = size or ("" if chosen else everything[0].size)
    if "options" in document:
        available = {each.size: each.available for each in everything}
        document["selected"] = [{"name": SIZE, "label": effective}] if effective else []
        for value in document["options"][0]["values"]:
            value |= {"available": available[value["label"]], "exists": True}
    return document
