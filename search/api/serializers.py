"""Parsing requests and describing answers; the rules and limits of a query live in search.query."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.sign_in.current_user import signed_in_user
from catalog.api.serializers import ProductCardSerializer
from catalog.attributes import category_steps
from search.query import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_OFFSET,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_VALUE,
    MAX_VALUES,
    PAGE_SIZE,
    Chip,
    Crop,
    Filters,
    SearchQuery,
    Sort,
    Upload,
    longest_value,
)
from search.result import AttributeFacet, Facets, FacetValue, Hit, Relaxed, SearchResult


class RepeatedField(serializers.ListField):
    """Several values, or one given without a list; in a form, the field repeated."""

    def __init__(self, *, longest: int = MAX_VALUE, **options: Any) -> None:
        child = serializers.CharField(max_length=longest)
        super().__init__(child=child, max_length=MAX_VALUES, **options)

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        try:
            return tuple(super().to_internal_value([data] if isinstance(data, str) else data))
        except ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            # A refusal names the field and lists sentences, not sentences by their place in a list.
            sentences = chain.from_iterable(error.detail.values())
            raise ValidationError(list(dict.fromkeys(map(str, sentences)))) from None


class FiltersSerializer(serializers.Serializer[Any]):
    """Which products may answer."""

    category = RepeatedField(
        required=False,
        longest=longest_value("category"),
        help_text="Any step of a category path, or a path: Apparel > Topwear",
    )
    colour = RepeatedField(required=False)
    gender = RepeatedField(required=False)
    brand = RepeatedField(required=False)
    size = RepeatedField(required=False, help_text="Sizes that can be bought")
    material = RepeatedField(required=False)
    pattern = RepeatedField(required=False)
    attribute = RepeatedField(
        required=False,
        longest=longest_value("attribute"),
        help_text="name:value of any other attribute, as the facets list them",
    )
    price_min = serializers.DecimalField(12, 2, required=False, allow_null=True, min_value=0)
    price_max = serializers.DecimalField(12, 2, required=False, allow_null=True, min_value=0)
    in_stock = serializers.BooleanField(required=False, default=False)
    on_sale = serializers.BooleanField(required=False, default=False, help_text="Reduced products only")

    def to_filters(self) -> Filters:
        """The filters of a valid request. Raises InvalidQuery where they break a rule of Filters."""
        given = self.validated_data
        return Filters(**{each.name: given[each.name] for each in fields(Filters) if each.name in given})


class ParametersSerializer(FiltersSerializer):
    """The parameters that every search takes: how many results, from where, which products, which order."""

    top_k = serializers.IntegerField(default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K)
    offset = serializers.IntegerField(default=0, min_value=0, max_value=MAX_OFFSET)
    exclude = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_TEXT)
    like = RepeatedField(required=False)
    ignore = RepeatedField(required=False)
    sort = serializers.ChoiceField(choices=[each.value for each in Sort], default=Sort.RELEVANCE.value)
    diversity = serializers.FloatField(default=0.0, min_value=0.0, max_value=1.0)
    personal = serializers.BooleanField(required=False, default=True)

    def to_query(self) -> SearchQuery:
        """The query of a valid request. Raises InvalidQuery where it breaks a rule of SearchQuery."""
        names = {each.name for each in fields(Filters)}
        given = {name: value for name, value in self.validated_data.items() if name not in names}
        upload, crop = given.pop("image", None), given.pop("crop", "")
        return SearchQuery(
            **given | {"sort": Sort(given["sort"])},
            filters=self.to_filters(),
            picture=Upload(upload.read(), upload.content_type) if upload else None,
            crop=Crop.parse(crop) if crop else None,
        )


class TextQuerySerializer(ParametersSerializer):
    text = serializers.CharField(max_length=MAX_TEXT)


class PictureFieldsSerializer(serializers.Serializer[Any]):
    image = serializers.FileField(required=False, help_text="JPEG, PNG, WebP, AVIF or GIF, up to 10 MB")
    image_id = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_IMAGE_ID,
        help_text="From an earlier answer",
    )
    crop = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MAX_CROP, help_text="x,y,w,h as fractions"
    )


class ImageQuerySerializer(PictureFieldsSerializer, ParametersSerializer):
    pass


class HybridQuerySerializer(PictureFieldsSerializer, ParametersSerializer):
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_TEXT)
    weight = serializers.FloatField(default=0.5, min_value=0.0, max_value=1.0, help_text="1.0: picture only")


class HitSerializer(serializers.Serializer[Hit]):
    rank = serializers.IntegerField()
    score = serializers.FloatField()
    similarity = serializers.FloatField()
    image_score = serializers.FloatField(allow_null=True)
    text_score = serializers.FloatField(allow_null=True)
    relevance = serializers.FloatField(allow_null=True)
    terms = serializers.DictField(child=serializers.FloatField())
    notes = serializers.ListField(child=serializers.CharField())
    variants = serializers.SerializerMethodField(help_text="Public ids of the style's other variants")
    product = ProductCardSerializer()

    def get_variants(self, hit: Hit) -> list[str]:
        return [variant.product_id for variant in hit.variants]


class FacetValueSerializer(serializers.Serializer[FacetValue]):
    value = serializers.CharField()
    count = serializers.IntegerField()


class CategoryStepSerializer(serializers.Serializer[FacetValue]):
    """One step of the category tree: ``value`` is its path, which the filter ``category`` takes."""

    value = serializers.CharField()
    name = serializers.SerializerMethodField()
    depth = serializers.SerializerMethodField(help_text="0 for a first step")
    count = serializers.IntegerField()

    def get_name(self, step: FacetValue) -> str:
        return category_steps(step.value)[-1]

    def get_depth(self, step: FacetValue) -> int:
        return len(category_steps(step.value)) - 1


class AttributeFacetSerializer(serializers.Serializer[AttributeFacet]):
    """The choices of one attribute; the filter is ``attribute=<name>:<value>``."""

    name = serializers.CharField()
    values = FacetValueSerializer(many=True)


class PriceRangeSerializer(serializers.Serializer[Facets]):
    min = serializers.DecimalField(12, 2, source="price_min", allow_null=True)
    max = serializers.DecimalField(12, 2, source="price_max", allow_null=True)


class FacetsSerializer(serializers.Serializer[Facets]):
    category = FacetValueSerializer(many=True)
    colour = FacetValueSerializer(many=True)
    brand = FacetValueSerializer(many=True)
    gender = FacetValueSerializer(many=True)
    size = FacetValueSerializer(many=True, help_text="Sizes that can be bought")
    material = FacetValueSerializer(many=True)
    pattern = FacetValueSerializer(many=True)
    category_tree = CategoryStepSerializer(many=True, help_text="Every category path, depth first")
    attributes = AttributeFacetSerializer(many=True, help_text="What at least half of the answer states")
    price = PriceRangeSerializer(source="*")
    in_stock = serializers.IntegerField()
    on_sale = serializers.IntegerField()


class ChipSerializer(serializers.Serializer[Chip]):
    field = serializers.CharField()
    value = serializers.CharField()
    words = serializers.CharField()


class RelaxedSerializer(serializers.Serializer[Relaxed]):
    text = serializers.CharField(help_text="What is left: “3 without colour Red”")
    field = serializers.CharField()
    value = serializers.CharField()


class AnswerSerializer(serializers.Serializer[SearchResult]):
    """The answer of every search endpoint."""

    query_id = serializers.UUIDField()
    query_type = serializers.ChoiceField(choices=["text", "image", "hybrid", "for_you", "browse"])
    text = serializers.CharField(source="query.text")
    weight = serializers.FloatField(source="query.weight")
    image_id = serializers.CharField(allow_null=True)
    text_truncated = serializers.BooleanField()
    index_version = serializers.CharField()
    cutoff = serializers.FloatField()
    total_is_capped = serializers.BooleanField()
    total = serializers.IntegerField()
    offset = serializers.IntegerField(source="query.offset")
    next_offset = serializers.IntegerField(allow_null=True)
    took_ms = serializers.DictField(child=serializers.FloatField())
    cache_hit = serializers.BooleanField(required=False, help_text="Whether it was frozen already; for staff")
    did_you_mean = serializers.CharField()
    redirect = serializers.CharField(help_text="A path of the shop that staff send these words to, or empty")
    text_corrected = serializers.CharField(
        allow_null=True, help_text="The words that were answered instead; ignore=spelling takes it back"
    )
    unknown_words = serializers.ListField(
        child=serializers.CharField(), help_text="Words that neither the catalogue nor any language knows"
    )
    chips = ChipSerializer(many=True)
    results = HitSerializer(many=True, source="hits")
    facets = FacetsSerializer()
    close = HitSerializer(
        many=True, help_text="Looser matches, at most 24: outside total, facets, pages and sorts"
    )
    relaxed = RelaxedSerializer(
        allow_null=True, help_text="The one filter or reading that was let go, where nothing is left with it"
    )

    def to_representation(self, instance: SearchResult) -> dict[str, Any]:
        answer: dict[str, Any] = super().to_representation(instance)
        request = self.context.get("request")
        user = None if request is None else signed_in_user(request)
        # It tells whether somebody asked the same a moment ago.
        if user is None or not user.is_staff:
            del answer["cache_hit"]
        return answer
