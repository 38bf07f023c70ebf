"""GET /api/v1/products: cards for given ids, or the shop's products by filters, page by page."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed
from catalog.api.serializers import ProductCardSerializer, described
from catalog.display.cards import cards_by_ids
from rest.views import Endpoint
from search.api.answer_serializers import FacetsSerializer
from search.api.query_serializers import FiltersSerializer
from search.query import MAX_TEXT, MAX_TOP_K, PAGE_SIZE, InvalidQuery, SearchQuery, Sort
from search.result import SearchResult
from search.retrieval import search

MAX_IDS = 100
MAX_CURSOR = 200
_SALT = "search.api.products"


class BrowseSerializer(FiltersSerializer):
    """Which products: by their ids, or which to list, in which order, from where on."""

    id = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=f"Up to {MAX_IDS} product ids, each as id=…; none to browse. The rest is for browsing.",
    )
    exclude = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_TEXT)
    sort = serializers.ChoiceField(
        choices=[each.value for each in Sort],
        default=Sort.RELEVANCE.value,
        help_text="relevance: in stock, then what shoppers open, then what is new",
    )
    top_k = serializers.IntegerField(default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K)
    cursor = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_CURSOR,
        help_text="next_cursor of the page before, with the same filters and order",
    )

    def to_query(self) -> SearchQuery:
        """Raises InvalidQuery for a cursor of another list, and where the query breaks a rule."""
        given = self.validated_data
        return SearchQuery(
            filters=self.to_filters(),
            exclude=given["exclude"],
            sort=Sort(given["sort"]),
            top_k=given["top_k"],
            offset=_read_cursor(given["cursor"], _list_of(given)) if given["cursor"] else 0,
            browse=True,
        )

    def cursor_after(self, result: SearchResult) -> str | None:
        """Where the next page begins, for a client to send back as it is."""
        if result.next_offset is None:
            return None
        return signing.dumps([result.next_offset, _list_of(self.validated_data)], salt=_SALT)


def _list_of(given: dict[str, Any]) -> str:
    """Names the list that a cursor belongs to: its filters and its order, not its size of page."""
    parts = {name: value for name, value in given.items() if name not in ("id", "cursor", "top_k")}
    return signing.Signer(salt=_SALT).signature(repr(sorted(parts.items())))[:16]


def _read_cursor(cursor: str, of_list: str) -> int:
    try:
        offset, belongs_to = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        offset, belongs_to = 0, ""
    if belongs_to != of_list:
        raise InvalidQuery(
            "cursor", _("Send next_cursor of the page before as it is, with the same filters and order.")
        )
    return int(offset)


class ProductListSerializer(serializers.Serializer[dict[str, Any]]):
    """Cards in the order of the ids, with the ids that have no product in ``missing``; or one page of a list,
    with all the other fields.
    """

    results = ProductCardSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField(), required=False)
    query_id = serializers.UUIDField(required=False, help_text="For clicks on products of the list")
    query_type = serializers.ChoiceField(choices=["browse"], required=False)
    total = serializers.IntegerField(required=False)
    total_is_capped = serializers.BooleanField(required=False)
    next_cursor = serializers.CharField(required=False, allow_null=True)
    facets = FacetsSerializer(required=False)


class ProductsView(Endpoint):
    query = BrowseSerializer
    scope = "search"
    public = True

    @extend_schema(
        operation_id="listProducts",
        summary="Cards for several products, or a list to browse",
        description="Cards for the given ids, in their order; ids without a product are listed in missing. "
        "Without ids, the products that pass the filters, page by page.",
        parameters=[BrowseSerializer],
        responses={200: ProductListSerializer},
    )
    def get(self, request: Request) -> Response:
        wanted = list(dict.fromkeys(request.query_params.getlist("id")))
        return Response(self._cards(wanted) if wanted else self._page(request))

    def _cards(self, wanted: list[str]) -> dict[str, Any]:
        if len(wanted) > MAX_IDS:
            raise ValidationError({"id": [_("Give 1 to %(n)d ids, each as id=…") % {"n": MAX_IDS}]})
        found = cards_by_ids(wanted)
        known = {product.product_id for product in found}
        return {"results": described(found), "missing": [key for key in wanted if key not in known]}

    def _page(self, request: Request) -> dict[str, Any]:
        asked = BrowseSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        result = search(
            asked.to_query(),
            user=signed_in_user(request),
            now=timezone.now(),
            track=tracking_allowed(request.headers),
        )
        return {
            "results": described(hit.product for hit in result.hits),
            "query_id": result.query_id,
            "query_type": result.query_type,
            "total": result.total,
            "total_is_capped": result.total_is_capped,
            "next_cursor": asked.cursor_after(result),
            "facets": FacetsSerializer(result.facets).data,
        }
