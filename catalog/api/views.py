"""Products over the API: one with everything, or cards for several ids."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import (
    ProblemSerializer,
    ProductCardSerializer,
    ProductDetailSerializer,
    ProductListSerializer,
)
from catalog.models import Product
from catalog.offers import current_offer

MAX_IDS = 100


class ProductView(APIView):
    """One product."""

    @extend_schema(
        operation_id="product",
        responses={200: ProductDetailSerializer, 404: ProblemSerializer},
        summary="Everything about one product, with price and stock as of now where the shop can be asked.",
    )
    def get(self, request: Request, product_id: str) -> Response:
        product = Product.objects.by_public_id(product_id)
        if product is None:
            raise NotFound(_("There is no such product. Ids come from search results."))
        offer = current_offer(product, now=timezone.now())
        return Response(ProductDetailSerializer(product, context={"request": request, "offer": offer}).data)


class ProductsView(APIView):
    """Cards for several products."""

    @extend_schema(
        operation_id="products",
        parameters=[
            OpenApiParameter("id", str, many=True, required=True, description=f"1 to {MAX_IDS} product ids"),
        ],
        responses={200: ProductListSerializer, 400: ProblemSerializer},
        summary="Cards for the given ids, in their order.",
    )
    def get(self, request: Request) -> Response:
        wanted = list(dict.fromkeys(request.query_params.getlist("id")))
        if not 1 <= len(wanted) <= MAX_IDS:
            raise ValidationError({"id": [_("Give 1 to %(n)d ids, each as id=…") % {"n": MAX_IDS}]})
        found = Product.objects.by_public_ids(wanted)
        known = {product.product_id for product in found}
        cards = ProductCardSerializer(found, many=True, context={"request": request}).data
        return Response({"results": cards, "missing": [key for key in wanted if key not in known]})
