"""Parsing requests; the rules and limits of a query live in search.query."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from analytics.sessions.keys import MAX_NAME
from rest.serializers import StrictSerializer
from search.candidates.result_set import LIFETIME_SECONDS
from search.query import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_OFFSET,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_VALUE,
    MAX_VALUES,
    PAGE_SIZE,
    Crop,
    Filters,
    SearchQuery,
    Sort,
    Upload,
    longest_value,
)


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


class FiltersSerializer(StrictSerializer[Any]):
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


# Of SearchQuery, but not of the question itself.
PAGE_FIELDS = frozenset({"top_k", "offset", "crop"})


class PageSerializer(StrictSerializer[Any]):
    """Which page of an answer."""

    top_k = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=MAX_TOP_K, help_text="How many results."
    )
    offset = serializers.IntegerField(
        default=0,
        min_value=0,
        max_value=MAX_OFFSET,
        help_text="How many to skip: next_offset of the page before.",
    )
    query_id = serializers.UUIDField(
        required=False,
        help_text=f"Of an earlier answer, to page through it as it was. It is kept {LIFETIME_SECONDS} s, "
        "then 410. Fields of the query need not be sent again; one that differs is refused.",
    )


class ParametersSerializer(FiltersSerializer, PageSerializer):
    """The parameters that every search takes: which page, which products, which order."""

    exclude = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_TEXT)
    like = RepeatedField(required=False)
    ignore = RepeatedField(required=False)
    sort = serializers.ChoiceField(
        choices=[each.value for each in Sort],
        default=Sort.RELEVANCE.value,
        error_messages={"invalid_choice": gettext_lazy("Sort by relevance, price, -price or newest.")},
        help_text="The order of the results.",
    )
    diversity = serializers.FloatField(default=0.0, min_value=0.0, max_value=1.0)
    personal = serializers.BooleanField(required=False, default=True)
    session = serializers.CharField(
        required=False,
        max_length=MAX_NAME,
        help_text="Your name for the visitor's session, random and at least 16 characters: what it looked at "
        "counts in the order, and is for_you where nothing is asked.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("query_id"):
            self.check_question(attrs)
        return attrs

    def check_question(self, given: dict[str, Any]) -> None:
        """Raises ValidationError where a request without ``query_id`` asks nothing."""

    def differing(self, asked: SearchQuery) -> str:
        """A field that was sent and is not what ``asked`` had; "" where there is none.

        A picture is not compared, nor its crop: the answer has it under an id. Nor is a default, which
        generated clients send for what nobody set.
        """
        frozen = vars(asked) | vars(asked.filters)
        for name in self.validated_data.keys() & set(self.initial_data) & frozen.keys() - PAGE_FIELDS:
            value = self.validated_data[name]
            if value not in (self.fields[name].default, None, "", ()) and _comparable(value) != frozen[name]:
                return str(name)
        return ""

    def to_query(self) -> SearchQuery:
        """The query of a valid request. Raises InvalidQuery where it breaks a rule of SearchQuery."""
        names = {"query_id", "session", *(each.name for each in fields(Filters))}
        given = {name: value for name, value in self.validated_data.items() if name not in names}
        upload, crop = given.pop("image", None), given.pop("crop", "")
        return SearchQuery(
            **given | {"sort": Sort(given["sort"])},
            filters=self.to_filters(),
            picture=Upload(upload.read(), upload.content_type) if upload else None,
            crop=Crop.parse(crop) if crop else None,
        )


def _comparable(value: Any) -> Any:
    """Words as SearchQuery keeps them."""
    return " ".join(value.replace("\x00", " ").split()) if isinstance(value, str) else value


class TextQuerySerializer(ParametersSerializer):
    text = serializers.CharField(
        max_length=MAX_TEXT, required=False, help_text="The words. Needed unless query_id is sent."
    )

    def check_question(self, given: dict[str, Any]) -> None:
        if "text" not in given:
            raise ValidationError({"text": [ErrorDetail(_("Say what you are looking for."), "required")]})


class ImageIdSerializer(StrictSerializer[Any]):
    image_id = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_IMAGE_ID,
        help_text="Of an earlier answer, or product: and a product's id.",
    )
    crop = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_CROP,
        help_text="The part of the picture that counts: x,y,w,h as fractions of it.",
    )


class UploadSerializer(StrictSerializer[Any]):
    image = serializers.FileField(
        required=False, help_text="JPEG, PNG, WebP, AVIF or GIF, up to 10 MB and 25 megapixels."
    )


class WordsSerializer(StrictSerializer[Any]):
    text = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MAX_TEXT, help_text="The words."
    )
    weight = serializers.FloatField(
        default=0.5,
        min_value=0.0,
        max_value=1.0,
        help_text="Of the picture beside the words: 1.0 is picture only, 0.0 words only.",
    )


class ImageIdQuerySerializer(ImageIdSerializer, ParametersSerializer):
    """An image search as JSON."""


class ImageQuerySerializer(UploadSerializer, ImageIdQuerySerializer):
    """An image search as a form."""

    def check_question(self, given: dict[str, Any]) -> None:
        if not (given.get("image") or given["image_id"]):
            sentence = _("Send a picture, or the image_id of an earlier answer.")
            raise ValidationError({"image": [ErrorDetail(sentence, "required")]})


class HybridIdQuerySerializer(WordsSerializer, ImageIdQuerySerializer):
    """A search as JSON."""


class HybridQuerySerializer(UploadSerializer, HybridIdQuerySerializer):
    """A search as a form."""
