"""Products as JSON: the contract's "product" object, and everything about one product."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from django.urls import get_script_prefix
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.display.cards import Card
from catalog.models import Product, ProductImage
from catalog.offers import StatedOffer
from rest.prices import PriceField

# Each about one kilobyte.
KEPT_CARDS = 10_000
# Further properties by name: one value, or several.
ATTRIBUTE = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
ATTRIBUTES = {"type": "object", "additionalProperties": ATTRIBUTE}


class ProductCardSerializer(serializers.ModelSerializer[Product]):
    """The contract's "product" object, for cards and for products from ``Product.objects.for_cards()``."""

    id = serializers.CharField(source="product_id")
    price = PriceField(read_only=True, allow_null=True)
    list_price = PriceField(read_only=True, allow_null=True)
    image_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", help_text="Its page on this site.")
    shop_url = serializers.CharField(
        source="url", help_text="Its page in the shop that it was synced from, or empty."
    )

    class Meta:
        model = Product
        fields: tuple[str, ...] = (
            "id",
            "title",
            "brand",
            "category",
            "colour",
            "gender",
            "price",
            "list_price",
            "currency",
            "in_stock",
            "quantity",
            "image_url",
            "thumbnail_url",
            "url",
            "shop_url",
        )
        read_only_fields = fields

    def to_representation(self, instance: Product | Card) -> dict[str, Any]:
        return self._of_card(instance) if isinstance(instance, Card) else super().to_representation(instance)

    # Most cards of an answer were in an answer before.
    @cached(LRUCache(KEPT_CARDS), key=lambda _self, card: (card, get_script_prefix()), lock=Lock())
    def _of_card(self, card: Card) -> dict[str, Any]:
        represented: dict[str, Any] = super().to_representation(card)  # type: ignore[arg-type]  # same names
        return represented

    def get_image_url(self, product: Product | Card) -> str | None:
        return product.cover.url(1080) if product.cover else None

    def get_thumbnail_url(self, product: Product | Card) -> str | None:
        return product.cover.thumbnail_url if product.cover else None


def described(cards: Iterable[Card]) -> list[dict[str, Any]]:
    """The contract's "product" object of each card."""
    serializer = ProductCardSerializer()
    return [serializer.to_representation(card) for card in cards]


class PictureSerializer(serializers.ModelSerializer[ProductImage]):
    """One picture in every width that is kept; width and height are the original's, in pixels."""

    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.CharField()
    srcset = serializers.CharField()

    class Meta:
        model = ProductImage
        fields = ("position", "width", "height", "url", "thumbnail_url", "srcset")
        read_only_fields = fields

    def get_url(self, picture: ProductImage) -> str:
        return picture.url(1080)


class ProductDetailSerializer(ProductCardSerializer):
    """Everything about one product; price and stock are those of the ``offer`` handed in by context.

    ``as_of`` is when they were stated, ``live`` whether by the shop itself just now.
    """

    description = serializers.CharField()
    category_path = serializers.CharField()
    images = serializers.SerializerMethodField()
    sizes = serializers.SerializerMethodField()
    attributes = serializers.SerializerMethodField()
    item_group_id = serializers.CharField()
    as_of = serializers.SerializerMethodField()
    live = serializers.SerializerMethodField()

    class Meta(ProductCardSerializer.Meta):
        fields = (
            *ProductCardSerializer.Meta.fields,
            "description",
            "category_path",
            "images",
            "sizes",
            "attributes",
            "item_group_id",
            "created_at",
            "updated_at",
            "as_of",
            "live",
        )
        read_only_fields = fields

    def to_representation(self, instance: Product | Card) -> dict[str, Any]:
        offer = self._stated.offer
        for name in ("price", "list_price", "currency", "in_stock", "quantity"):
            setattr(instance, name, getattr(offer, name))
        return super().to_representation(instance)

    @property
    def _stated(self) -> StatedOffer:
        stated: StatedOffer = self.context["offer"]
        return stated

    @extend_schema_field(PictureSerializer(many=True))
    def get_images(self, product: Product) -> Any:
        return PictureSerializer(
            [image for image in product.images.all() if image.content_hash], many=True
        ).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_sizes(self, product: Product) -> Any:
        return product.sizes

    @extend_schema_field(ATTRIBUTES)
    def get_attributes(self, product: Product) -> Any:
        return {name: value for name, value in product.attributes.items() if name != "sizes"}

    @extend_schema_field(serializers.DateTimeField())
    def get_as_of(self, product: Product) -> str | None:
        # As all times of the API: in UTC, with Z.
        return serializers.DateTimeField().to_representation(self._stated.as_of)

    def get_live(self, product: Product) -> bool:
        return self._stated.is_live
