"""One endpoint for each kind of shop that reports orders."""

from django.urls import path

from analytics.events import webhooks

urlpatterns = [
    path(f"webhooks/{shop}/orders", webhooks.receive, {"shop": shop}, name=f"webhook-{shop}-orders")
    for shop in webhooks.ORDER_WEBHOOKS
]
