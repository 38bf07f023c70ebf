"""The search endpoints: parse, ask the one domain call, print."""

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

from accounts.models import User
from analytics.recording import tracking_allowed
from catalog.models import Product
from search.api.refusals import refusals
from search.api.serializers import (
    AnswerSerializer,
    HybridQuerySerializer,
    ImageQuerySerializer,
    ShapeSerializer,
    TextQuerySerializer,
)
from search.retrieval import search, similar


class SearchView(APIView):
    """One search endpoint; subclasses say which fields they take."""

    asks: ClassVar[type[ShapeSerializer]]

    def post(self, request: Request) -> Response:
        with refusals():
            query = self.parsed(request).to_query()
            result = search(
                query,
                user=request.user if isinstance(request.user, User) else None,
                now=timezone.now(),
                track=tracking_allowed(request.headers),
            )
        return Response(AnswerSerializer(result).data)

    def parsed(self, request: Request) -> ShapeSerializer:
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

    def parsed(self, request: Request) -> ShapeSerializer:
        asked = super().parsed(request)
        if not (asked.validated_data.get("image") or asked.validated_data["image_id"]):
            raise ValidationError({"image": [_("Send a picture, or the image_id of an earlier answer.")]})
        return asked


class HowManySerializer(serializers.Serializer[int]):
    top_k = serializers.IntegerField(default=12, min_value=1, max_value=100)


class SimilarProductsView(APIView):
    """Products like this one, never the product itself."""

    @extend_schema(parameters=[HowManySerializer], responses=AnswerSerializer)
    def get(self, request: Request, product_id: str) -> Response:
        asked = HowManySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        product = Product.objects.by_public_id(product_id)
        if product is None:
            raise NotFound(_("There is no such product. Ids come from search results."))
        with refusals():
            result = similar(product, top_k=asked.validated_data["top_k"], now=timezone.now())
        return Response(AnswerSerializer(result).data)
