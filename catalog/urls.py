"""The product page, and one webhook endpoint for each kind of shop that sends messages."""

from django.urls import path

from catalog import views, webhooks

urlpatterns = [
    path("products/<str:product_id>", views.product, name="product"),
    *(
        path(f"webhooks/{shop}", webhooks.receive, {"shop": shop}, name=f"webhook-{shop}")
        for shop in webhooks.WEBHOOKS
    ),
]
