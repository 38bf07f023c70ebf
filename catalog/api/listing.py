"""Every product of the catalogue, hidden ones too, as another system compares it with its own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from catalog.api.serializers import ATTRIBUTES
from catalog.models import Product, ProductImage, ProductQuerySet
from catalog.sources.base import MAX_ID
from catalog.sources.names import SOURCE_NAME
from rest import cursors
from rest.prices import PriceField
from rest.serializers import StrictSerializer

MAX_PAGE, PAGE, MAX_IDS = 500, 100, 100
_SALT = "catalog.api.listing"
# By its state: shown, kept though its source lacks it, taken out by staff, deleted or vanished.
STATES: dict[str, Q] = {
    "visible": Q(is_active=True, missing_since=None),
    "held": Q(is_active=True, missing_since__isnull=False),
    "withheld": Q(is_active=False, withheld=True),
    "gone": Q(is_active=False, withheld=False),
}


class ListingQuerySerializer(StrictSerializer[Any]):
    source = serializers.RegexField(  # type: ignore[assignment]  # a field of that name
        rf"^{SOURCE_NAME.pattern}\Z", required=False, help_text="Of one source alone."
    )
    id = serializers.ListField(
        child=serializers.CharField(max_length=MAX_ID),
        required=False,
        max_length=MAX_IDS,
        help_text="The shop's own ids, each as id=…; of products that the filters let pass.",
    )
    state = serializers.MultipleChoiceField(
        choices=list(STATES),
        required=False,
        help_text="visible to shoppers; held: visible though its source lacks it; withheld by staff; gone: "
        "deleted, or vanished from its source.",
    )
    updated_since = serializers.DateTimeField(
        required=False, help_text="Changed at this time or later, as updated_at says."
    )
    top_k = serializers.IntegerField(default=PAGE, min_value=1, max_value=MAX_PAGE)
    cursor = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=cursors.MAX_CURSOR,
        error_messages={"max_length": gettext_lazy("Send next_cursor of the page before as it is.")},
        help_text="next_cursor of the page before, with the same filters.",
    )

    def page(self) -> dict[str, Any]:
        """One page in the order of the keys, which no change moves. Raises ValidationError."""
        given, after = self.validated_data, self._after()
        wanted = self._wanted().filter(pk__gt=after).order_by("pk").prefetch_related("images")
        found = list(wanted[: given["top_k"] + 1])
        shown = found[: given["top_k"]]
        goes_on = len(found) > len(shown)
        cursor = cursors.write([shown[-1].pk], of=self._list(), salt=_SALT) if goes_on else None
        return {"results": shown, "next_cursor": cursor}

    def _wanted(self) -> ProductQuerySet:
        given, wanted = self.validated_data, Product.objects.all()
        if given.get("source"):
            wanted = wanted.filter(source=given["source"])
        if given.get("id"):
            wanted = wanted.filter(external_id__in=given["id"])
        if given.get("updated_since"):
            wanted = wanted.filter(updated_at__gte=given["updated_since"])
        states = Q()
        for name in given.get("state", ()):
            states |= STATES[name]
        return wanted.filter(states)

    def _after(self) -> int:
        if not self.validated_data["cursor"]:
            return 0
        try:
            (after,) = cursors.read(self.validated_data["cursor"], of=self._list(), salt=_SALT)
        except cursors.WrongCursor as error:
            raise ValidationError({"cursor": [ErrorDetail(str(error), "invalid")]}) from None
        return int(after)

    def _list(self) -> dict[str, Any]:
        given = self.validated_data.items()
        parts = {name: value for name, value in given if name not in ("cursor", "top_k")}
        return {name: sorted(value) if isinstance(value, set) else value for name, value in parts.items()}


class ListedPictureSerializer(serializers.ModelSerializer[ProductImage]):
    """One picture as it was sent, and what became of it."""

    address = serializers.CharField(source="source_url")
    fetched = serializers.SerializerMethodField(help_text="Whether shoppers see one in its place.")
    problem = serializers.CharField(help_text="Why it could not be fetched; empty where it could.")

    class Meta:
        model = ProductImage
        fields = ("address", "fetched", "fetched_at", "problem")

    def get_fetched(self, picture: ProductImage) -> bool:
        return bool(picture.content_hash)


class ListedProductSerializer(serializers.ModelSerializer[Product]):
    """One product as it is stored, with its state."""

    id = serializers.CharField(source="external_id", help_text="The shop's own.")
    state = serializers.SerializerMethodField()
    price = PriceField(read_only=True, allow_null=True)
    list_price = PriceField(read_only=True, allow_null=True)
    url = serializers.CharField(help_text="The product's page in the shop; empty without one.")
    attributes = serializers.SerializerMethodField()
    article_numbers = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    images = ListedPictureSerializer(many=True)

    class Meta:
        model = Product
        fields = (
            *("id", "source", "product_id", "state", "title", "description", "brand", "category"),
            *("category_path", "colour", "gender", "price", "list_price", "currency", "in_stock", "quantity"),
            *("url", "item_group_id", "attributes", "article_numbers", "images"),
            *("created_at", "updated_at", "seen_at", "deactivated_at", "missing_since"),
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=list(STATES)))
    def get_state(self, product: Product) -> str:
        if product.is_active:
            return "visible" if product.missing_since is None else "held"
        return "withheld" if product.withheld else "gone"

    @extend_schema_field(ATTRIBUTES)
    def get_attributes(self, product: Product) -> Any:
        return product.attributes


class ListingSerializer(serializers.Serializer[Any]):
    results = ListedProductSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="null on the last page.")


def listed(request: Request) -> Any:
    """The page that the request asks for. Raises ValidationError."""
    asked = ListingQuerySerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return ListingSerializer(asked.page()).data
