"""Products over the API: one with everything, or cards for several ids."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.serializers import ProductCardSerializer, ProductDetailSerializer, ProductListSerializer
from catalog.models import Product
from catalog.offers import current_offer
from rest.caching import PubliclyCached
from rest.schema import NOT_FOUND
from rest.serializers import StrictSerializer
from rest.views import Endpoint

MAX_IDS = 100


class ProductView(PubliclyCached, Endpoint):
    scope = "search"
    public = True

    @extend_schema(
        operation_id="getProduct",
        summary="Everything about one product",
        description="With price and stock as of now where the shop can be asked; as_of says of when.",
        responses={200: ProductDetailSerializer, 404: NOT_FOUND},
    )
    def get(self, request: Request, product_id: str) -> Response:
        product = Product.objects.by_public_id(product_id)
        if product is None:
            raise NotFound(_("There is no such product. Ids come from search results."), "product_unknown")
        offer = current_offer(product, now=timezone.now())
        return Response(ProductDetailSerializer(product, context={"request": request, "offer": offer}).data)


class ProductsQuerySerializer(StrictSerializer[Any]):
    id = serializers.ListField(child=serializers.CharField(), required=False)


class ProductsView(Endpoint):
    query = ProductsQuerySerializer
    scope = "search"
    public = True

    @extend_schema(
        operation_id="listProducts",
        summary="Cards for several products",
        description="Cards for the given ids, in their order; ids without a product are listed in missing.",
        parameters=[
            OpenApiParameter(
                "id", {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MAX_IDS},
                required=True, description=f"1 to {MAX_IDS} product ids, each as id=…",
            ),
        ],
        responses={200: ProductListSerializer},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        wanted = list(dict.fromkeys(request.query_params.getlist("id")))
        if not 1 <= len(wanted) <= MAX_IDS:
            raise ValidationError({"id": [_("Give 1 to %(n)d ids, each as id=…") % {"n": MAX_IDS}]})
        found = Product.objects.by_public_ids(wanted)
        known = {product.product_id for product in found}
        cards = ProductCardSerializer(found, many=True, context={"request": request}).data
        return Response({"results": cards, "missing": [key for key in wanted if key not in known]})
