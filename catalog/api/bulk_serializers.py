"""Rows that other systems send, and what became of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from catalog.api.serializers import ATTRIBUTE
from catalog.sources.base import MAX_ADDRESS, MAX_ATTRIBUTES, MAX_ID, MAX_IMAGES, MAX_QUANTITY
from catalog.sources.feeds.values.currencies import is_code
from catalog.sources.names import API, API_SOURCE, SOURCE_NAME
from catalog.writing.limits import MAX_ROWS
from catalog.writing.results import RowStatus
from rest.prices import PriceField
from rest.schema import FieldErrorSerializer
from rest.serializers import StrictSerializer


@extend_schema_field(ATTRIBUTE)
class AttributeField(serializers.Field[Any, Any, Any, Any]):
    """A text, or a list of texts."""

    def to_internal_value(self, data: Any) -> str | list[str]:
        values = data if isinstance(data, list) else [data]
        if not all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
            raise ValidationError(_("Send a text, or a list of texts."))
        texts = [str(each) for each in values]
        return texts if isinstance(data, list) else texts[0]


class CurrencyField(serializers.CharField):
    """An ISO code, in capitals."""

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data).upper()
        if code and not is_code(code):
            raise ValidationError(_("Write the currency as its ISO code, such as EUR."), "invalid")
        return code


def _text(help_text: str = "", *, max_length: int | None = None) -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, max_length=max_length, help_text=help_text or None
    )


def _price(help_text: str) -> PriceField:
    return PriceField(min_value=0, required=False, allow_null=True, help_text=help_text)


def _numbers(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=MAX_ID),
        required=False,
        max_length=MAX_ATTRIBUTES,
        help_text=help_text,
    )


class RowIdSerializer(StrictSerializer[Any]):
    """A row that only names a product."""

    id = serializers.CharField(max_length=MAX_ID, help_text="The shop's own id of the product.")


class OfferRowSerializer(RowIdSerializer):
    """What changes of a product's price and stock."""

    price = _price("What a shopper pays; null where it is not known.")
    list_price = _price("Before a reduction; null for none. One that is not above the price counts as none.")
    currency = CurrencyField(required=False, max_length=3, help_text="Its ISO code, such as EUR.")
    in_stock = serializers.BooleanField(
        required=False, help_text="Whether it can be bought; left out, as the quantity says."
    )
    quantity = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MAX_QUANTITY,
        help_text="How many there are; null where it is not known.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) == 1:
            raise ValidationError(_("Say what changes: the price, the stock, or both."), "required")
        return attrs


class ProductRowSerializer(RowIdSerializer):
    """A whole product: one colour of a style, with all its sizes. What is left out is not known."""

    title = serializers.CharField()
    description = _text()
    brand = _text()
    category = _text(help_text="Its path: Apparel > Dresses")
    colour = _text()
    gender = _text()
    price = _price("What a shopper pays where no sale is on.")
    sale_price = _price("What a shopper pays while the sale is on.")
    sale_starts = serializers.DateTimeField(required=False, allow_null=True)
    sale_ends = serializers.DateTimeField(required=False, allow_null=True)
    list_price = _price("Before a reduction. One that is not above the price counts as none.")
    currency = CurrencyField(
        required=False, allow_blank=True, max_length=3, help_text="Its ISO code; left out, the shop's own."
    )
    in_stock = serializers.BooleanField(
        required=False, help_text="Whether it can be bought; left out, as the quantity says."
    )
    quantity = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MAX_QUANTITY)
    url = _text(max_length=MAX_ADDRESS, help_text="The product's page in the shop.")
    item_group_id = _text(max_length=100, help_text="The same for all colours of a style.")
    sizes = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=MAX_ATTRIBUTES
    )
    images = serializers.ListField(
        child=serializers.RegexField(
            r"^https?://\S+\Z",
            max_length=MAX_ADDRESS,
            error_messages={"invalid": gettext_lazy("Send the address of a picture: https://…")},
        ),
        required=False,
        max_length=MAX_IMAGES,
        help_text="Addresses of its pictures, the main one first. They are fetched afterwards.",
    )
    attributes = serializers.DictField(
        child=AttributeField(), required=False, help_text="Whatever else there is to say, such as material."
    )
    sku = _numbers("Of the product and its variants.")
    gtin = _numbers("Of the product and its variants.")
    mpn = _numbers("Of the product and its variants.")


class BulkProductsSerializer(serializers.Serializer[Any]):
    products = serializers.ListField(child=ProductRowSerializer(), min_length=1, max_length=MAX_ROWS)


class BulkOffersSerializer(serializers.Serializer[Any]):
    offers = serializers.ListField(child=OfferRowSerializer(), min_length=1, max_length=MAX_ROWS)


class BulkDeletionSerializer(serializers.Serializer[Any]):
    products = serializers.ListField(child=RowIdSerializer(), min_length=1, max_length=MAX_ROWS)


class WriteQuerySerializer(StrictSerializer[Any]):
    source = serializers.RegexField(  # type: ignore[assignment]  # a field of that name
        rf"^{API_SOURCE.pattern}\Z",
        default=API,
        error_messages={"invalid": gettext_lazy("Use api, or api_ and a name in small letters.")},
        help_text="Which system's products these are: api, or api_ and a name. Public ids begin with it.",
    )


class DeleteQuerySerializer(WriteQuerySerializer):
    force = serializers.BooleanField(
        default=False, help_text="Delete even more than a fifth of the source's products."
    )


class OfferQuerySerializer(StrictSerializer[Any]):
    source = serializers.RegexField(  # type: ignore[assignment]  # a field of that name
        rf"^{SOURCE_NAME.pattern}\Z",
        default=API,
        help_text="Whose products, also a feed's or a shop's: what stands before the dash of a public id.",
    )


class RowResultSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The place of the row in the call, from 0.")
    id = serializers.CharField(allow_blank=True, help_text="As it was sent; empty where none could be read.")
    status = serializers.ChoiceField(choices=[each.value for each in RowStatus])
    product_id = serializers.CharField(required=False, help_text="The public id, for every other endpoint.")
    code = serializers.CharField(required=False, help_text="Why it was rejected; never changes.")
    detail = serializers.CharField(required=False, help_text="Why it was rejected, for people.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field of that name
        child=FieldErrorSerializer(many=True), required=False, help_text="By field, of a rejected row."
    )


class BulkResultSerializer(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    deleted = serializers.IntegerField()
    absent = serializers.IntegerField(help_text="Asked to be deleted, and not in the shop.")
    rejected = serializers.IntegerField()
    results = RowResultSerializer(many=True, help_text="Every row, in the order of the call.")
