"""Parsing the filters of a request."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from rest.prices import PriceField
from rest.serializers import StrictSerializer
from search.query import MAX_TEXT, MAX_VALUE, MAX_VALUES, Filters, longest_value


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


class ExcludeField(serializers.CharField):
    """Words for what is not wanted."""

    def __init__(self) -> None:
        what = "What is not wanted, in words as one text: leather, black"
        super().__init__(required=False, allow_blank=True, default="", max_length=MAX_TEXT, help_text=what)


class IgnoreField(RepeatedField):
    """Readings of the words that are taken back."""

    def __init__(self) -> None:
        what = (
            "Chips to take back, as field:value (colour:Red); sort; spelling; all takes the words literally"
        )
        super().__init__(required=False, help_text=what)


class FiltersSerializer(StrictSerializer[Any]):
    """Which products may answer."""

    category = RepeatedField(
        required=False,
        longest=longest_value("category"),
        help_text="Any step of a category path, or a path: Apparel > Topwear",
    )
    colour = RepeatedField(
        required=False,
        help_text="A family, which stands for all of its shades (Blue), or the shop's own word (Navy Blue)",
    )
    gender = RepeatedField(required=False, help_text="As the facet lists them")
    brand = RepeatedField(required=False, help_text="As the facet lists them")
    size = RepeatedField(required=False, help_text="Sizes that can be bought")
    material = RepeatedField(required=False, help_text="As the facet lists them")
    pattern = RepeatedField(required=False, help_text="As the facet lists them")
    attribute = RepeatedField(
        required=False,
        longest=longest_value("attribute"),
        help_text="name:value of any other attribute, as the facets list them",
    )
    price_min = PriceField(
        required=False, allow_null=True, min_value=0, help_text="The lowest price, included"
    )
    price_max = PriceField(
        required=False, allow_null=True, min_value=0, help_text="The highest price, included"
    )
    in_stock = serializers.BooleanField(
        required=False, default=False, help_text="Only what can be bought now"
    )
    on_sale = serializers.BooleanField(required=False, default=False, help_text="Reduced products only")

    def to_filters(self) -> Filters:
        """The filters of a valid request. Raises InvalidQuery where they break a rule of Filters."""
        given = self.validated_data
        return Filters(**{each.name: given[each.name] for each in fields(Filters) if each.name in given})
