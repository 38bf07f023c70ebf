"""GET /api/v1/products: cards for given ids, or the shop's products by filters, page by page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from rest import cursors
from rest.schema import EXPIRED
from rest.views import Endpoint
from search import paging
from search.api.answer_serializers import FacetsSerializer
from search.api.filter_serializers import ExcludeField, FiltersSerializer
from search.query import MAX_TOP_K, PAGE_SIZE, InvalidQuery, SearchQuery, Sort
from search.result import SearchResult
from search.retrieval import search

MAX_IDS = 100
_SALT = "search.api.products"


class BrowseSerializer(FiltersSerializer):
    """Which products: by their ids, or which to list, in which order, from where on."""

    id = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=f"Up to {MAX_IDS} product ids, each as id=…; none to browse. The rest is for browsing.",
    )
    exclude = ExcludeField()
    sort = serializers.ChoiceField(
        choices=[each.value for each in Sort],
        default=Sort.RELEVANCE.value,
        help_text="relevance: in stock, then what shoppers open, then what is new; popular: by views and "
        "purchases, and as relevance while none were learned",
    )
    top_k = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K, help_text="How many products."
    )
    cursor = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=cursors.MAX_CURSOR,
        help_text="next_cursor of the page before, with the same filters and order",
    )

    def to_query(self) -> SearchQuery:
        """Raises InvalidQuery where the query breaks a rule."""
        given = self.validated_data
        return SearchQuery(
            filters=self.to_filters(),
            exclude=given["exclude"],
            sort=Sort(given["sort"]),
            top_k=given["top_k"],
            browse=True,
        )

    def place(self) -> tuple[UUID, int] | None:
        """The answer and the offset that the cursor names; None without one. Raises InvalidQuery for a cursor
        of another list.
        """
        if not self.validated_data["cursor"]:
            return None
        try:
            query_id, offset = cursors.read(self.validated_data["cursor"], of=self._list(), salt=_SALT)
        except cursors.WrongCursor as error:
            raise InvalidQuery("cursor", str(error)) from None
        return UUID(query_id), offset

    def cursor_after(self, result: SearchResult) -> str | None:
        """Where the next page begins, for a client to send back as it is."""
        if result.next_offset is None:
            return None
        return cursors.write([str(result.query_id), result.next_offset], of=self._list(), salt=_SALT)

    def _list(self) -> dict[str, Any]:
        """What names the list that a cursor belongs to: its filters and its order, not its size of page."""
        given = self.validated_data.items()
        return {name: value for name, value in given if name not in ("id", "cursor", "top_k")}


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
        "Without ids, the products that pass the filters, page by page: further pages are cut from the very "
        "answer of the first one, as long as that is kept.",
        parameters=[BrowseSerializer],
        responses={200: ProductListSerializer, 410: EXPIRED},
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
        result = self._result(request, asked)
        return {
            "results": described(hit.product for hit in result.hits),
            "query_id": result.query_id,
            "query_type": result.query_type,
            "total": result.total,
            "total_is_capped": result.total_is_capped,
            "next_cursor": asked.cursor_after(result),
            "facets": FacetsSerializer(result.facets).data,
        }

    def _result(self, request: Request, asked: BrowseSerializer) -> SearchResult:
        """Further pages are cut from the answer of the first one, whatever changes meanwhile."""
        user, now, place = signed_in_user(request), timezone.now(), asked.place()
        if place is None:
            return search(asked.to_query(), user=user, now=now, track=tracking_allowed(request.headers))
        query_id, offset = place
        return paging.page(query_id, offset=offset, top_k=asked.validated_data["top_k"], user=user, now=now)
