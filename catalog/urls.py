"""Pages of the catalogue, and where shops say what changed."""

from django.urls import path

from catalog import views, webhooks

urlpatterns = [
    path("products/<str:product_id>", views.product, name="product"),
    path("webhooks/shopify", webhooks.shopify, name="webhook-shopify"),
    path("webhooks/woocommerce", webhooks.woocommerce, name="webhook-woocommerce"),
]
