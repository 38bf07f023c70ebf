"""What platforms send, checked by the limits of a search.

What the protocol has and this shop does not use, such as signals, may be there.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from rest.prices import THOUSANDTH
from search.agents.pictures import MAX_BASE64
from search.agents.ucp.money import from_minor
from search.api.filter_serializers import FiltersSerializer
from search.query import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_URL,
    SWITCHES,
    VALUE_FILTERS,
    Filters,
)

PAGE_SIZE = 10
# So that "at least" and "at most" stay true.
ROUNDING = {"min": ROUND_CEILING, "max": ROUND_FLOOR}
MAX_IDS = 50
MAX_ID, MAX_CURSOR = 300, 400
# Beside the protocol's categories and price, the filters of the API under its names.
OWN_FILTERS = frozenset({*VALUE_FILTERS, *SWITCHES} - {"category"})
_KNOWN_FILTERS = OWN_FILTERS | {"categories", "price"}


class PriceSerializer(serializers.Serializer[Any]):
    min = serializers.IntegerField(required=False, min_value=0, max_value=10**13)
    max = serializers.IntegerField(required=False, min_value=0, max_value=10**13)


class ContextSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField(required=False, allow_blank=True, default="", max_length=10)


class FilteredSerializer(serializers.Serializer[Any]):
    """What every operation takes."""

    context = ContextSerializer(required=False)  # type: ignore[assignment]  # a field of that name
    filters = serializers.DictField(required=False, default=dict)

    @property
    def ignored_filters(self) -> list[str]:
        """Names of filters that this shop does not have."""
        return sorted(set(self.validated_data["filters"]) - _KNOWN_FILTERS)

    @property
    def price_currency(self) -> str:
        """The currency in which prices are filtered; "" for the shop's own."""
        return str(self.validated_data.get("context", {}).get("currency", "")).upper()

    def to_filters(self, currency: str) -> Filters:
        """Prices are in ``currency``; "" leaves them out. Raises ValidationError and InvalidQuery."""
        stated = self.validated_data["filters"]
        wanted = {name: stated[name] for name in OWN_FILTERS & stated.keys()}
        if "categories" in stated:
            wanted["category"] = stated["categories"]
        price = PriceSerializer(data=stated.get("price") or {})
        price.is_valid(raise_exception=True)
        if currency:
            wanted |= {
                f"price_{end}": from_minor(amount, currency).quantize(THOUSANDTH, ROUNDING[end])
                for end, amount in price.validated_data.items()
            }
        filters = FiltersSerializer(data=wanted)
        filters.is_valid(raise_exception=True)
        return filters.to_filters()


class PaginationSerializer(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_CURSOR)
    limit = serializers.IntegerField(required=False, default=PAGE_SIZE, min_value=1)


class ImageSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_URL)
    base64 = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_BASE64)
    id = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_IMAGE_ID)
    crop = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_CROP)


class SearchSerializer(FilteredSerializer):
    query = serializers.CharField(required=False, allow_blank=True, default="", max_length=MAX_TEXT)
    pagination = PaginationSerializer(required=False, default=dict)
    # The extension's.
    image = ImageSerializer(required=False)
    weight = serializers.FloatField(required=False, default=0.5, min_value=0.0, max_value=1.0)

    @property
    def cursor(self) -> str:
        return str(self.validated_data["pagination"].get("cursor", ""))

    @property
    def limit(self) -> int:
        """As many as were asked for, or as this shop gives at once."""
        return min(int(self.validated_data["pagination"].get("limit", PAGE_SIZE)), MAX_TOP_K)

    @property
    def asks_something(self) -> bool:
        return _asks_something(self.validated_data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["pagination"].get("cursor") and not _asks_something(attrs):
            sentence = _("Say what you are looking for: send a query, filters or an image.")
            raise ValidationError({"query": [ErrorDetail(sentence, "required")]})
        return attrs


def _asks_something(given: dict[str, Any]) -> bool:
    parts = (given["query"].strip(), *given["filters"].values(), *given.get("image", {}).values())
    return any(parts)


class TooManyIds(Exception):
    """The protocol has a code of its own for it."""


class LookupSerializer(FilteredSerializer):
    ids = serializers.ListField(child=serializers.CharField(max_length=MAX_ID), min_length=1)

    def validate_ids(self, ids: Iterable[str]) -> list[str]:
        once = list(dict.fromkeys(ids))
        if len(once) > MAX_IDS:
            raise TooManyIds
        return once


class SelectedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # a field of that name


class ProductSerializer(FilteredSerializer):
    id = serializers.CharField(max_length=MAX_ID)
    selected = SelectedSerializer(many=True, required=False, default=list)
    preferences = serializers.ListField(child=serializers.CharField(), required=False, default=list)
