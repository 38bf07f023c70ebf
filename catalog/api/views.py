"""One product over the API, with everything. Cards of several are listed by search.api.products."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.finding import product_or_404
from catalog.api.serializers import ProductDetailSerializer
from catalog.offers import current_offer
from rest.caching import PubliclyCached
from rest.schema import NOT_FOUND
from rest.views import Endpoint


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
        product = product_or_404(product_id)
        offer = current_offer(product, now=timezone.now())
        return Response(ProductDetailSerializer(product, context={"request": request, "offer": offer}).data)
