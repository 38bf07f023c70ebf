"""The search endpoints: parse the request, make the one domain call, serialize its answer.

Domain errors pass through: config.http.refusals turns them into responses.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed
from analytics.sessions import keys
from catalog.models import Product
from rest.schema import EXPIRED, NOT_FOUND
from rest.views import Endpoint
from search import paging
from search.answers import frozen
from search.api.answer_serializers import AnswerSerializer
from search.api.query_serializers import (
    HybridIdQuerySerializer,
    HybridQuerySerializer,
    ImageIdQuerySerializer,
    ImageQuerySerializer,
    PageSerializer,
    ParametersSerializer,
    TextQuerySerializer,
)
from search.query import MAX_TOP_K, InvalidQuery
from search.result import SearchResult
from search.retrieval import search, similar

WORDS = OpenApiExample("Words", {"text": "red summer dress", "top_k": 12}, request_only=True)
FILTERED = OpenApiExample(
    "Words and filters",
    {"text": "dress", "colour": ["Red"], "price_max": "80.00", "sort": "price"},
    request_only=True,
)


def answered(request: Request, result: SearchResult) -> Response:
    return Response(AnswerSerializer(result, context={"request": request}).data)


class SearchView(Endpoint):
    """One search endpoint; subclasses say which fields they take."""

    asks: ClassVar[type[ParametersSerializer]]
    scope = "search"

    def post(self, request: Request) -> Response:
        asked = self.asks(data=request.data)
        asked.is_valid(raise_exception=True)
        return answered(request, self._result(request, asked))

    def _result(self, request: Request, asked: ParametersSerializer) -> SearchResult:
        user, now = signed_in_user(request), timezone.now()
        if "query_id" in asked.validated_data:
            return self._page(asked, user, now)
        session = keys.of_request(request, asked.validated_data.get("session", ""))
        track = tracking_allowed(request.headers)
        return search(asked.to_query(), user=user, now=now, track=track, session=session)

    def _page(self, asked: ParametersSerializer, user: Any, now: Any) -> SearchResult:
        """Raises InvalidQuery where the request holds another query than the answer's."""
        query_id = asked.validated_data["query_id"]
        if name := asked.differing(frozen.find(query_id, user=user).asked):
            raise InvalidQuery(
                name, _("The answer of this query_id was asked with another value. Leave one of the two out.")
            )
        top_k = asked.validated_data["top_k"] if "top_k" in asked.initial_data else None
        return paging.page(query_id, offset=asked.validated_data["offset"], top_k=top_k, user=user, now=now)


class RecommendView(SearchView):
    asks = HybridQuerySerializer

    @extend_schema(
        operation_id="recommend",
        summary="Search with words, a picture, or both",
        description="Words, a picture, or both with a weight between them; with neither, the taste of the "
        "signed-in person or of the session. Send a form to upload a picture, JSON otherwise.",
        request={"multipart/form-data": HybridQuerySerializer, "application/json": HybridIdQuerySerializer},
        responses={200: AnswerSerializer, 404: NOT_FOUND, 410: EXPIRED},
        examples=[WORDS, FILTERED],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class TextSearchView(SearchView):
    asks = TextQuerySerializer

    @extend_schema(
        operation_id="searchByText",
        summary="Search with words",
        description="Words alone, with the same parameters as recommend.",
        request={"application/json": TextQuerySerializer},
        responses={200: AnswerSerializer, 404: NOT_FOUND, 410: EXPIRED},
        examples=[WORDS, FILTERED],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class ImageSearchView(SearchView):
    asks = ImageQuerySerializer

    @extend_schema(
        operation_id="searchByImage",
        summary="Search with a picture",
        description="A picture alone: uploaded in a form, or named by the image_id of an earlier answer.",
        request={"multipart/form-data": ImageQuerySerializer, "application/json": ImageIdQuerySerializer},
        responses={200: AnswerSerializer, 404: NOT_FOUND, 410: EXPIRED},
    )
    def post(self, request: Request) -> Response:
        return super().post(request)


class SimilarParametersSerializer(PageSerializer):
    top_k = serializers.IntegerField(
        default=12, min_value=1, max_value=MAX_TOP_K, help_text="How many results."
    )


class SimilarProductsView(Endpoint):
    public = True
    query = SimilarParametersSerializer
    scope = "search"

    @extend_schema(
        operation_id="listSimilarProducts",
        summary="Products like one product",
        description="The nearest products, never the product itself. It pages like a search.",
        parameters=[SimilarParametersSerializer],
        responses={200: AnswerSerializer, 404: NOT_FOUND, 410: EXPIRED},
    )
    def get(self, request: Request, product_id: str) -> Response:
        asked, now = self.asked(request), timezone.now()
        product = Product.objects.by_public_id(product_id)
        if product is None:
            raise NotFound(_("There is no such product. Ids come from search results."), "product_unknown")
        query_id = asked.pop("query_id", None)
        if query_id is None:
            return answered(request, similar(product, now=now, **asked))
        result = paging.page(query_id, user=signed_in_user(request), now=now, **asked)
        if result.query.image_id != f"product:{product.product_id}":
            raise frozen.AnswerExpired
        return answered(request, result)
