from django.urls import path

from catalog.api.bulk_views import CatalogueProductsView, OffersView, ProductDeletionView
from catalog.api.views import ProductView

urlpatterns = [
    path("product/<path:product_id>", ProductView.as_view(), name="api-product"),
    path("catalogue/products", CatalogueProductsView.as_view(), name="api-catalogue-products"),
    path("catalogue/products/delete", ProductDeletionView.as_view(), name="api-catalogue-delete"),
    path("catalogue/offers", OffersView.as_view(), name="api-catalogue-offers"),
]
