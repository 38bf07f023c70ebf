"""The search endpoints: parse the request, make the one domain call, serialize its answer.

Domain errors pass through: config.http.refusals turns them into responses.
"""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed
from catalog.models import Product
from search.api.serializers import (
    AnswerSerializer,
    HybridQuerySerializer,
    ImageQuerySerializer,
    ParametersSerializer,
    TextQuerySerializer,
)
from search.query import MAX_TOP_K
from search.retrieval import search, similar


class SearchView(APIView):
    """One search endpoint; subclasses say which fields they take."""

    asks: ClassVar[type[ParametersSerializer]]

    def post(self, request: Request) -> Response:
        result = search(
            self.parsed(request).to_query(),
            user=signed_in_user(request),
            now=timezone.now(),
            track=tracking_allowed(request.headers),
        )
        return Response(AnswerSerializer(result, context={"request": request}).data)

    def parsed(self, request: Request) -> ParametersSerializer:
        asked = self.asks(data=request.data)
        asked.is_valid(raise_exception=True)
        return asked


@extend_schema(
    request={"multipart/form-data": HybridQuerySerializer, "application/json": HybridQuerySerializer},
    responses=AnswerSerializer,
)
class RecommendView(SearchView):
    """Words, a picture, or both with a weight between them; with neither, a signed-in person's taste."""

    asks = HybridQuerySerializer


@extend_schema(request=TextQuerySerializer, responses=AnswerSerializer)
class TextSearchView(SearchView):
    """Words alone."""

    asks = TextQuerySerializer


@extend_schema(
    request={"multipart/form-data": ImageQuerySerializer, "application/json": ImageQuerySerializer},
    responses=AnswerSerializer,
)
class ImageSearchView(SearchView):
    """A picture alone, sent along or by the id of an earlier answer."""

    asks = ImageQuerySerializer

    def parsed(self, request: Request) -> ParametersSerializer:
        asked = super().parsed(request)
        if not (asked.validated_data.get("image") or asked.validated_data["image_id"]):
            raise ValidationError({"image": [_("Send a picture, or the image_id of an earlier answer.")]})
        return asked


class SimilarParametersSerializer(serializers.Serializer[int]):
    top_k = serializers.IntegerField(default=12, min_value=1, max_value=MAX_TOP_K)


class SimilarProductsView(APIView):
    """Products like this one, never the product itself."""

    @extend_schema(parameters=[SimilarParametersSerializer], responses=AnswerSerializer)
    def get(self, request: Request, product_id: str) -> Response:
        asked = SimilarParametersSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        product = Product.objects.by_public_id(product_id)
        if product is None:
            raise NotFound(_("There is no such product. Ids come from search results."))
        result = similar(product, top_k=asked.validated_data["top_k"], now=timezone.now())
        return Response(AnswerSerializer(result, context={"request": request}).data)
