"""Products in by API: written, deleted, and given new prices and stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.bulk import BulkView, bulk_schema
from catalog.api.bulk_serializers import (
    BulkDeletionSerializer,
    BulkOffersSerializer,
    BulkProductsSerializer,
    DeleteQuerySerializer,
    OfferQuerySerializer,
    OfferRowSerializer,
    ProductRowSerializer,
    RowIdSerializer,
    WriteQuerySerializer,
)
from catalog.api.listing import ListingQuerySerializer, ListingSerializer, listed
from catalog.writing import offers, products
from catalog.writing.results import Row, RowResult

PRODUCT = {
    "id": "1042-navy",
    "title": "Linen Dress",
    "category": "Apparel > Dresses",
    "colour": "Navy",
    "price": "39.00",
    "currency": "EUR",
    "quantity": 7,
    "sizes": ["S", "M"],
    "images": ["https://shop.example/pictures/1042-navy.jpg"],
}
OFFER = {"id": "1042-navy", "price": "29.00", "list_price": "39.00", "quantity": 3}


class CatalogueProductsView(BulkView):
    query = ListingQuerySerializer
    write_query = WriteQuerySerializer
    row = ProductRowSerializer

    @bulk_schema(
        BulkProductsSerializer,
        WriteQuerySerializer,
        "Each row is a whole product: a new one is created, a known one replaced. Pictures are fetched "
        "afterwards, and searches find new products after the next reindex.",
        {"products": [PRODUCT]},
        operation_id="upsertProducts",
        summary="Write many products",
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request, products.write, lock="sync of")

    @extend_schema(
        operation_id="listCatalogue",
        summary="Every product, hidden ones too",
        description="Whatever the catalogue holds of every source, with its state, in an order that no "
        "change moves: a product that stays is listed once. A cursor does not expire.",
        parameters=[ListingQuerySerializer],
        responses={200: ListingSerializer},
    )
    def get(self, request: Request) -> Response:
        return Response(listed(request))


class ProductDeletionView(BulkView):
    write_query = DeleteQuerySerializer
    row = RowIdSerializer

    @bulk_schema(
        BulkDeletionSerializer,
        DeleteQuerySerializer,
        "Takes products out of the shop; one that is sent again comes back. More than "
        f"{products.UNGUARDED_DELETIONS} products that are more than a fifth of the source need force.",
        {"products": [{"id": "1042-navy"}]},
        operation_id="deleteProducts",
        summary="Delete many products",
    )
    def post(self, request: Request) -> Response:
        force: bool = self.asked(request)["force"]

        def work(source: str, rows: Sequence[Row], *, now: datetime) -> list[RowResult]:
            return products.delete(source, rows, force=force, now=now)

        return self.carry_out(request, work, lock="sync of")


class OffersView(BulkView):
    write_query = OfferQuerySerializer
    row = OfferRowSerializer
    rows_field = "offers"

    @bulk_schema(
        BulkOffersSerializer,
        OfferQuerySerializer,
        "Of products of any source, seen by shoppers within seconds. What is left out stays as it is. A feed "
        "or shop that states other values in its next sync is believed again.",
        {"offers": [OFFER]},
        operation_id="updateOffers",
        summary="Change prices and stock",
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request, offers.update, lock="offers of")
