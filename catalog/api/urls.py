from django.urls import path

from catalog.api.views import ProductsView, ProductView

urlpatterns = [
    path("products", ProductsView.as_view(), name="api-products"),
    path("product/<path:product_id>", ProductView.as_view(), name="api-product"),
]
