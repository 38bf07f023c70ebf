"""Describing answers."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from django.urls import get_script_prefix
from django.utils.translation import get_language
from rest_framework import serializers

from catalog.api.serializers import ProductCardSerializer
from catalog.attributes import category_steps
from rest.prices import PriceField
from rest.serializers import PlainValues
from search.labels import attribute_label, chip_label, value_label
from search.query import Chip, Sort
from search.result import AttributeFacet, Facets, FacetValue, Hit, Relaxed, SearchResult

# Described facets and pages that a process holds, of some 50 KB each.
KEPT = 64


class _Same:
    """A value as a key: equal to nothing but itself, which is found sooner than that two are equal."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class _Hits(serializers.ListSerializer[Hit]):
    """A page that was answered before has the same tuple of hits, and is described once."""

    def to_representation(self, data: Any) -> list[Any]:
        return self._described(data)

    @cached(LRUCache(KEPT), key=lambda _self, hits: (_Same(hits), get_script_prefix()), lock=Lock())
    def _described(self, hits: tuple[Hit, ...]) -> list[Any]:
        return super().to_representation(hits)


class HitSerializer(PlainValues[Hit]):
    rank = serializers.IntegerField(help_text="From 1; what a click reports as its position")
    score = serializers.FloatField(help_text="What orders the list, from 0 to 1")
    similarity = serializers.FloatField(help_text="The two scores below, mixed by the weight")
    image_score = serializers.FloatField(
        allow_null=True, help_text="Closeness to the picture, from 0 to 1; null without one"
    )
    text_score = serializers.FloatField(
        allow_null=True, help_text="Closeness to the words, from 0 to 1; null without any"
    )
    relevance = serializers.FloatField(
        allow_null=True, help_text="How well its own words match, from 0 to 1; null without words"
    )
    terms = serializers.DictField(
        child=serializers.FloatField(),
        help_text="score = weight * image + (1 - weight) * words + rest, where the weight is 0 without a "
        "picture and 1 without words; the others are parts of rest",
    )
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What staff have changed about its place"
    )
    is_pinned = serializers.BooleanField(
        help_text="Whether staff pinned it to this rank, where it stays at any weight below 1"
    )
    variants = serializers.SerializerMethodField(help_text="Public ids of the style's other variants")
    product = ProductCardSerializer()

    class Meta:
        list_serializer_class = _Hits

    def get_variants(self, hit: Hit) -> list[str]:
        return [variant.product_id for variant in hit.variants]


class FacetValueSerializer(PlainValues[FacetValue]):
    value = serializers.CharField()
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # DRF takes fields out of the class
        help_text="For people, in the language of the request"
    )
    count = serializers.IntegerField()

    def get_label(self, each: FacetValue) -> str:
        # The list's name is the filter's.
        return value_label(getattr(self.parent, "field_name", ""), each.value)


class CategoryStepSerializer(PlainValues[FacetValue]):
    """One step of the category tree: ``value`` is its path, which the filter ``category`` takes."""

    value = serializers.CharField()
    name = serializers.SerializerMethodField()
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # DRF takes fields out of the class
        help_text="The name, in the language of the request"
    )
    depth = serializers.SerializerMethodField(help_text="0 for a first step")
    count = serializers.IntegerField()

    def get_name(self, step: FacetValue) -> str:
        return category_steps(step.value)[-1]

    def get_label(self, step: FacetValue) -> str:
        return value_label("category", step.value)

    def get_depth(self, step: FacetValue) -> int:
        return len(category_steps(step.value)) - 1


class AttributeFacetSerializer(serializers.Serializer[AttributeFacet]):
    """The choices of one attribute; the filter is ``attribute=<name>:<value>``."""

    name = serializers.CharField()
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # DRF takes fields out of the class
        help_text="For people, in the language of the request"
    )
    values = FacetValueSerializer(many=True)

    def get_label(self, facet: AttributeFacet) -> str:
        return attribute_label(facet.name)


class PriceRangeSerializer(serializers.Serializer[Facets]):
    min = PriceField(source="price_min", allow_null=True)
    max = PriceField(source="price_max", allow_null=True)


