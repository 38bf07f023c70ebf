"""The categories and products beside the completions of GET /api/v1/suggest."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.display.cards import Card
from catalog.templatetags.shop import localised
from rest.prices import PriceField
from search.browsing import live
from search.browsing.sections import Section
from search.lexical.completions import Completion


class SuggestedCategorySerializer(serializers.Serializer[Section]):
    name = serializers.SerializerMethodField(help_text="In the language of the request.")
    path = serializers.CharField(source="value", help_text="As a filter of a search takes it.")
    url = serializers.CharField(help_text="The page of the category.")
    count = serializers.IntegerField(help_text="Its products.")

    def get_name(self, section: Section) -> str:
        return localised(section.name)


class SuggestedProductSerializer(serializers.Serializer[Card]):
    product_id = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField(allow_blank=True)
    price = PriceField(allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    url = serializers.CharField(source="get_absolute_url", help_text="The page of the product.")
    image = serializers.SerializerMethodField(help_text="A small picture; empty without one.")

    def get_image(self, product: Card) -> str:
        return product.cover.thumbnail_url if product.cover else ""


def of_the_shop(text: str, completions: list[Completion]) -> dict[str, Any]:
    """``categories`` and ``products`` for what is typed."""
    return {
        "categories": live.matching_categories(text, completions),
        "products": live.matching_products(text, completions),
    }
