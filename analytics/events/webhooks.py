"""The endpoints for shops' messages about paid orders; signed as the messages about products are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from analytics.events import incoming, orders
from analytics.events.orders import PaidOrder, UnreadableOrder
from analytics.sessions import keys
from catalog.webhooks import WEBHOOKS, is_from_our_shop, is_signed


@dataclass(frozen=True)
class OrderWebhook:
    """The topics of a shop's messages about orders, and how one is read."""

    topics: frozenset[str]
    read: Callable[[Mapping[str, Any]], PaidOrder | None]


ORDER_WEBHOOKS = {
    "shopify": OrderWebhook(frozenset({"orders/paid"}), orders.of_shopify),
    "woocommerce": OrderWebhook(frozenset({"order.created", "order.updated"}), orders.of_woocommerce),
}


@csrf_exempt  # the sender is a shop, known by its signature
@require_POST
def receive(request: HttpRequest, shop: str) -> HttpResponse:
    """A message from ``shop``, a key of ORDER_WEBHOOKS. Sent again, it adds nothing."""
    webhook, order_webhook = WEBHOOKS[shop], ORDER_WEBHOOKS[shop]
    secret = getattr(settings, webhook.signed_by)
    if not secret:
        raise Http404
    # Not by ``body``, for which Django has the limit of forms.
    body = request.read()
    if webhook.test_body and webhook.test_body.fullmatch(body):
        return HttpResponse(status=204)
    if not is_signed(request, body, secret, webhook.signature_header):
        return HttpResponse("The signature is missing or wrong.", status=401, content_type="text/plain")
    if not is_from_our_shop(request, webhook):
        raise Http404
    if request.headers.get(webhook.topic_header, "") in order_webhook.topics:
        return _keep(request, body, shop, order_webhook)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, body: bytes, shop: str, webhook: OrderWebhook) -> HttpResponse:
    try:
        message = json.loads(body)
        order = webhook.read(message if isinstance(message, dict) else {})
    except (UnreadableOrder, ValueError, RecursionError):
        return HttpResponse("The message names no order.", status=400, content_type="text/plain")
    if order is not None and keys.may_keep(request):
        incoming.keep(orders.purchases(order, shop=shop, now=timezone.now()), sender=shop)
    return HttpResponse(status=204)