class FacetsSerializer(serializers.Serializer[Facets]):
    category = FacetValueSerializer(many=True)
    colour = FacetValueSerializer(many=True)
    brand = FacetValueSerializer(many=True)
    gender = FacetValueSerializer(many=True)
    size = FacetValueSerializer(many=True, help_text="Sizes that can be bought")
    material = FacetValueSerializer(many=True)
    pattern = FacetValueSerializer(many=True)
    category_tree = CategoryStepSerializer(
        many=True, help_text="Every category path, depth first; the filter is category"
    )
    attributes = AttributeFacetSerializer(many=True, help_text="What at least half of the answer states")
    price = PriceRangeSerializer(source="*")
    in_stock = serializers.IntegerField(help_text="How many can be bought now")
    on_sale = serializers.IntegerField(help_text="How many are reduced")

    def to_representation(self, instance: Facets) -> dict[str, Any]:
        return self._described(instance)

    # A frozen answer has one object for all its pages; a shop's facets have hundreds of values.
    @cached(LRUCache(KEPT), key=lambda _self, facets: (_Same(facets), get_language()), lock=Lock())
    def _described(self, facets: Facets) -> dict[str, Any]:
        described: dict[str, Any] = super().to_representation(facets)
        return described


class ChipSerializer(serializers.Serializer[Chip]):
    field = serializers.CharField()
    value = serializers.CharField()
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # DRF takes fields out of the class
        help_text="For people, in the language of the request"
    )
    words = serializers.CharField(help_text="What it was read from; empty where that is the picture")

    def get_label(self, chip: Chip) -> str:
        return chip_label(chip)


class RelaxedSerializer(serializers.Serializer[Relaxed]):
    text = serializers.CharField(help_text="What is left: “3 without colour Red”")
    field = serializers.CharField()
    value = serializers.CharField()


class AnswerSerializer(serializers.Serializer[SearchResult]):
    """The answer of every search endpoint."""

    query_id = serializers.UUIDField(help_text="For its further pages and for clicks")
    query_type = serializers.ChoiceField(choices=["text", "image", "hybrid", "for_you", "browse"])
    text = serializers.CharField(source="query.text", help_text="The words as they were asked")
    weight = serializers.FloatField(source="query.weight", help_text="Of the picture, as it was asked")
    image_id = serializers.CharField(
        allow_null=True, help_text="Of the picture, to search with it again without sending it"
    )
    searched_crop = serializers.CharField(
        source="searched",
        allow_null=True,
        help_text="The part of the picture that was compared, where the search chose one because the whole "
        "resembled nothing: x,y,w,h. crop=0,0,1,1 searches with the whole picture",
    )
    text_truncated = serializers.BooleanField(help_text="Whether there were more words than are compared")
    index_version = serializers.CharField(help_text="Of the index that answered")
    cutoff = serializers.FloatField(help_text="The lowest similarity that answers; 0 where none is too low")
    total_is_capped = serializers.BooleanField(help_text="Whether there are more products than total")
    total = serializers.IntegerField(help_text="How many results all pages hold")
    offset = serializers.IntegerField(source="query.offset", help_text="How many were skipped")
    next_offset = serializers.IntegerField(allow_null=True, help_text="Of the next page; null after the last")
    took_ms = serializers.DictField(
        child=serializers.FloatField(), help_text="Milliseconds by stage, and total"
    )
    cache_hit = serializers.BooleanField(required=False, help_text="Whether it was frozen already; for staff")
    did_you_mean = serializers.CharField(help_text="Words that may be meant instead, or empty")
    redirect = serializers.CharField(help_text="A path of the shop that staff send these words to, or empty")
    text_corrected = serializers.CharField(
        allow_null=True, help_text="The words that were answered instead; ignore=spelling takes it back"
    )
    unknown_words = serializers.ListField(
        child=serializers.CharField(), help_text="Words that neither the catalogue nor any language knows"
    )
    not_sold = serializers.CharField(
        allow_blank=True,
        help_text="A thing that the words name and the shop has none of, as it was typed, empty for none; "
        "the results are near to the words then, and do not match them",
    )
    chips = ChipSerializer(many=True)
    sort = serializers.ChoiceField(
        source="order",
        choices=[each.value for each in Sort],
        help_text="The order of the results: as it was asked, or as the words ask; scores order by relevance",
    )
    results = HitSerializer(many=True, source="hits")
    facets = FacetsSerializer()
    close = HitSerializer(
        many=True,
        help_text="Looser matches, at most 24: outside total, facets, pages and sorts; none behind an answer "
        "whose total is capped",
    )
    relaxed = RelaxedSerializer(
        allow_null=True,
        help_text="What was let go where nothing is left with it: a filter, or the readings that text names; "
        "field and value are the first one's",
    )


@cache
def answer_serializer() -> AnswerSerializer:
    """One for all answers: it keeps no state, and making its fields takes as long as describing an answer."""
    return AnswerSerializer()
