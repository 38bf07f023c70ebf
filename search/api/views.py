"""The search endpoints: parse the request, make the one domain call, serialize its answer.

Domain errors pass through: config.http.refusals turns them into responses.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed
from analytics.sessions import keys
from rest.schema import EXPIRED, NOT_FOUND
from rest.views import Endpoint
from search.api.answer_serializers import AnswerSerializer, answer_serializer
from search.api.asking import answer, like_product
from search.api.query_serializers import (
    HybridIdQuerySerializer,
    HybridQuerySerializer,
    ImageIdQuerySerializer,
    ImageQuerySerializer,
    PageSerializer,
    ParametersSerializer,
    TextQuerySerializer,
)
from search.query import MAX_TOP_K
from search.result import SearchResult

WORDS = OpenApiExample("Words", {"text": "red summer dress", "top_k": 12}, request_only=True)
FILTERED = OpenApiExample(
    "Words and filters",
    {"text": "dress", "colour": ["Red"], "price_max": "80.00", "sort": "price"},
    request_only=True,
)


def serialized(request: Request, result: SearchResult) -> Any:
    answer = answer_serializer().to_representation(result)
    user = signed_in_user(request)
    # It tells whether somebody asked the same a moment ago.
    if user is None or not user.is_staff:
        del answer["cache_hit"]
    return answer


def answered(request: Request, result: SearchResult) -> Response:
    return Response(serialized(request, result))


class SearchView(Endpoint):
    """One search endpoint; subclasses say which fields they take."""

    asks: ClassVar[type[ParametersSerializer]]
    scope = "search"

    def post(self, request: Request) -> Response:
        return Response(self.answer_to(request, request.data))

    def answer_to(self, request: Request, body: Any) -> Any:
        """The serialized answer to one query. Raises ValidationError and what the search raises."""
        asked = self.asks(data=body)
        asked.is_valid(raise_exception=True)
        user, now = signed_in_user(request), timezone.now()
        session = keys.of_request(request, asked.validated_data.get("session", ""))
        track = tracking_allowed(request.headers)
        return serialized(request, answer(asked, user=user, now=now, track=track, session=session))


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
        description="The nearest products in stock, never the product itself, another colour of it, or one "
        "for the other sex. It pages like a search.",
        parameters=[SimilarParametersSerializer],
        responses={200: AnswerSerializer, 404: NOT_FOUND, 410: EXPIRED},
    )
    def get(self, request: Request, product_id: str) -> Response:
        asked = self.asked(request)
        return answered(
            request, like_product(product_id, **asked, user=signed_in_user(request), now=timezone.now())
        )
