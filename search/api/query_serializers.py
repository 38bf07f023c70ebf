"""Parsing requests; the rules and limits of a query live in search.query."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from analytics.sessions.fields import SessionField
from rest.serializers import SharedFields, StrictSerializer
from search.api.filter_serializers import (
    ExcludeField,
    FiltersSerializer,
    IgnoreField,
    RepeatedField,
)
from search.candidates.result_set import LIFETIME_SECONDS
from search.query import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_OFFSET,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_URL,
    PAGE_SIZE,
    Crop,
    InvalidQuery,
    PictureAddress,
    SearchQuery,
    Sort,
    Upload,
)

# Of SearchQuery, but not of the question itself.
PAGE_FIELDS = frozenset({"top_k", "offset", "crop"})


class PageSerializer(SharedFields[Any], StrictSerializer[Any]):
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

    exclude = ExcludeField()
    like = RepeatedField(
        required=False, help_text="Ids of products to search towards; with a minus before it, away from."
    )
    ignore = IgnoreField()
    sort = serializers.ChoiceField(
        required=False,
        choices=[each.value for each in Sort],
        error_messages={
            "invalid_choice": gettext_lazy("Sort by relevance, price, -price, newest or popular.")
        },
        help_text="The order of the results. Unless stated it is that which the words ask for (“cheapest "
        "shoes”), else relevance. relevance takes back what the words ask for, as ignore=sort does; popular "
        "is by views and purchases, and by relevance while none were learned.",
    )
    diversity = serializers.FloatField(
        default=0.0,
        min_value=0.0,
        max_value=1.0,
        help_text="How much it costs to resemble what stands above: 0 nothing, 1 as much as the score.",
    )
    personal = serializers.BooleanField(
        required=False,
        default=True,
        help_text="Whether the order follows what the signed-in person or the session likes.",
    )
    session = SessionField(
        required=False,
        help_text="Your name for the visitor's session, random: what it looked at counts in the order, and "
        "is for_you where nothing is asked.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("query_id"):
            self.check_question(attrs)
        return attrs

    def check_question(self, given: dict[str, Any]) -> None:
        """Raises ValidationError where a request without ``query_id`` asks nothing."""

    def differing(self, asked: SearchQuery, order: Sort) -> str:
        """A field that was sent and is not what ``asked`` had, whose answer stands in this order; "" where
        there is none.

        A picture is not compared, nor its crop: the answer has it under an id, that of the part where there
        is a crop. Nor is a default, which generated clients send for what nobody set.
        """
        frozen = vars(asked) | vars(asked.filters)
        compared = frozen.keys() - PAGE_FIELDS - ({"image_id"} if asked.crop else set())
        for name in self.validated_data.keys() & set(self.initial_data) & compared:
            value = self.validated_data[name]
            if name == "sort" and value == order:
                continue
            if value not in (self.fields[name].default, None, "", ()) and _comparable(value) != frozen[name]:
                return str(name)
        return ""

    def to_query(self) -> SearchQuery:
        """The query of a valid request. Raises InvalidQuery where it breaks a rule of SearchQuery."""
        names = {each.name for each in fields(SearchQuery)}
        given = {name: value for name, value in self.validated_data.items() if name in names}
        crop = given.pop("crop", "")
        return SearchQuery(
            **given | ({"sort": Sort(given["sort"])} if "sort" in given else {}),
            filters=self.to_filters(),
            picture=self.to_picture(),
            crop=Crop.parse(crop) if crop else None,
        )

    def to_picture(self) -> Upload | PictureAddress | None:
        """The picture that came with a valid request, or its address. Raises InvalidQuery for both."""
        sent = self.validated_data.get("image")
        upload = Upload(sent.read(), sent.content_type) if sent else None
        return one_picture(upload, self.validated_data.get("image_url", ""))


def one_picture(upload: Upload | None, url: str) -> Upload | PictureAddress | None:
    """The picture of a request, None without one. Raises InvalidQuery for two, or for a faulty address."""
    if upload and url:
        raise InvalidQuery("image_url", _("Send a picture or its address, not both."))
    return PictureAddress(url) if url else upload


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
        help_text="The part of the picture that counts: x,y,w,h as fractions of it. 0,0,1,1 is the whole; "
        "without a crop the search may choose a part (searched_crop).",
    )


class PictureAddressSerializer(StrictSerializer[Any]):
    image_url = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_URL,
        help_text="The public address of a picture, which is fetched once, within 8 seconds and 10 MB.",
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


class ImageIdQuerySerializer(PictureAddressSerializer, ImageIdSerializer, ParametersSerializer):
    """An image search as JSON."""


class ImageQuerySerializer(UploadSerializer, ImageIdQuerySerializer):
    """An image search as a form."""

    def check_question(self, given: dict[str, Any]) -> None:
        if not (given.get("image") or given["image_url"] or given["image_id"]):
            sentence = _("Send a picture, or the image_id of an earlier answer.")
            raise ValidationError({"image": [ErrorDetail(sentence, "required")]})


class HybridIdQuerySerializer(WordsSerializer, ImageIdQuerySerializer):
    """A search as JSON."""


class HybridQuerySerializer(UploadSerializer, HybridIdQuerySerializer):
    """A search as a form."""
