"""The tools at /mcp: search, lookup and similar, over the calls that pages and API make."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework import serializers

from analytics.recording import tracking_allowed
from catalog.api.serializers import ProductDetailSerializer
from catalog.models import Product
from catalog.offers import StatedOffer, current_offers
from rest.serializers import StrictSerializer
from search.agents import answers
from search.agents.addresses import absolute
from search.agents.pictures import Base64PictureSerializer, picture_of
from search.agents.schemas import TEXT, TEXTS, Schema, list_of, object_of, schema_of
from search.agents.tools import Arguments, Tool, ToolResult, Toolset
from search.api import asking
from search.api.query_serializers import HybridIdQuerySerializer, PageSerializer
from search.query import MAX_TOP_K, PictureAddress, SearchQuery, Upload
from search.result import SearchResult

# A model reads every result, so pages are shorter than a person's.
PAGE_SIZE = 10
MAX_LOOKUP = 20
FACETS_HELP = "Also list the values of each filter in this answer, with their counts."


class SearchToolSerializer(Base64PictureSerializer, HybridIdQuerySerializer):
    """A search as the API takes it, whose picture may be in base64."""

    top_k = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K, help_text="How many results."
    )
    facets = serializers.BooleanField(required=False, default=False, help_text=FACETS_HELP)
    # There is nobody whose taste could count.
    personal = session = None  # type: ignore[assignment]  # so DRF leaves a field out

    def to_query(self) -> SearchQuery:
        query = super().to_query()
        asks_nothing = not (query.text or query.has_picture or query.like)
        return replace(query, browse=asks_nothing and bool(query.filters.in_use() or query.exclude))

    def to_picture(self) -> Upload | PictureAddress | None:
        given = self.validated_data
        return picture_of(image_url=given["image_url"], image_base64=given["image_base64"])


class LookupToolSerializer(StrictSerializer[Any]):
    ids = serializers.ListField(
        child=serializers.CharField(max_length=200),
        min_length=1,
        max_length=MAX_LOOKUP,
        help_text="Product ids from results of search or similar.",
    )


class SimilarToolSerializer(PageSerializer):
    id = serializers.CharField(max_length=200, help_text="A product id from results.")
    top_k = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K, help_text="How many results."
    )


def search(request: HttpRequest, arguments: Arguments) -> ToolResult:
    asked = SearchToolSerializer(data=_stated(arguments))
    asked.is_valid(raise_exception=True)
    result = asking.answer(asked, user=None, now=timezone.now(), track=tracking_allowed(request.headers))
    return _found(result, request, facets=asked.validated_data["facets"])


def similar(request: HttpRequest, arguments: Arguments) -> ToolResult:
    asked = SimilarToolSerializer(data=_stated(arguments))
    asked.is_valid(raise_exception=True)
    given = dict(asked.validated_data)
    result = asking.like_product(given.pop("id"), **given, user=None, now=timezone.now())
    return _found(result, request, facets=False)


def _stated(arguments: Arguments) -> Arguments:
    """Without null, which models send for what they leave out."""
    return {name: value for name, value in arguments.items() if value is not None}


def _found(result: SearchResult, request: HttpRequest, *, facets: bool) -> ToolResult:
    found = answers.answer(result, request, facets=facets)
    return ToolResult(answers.lines(found), found)


def lookup(request: HttpRequest, arguments: Arguments) -> ToolResult:
    asked = LookupToolSerializer(data=arguments)
    asked.is_valid(raise_exception=True)
    wanted = list(dict.fromkeys(asked.validated_data["ids"]))
    products = Product.objects.by_public_ids(wanted)
    known = {product.product_id for product in products}
    offers = current_offers(products, now=timezone.now())
    found = [_detail(product, offer, request) for product, offer in zip(products, offers, strict=True)]
    missing = [key for key in wanted if key not in known]
    lines = [f"{answers.product_line(each)}\n{each['description']}".strip() for each in found]
    lines += [f"There is no product {key}." for key in missing]
    return ToolResult("\n\n".join(lines), {"products": found, "missing": missing})


def _detail(product: Product, offer: StatedOffer, request: HttpRequest) -> dict[str, Any]:
    context = {"request": request, "offer": offer}
    detail = answers.addressed(dict(ProductDetailSerializer(product, context=context).data), request)
    detail["images"] = [absolute(request, image["url"]) for image in detail["images"]]
    return {name: detail[name] for name in DETAIL["properties"]}


DETAIL: Schema = object_of(
    {
        **answers.CARD["properties"],
        "description": TEXT,
        "category_path": TEXT,
        "sizes": TEXTS,
        "attributes": {"type": "object", "description": "Further properties by name"},
        "images": {**TEXTS, "description": "Addresses of all pictures"},
        "shop_url": {"type": "string", "description": "Where the shop sells it, or empty"},
        "as_of": {"type": "string", "description": "When price and stock were stated"},
        "live": {"type": "boolean", "description": "Whether the shop itself stated them just now"},
    }
)

TOOLS = (
    Tool(
        name="search",
        title="Search the shop",
        description="Find products of this shop by words, by a picture, or by both with a weight between "
        'them. Words may hold filters ("red dress under 50"). Filters can be given apart; alone they list '
        "what passes them. For the next page send query_id and offset of the answer, and nothing else.",
        input_schema=schema_of(SearchToolSerializer),
        output_schema=answers.ANSWER,
        run=search,
    ),
    Tool(
        name="lookup",
        title="Look products up",
        description="Everything about products by their ids: description, sizes, all pictures, and price and "
        "stock as of now where the shop can be asked.",
        input_schema=schema_of(LookupToolSerializer),
        output_schema=object_of({"products": list_of(DETAIL), "missing": TEXTS}),
        run=lookup,
    ),
    Tool(
        name="similar",
        title="Products like one product",
        description="The products that look and read most like one product, never the product itself.",
        input_schema=schema_of(SimilarToolSerializer),
        output_schema=answers.ANSWER,
        run=similar,
    ),
)
SHOP = Toolset(
    name="tandem",
    title="Tandem shop search",
    version=settings.SPECTACULAR_SETTINGS["VERSION"],
    instructions="Search a fashion shop's own catalogue. Prices are strings in units of their currency. "
    "Products can be bought by people at the address of each.",
    tools=TOOLS,
)
