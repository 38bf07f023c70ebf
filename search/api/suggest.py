"""GET /api/v1/suggest: completions for the search box."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rest.caching import PubliclyCached
from rest.serializers import StrictSerializer
from rest.views import Endpoint
from search.api.suggested import SuggestedCategorySerializer, SuggestedProductSerializer, of_the_shop
from search.browsing.live import MAX_CATEGORIES, MAX_PRODUCTS
from search.lexical.completions import Completion
from search.lexical.suggestions import MAX_SUGGESTIONS
from search.suggest import suggest


class SuggestQuerySerializer(StrictSerializer[Any]):
    q = serializers.CharField(
        max_length=100, allow_blank=True, required=False, default="", help_text="What was typed so far."
    )


class SuggestionSerializer(serializers.Serializer[Completion]):
    text = serializers.CharField(help_text="A search to offer.")
    kind = serializers.ChoiceField(["brand", "category", "phrase", "search"])


class SuggestAnswerSerializer(serializers.Serializer[dict[str, Any]]):
    query = serializers.CharField()
    suggestions = SuggestionSerializer(many=True, help_text=f"Up to {MAX_SUGGESTIONS}, the likeliest first.")
    categories = SuggestedCategorySerializer(many=True, help_text=f"Up to {MAX_CATEGORIES}, largest first.")
    products = SuggestedProductSerializer(many=True, help_text=f"Up to {MAX_PRODUCTS} that fit the words.")


class SuggestView(PubliclyCached, Endpoint):
    public = True
    query = SuggestQuerySerializer
    scope = "search"

    @extend_schema(
        operation_id="suggest",
        summary="Completions for the search box",
        description="Up to eight completions, from the catalogue and from what several people searched.",
        parameters=[SuggestQuerySerializer],
        responses={200: SuggestAnswerSerializer},
    )
    def get(self, request: Request) -> Response:
        text = self.asked(request)["q"]
        suggestions = suggest(text, now=timezone.now())
        answer = {"query": text, "suggestions": suggestions, **of_the_shop(text, suggestions)}
        return Response(SuggestAnswerSerializer(answer).data)
