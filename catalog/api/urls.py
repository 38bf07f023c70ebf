from django.urls import path

from catalog.api.views import ProductView

urlpatterns = [
    path("product/<path:product_id>", ProductView.as_view(), name="api-product"),
]
