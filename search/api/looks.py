"""GET /api/v1/complete-the-look/{id}: what is worn with one product."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.finding import product_or_404
from catalog.api.serializers import ProductCardSerializer
from rest.schema import NOT_FOUND
from rest.views import Endpoint
from search.looks.bought import Bought
from search.looks.building import MAX_PIECES
from search.looks.complete import PIECES, Match, look_of


class LookParametersSerializer(serializers.Serializer[dict[str, Any]]):
    top_k = serializers.IntegerField(
        default=PIECES, min_value=1, max_value=MAX_PIECES, help_text="How many pieces at most."
    )


class LookPieceSerializer(serializers.Serializer[Match]):
    """One piece: ``terms`` are the parts of its score, each in [0, 1]."""

    rank = serializers.IntegerField()
    slot = serializers.CharField(help_text="For programs: top, bottom, dress, layer, shoes, bag, ….")
    slot_name = serializers.CharField(help_text="For people, in the language of the request.")
    reason = serializers.CharField(help_text="Why it goes with the product, in the same language.")
    score = serializers.FloatField()
    terms = serializers.DictField(
        child=serializers.FloatField(), help_text="harmony, occasion, fit, style and bought."
    )
    chosen_by_staff = serializers.BooleanField(source="is_fixed")
    product = ProductCardSerializer()


class BoughtSerializer(serializers.Serializer[Bought]):
    reason = serializers.CharField(help_text="For people, in the language of the request.")
    count = serializers.IntegerField(help_text="People who bought both.")
    product = ProductCardSerializer()


class LookSerializer(serializers.Serializer[dict[str, Any]]):
    product_id = serializers.CharField()
    results = LookPieceSerializer(many=True)
    bought_together = BoughtSerializer(
        many=True, help_text="What the same people bought besides; empty until enough did."
    )


class CompleteTheLookView(Endpoint):
    public = True
    query = LookParametersSerializer
    scope = "search"

    @extend_schema(
        operation_id="completeTheLook",
        summary="What is worn with one product",
        description="At most one product for each slot of an outfit, all in stock, for the same people, "
        "never of the product's own kind. Empty where nothing goes with it.",
        parameters=[LookParametersSerializer],
        responses={200: LookSerializer, 404: NOT_FOUND},
    )
    def get(self, request: Request, product_id: str) -> Response:
        asked = self.asked(request)
        product = product_or_404(product_id)
        look = look_of(product, now=timezone.now(), size=asked["top_k"])
        answer = {"product_id": product.product_id, "results": look.pieces, "bought_together": look.bought}
        return Response(LookSerializer(answer, context={"request": request}).data)
