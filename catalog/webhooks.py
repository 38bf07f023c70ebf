"""Where shops say that a product changed: the signature is checked, and a task looks the product up.

Nothing but its number is taken from a message, so one that is old, doubled or out of order does no harm.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from catalog.syncing.refreshing import due_key
from catalog.tasks import refresh, refresh_inventory_item

# Shops send several messages for one change; the first waits for the others.
GATHER_SECONDS = 5
# Should the task be lost, the product can be asked for again after this.
FORGOTTEN_SECONDS = 120

SHOPIFY_PRODUCTS = {"products/create", "products/update", "products/delete"}
WOOCOMMERCE_PRODUCTS = {"product.created", "product.updated", "product.deleted", "product.restored"}
_NUMBER = re.compile(r"[1-9]\d{0,19}")


@csrf_exempt  # the sender is a shop, known by its signature
@require_POST
def shopify(request: HttpRequest) -> HttpResponse:
    """A message from Shopify: products/create, /update, /delete and inventory_levels/update."""
    if not is_signed(request, settings.SHOPIFY_WEBHOOK_SECRET, "X-Shopify-Hmac-Sha256"):
        return _refused()
    # Other shops of the organisation sign with the same app's secret.
    if request.headers.get("X-Shopify-Shop-Domain", "").lower() != settings.SHOPIFY_SHOP:
        raise Http404
    topic, message = request.headers.get("X-Shopify-Topic", ""), _read(request)
    if topic in SHOPIFY_PRODUCTS:
        return _enqueue(refresh, "shopify", message.get("id"))
    if topic == "inventory_levels/update":
        return _enqueue(refresh_inventory_item, "shopify", message.get("inventory_item_id"))
    return _taken()


@csrf_exempt  # the sender is a shop, known by its signature
@require_POST
def woocommerce(request: HttpRequest) -> HttpResponse:
    """A message from WooCommerce: product.created, .updated, .deleted and .restored."""
    if settings.WOOCOMMERCE_WEBHOOK_SECRET and re.fullmatch(rb"webhook_id=\d{1,20}", request.body):
        return _taken()  # the unsigned test of a new webhook, which asks for nothing
    if not is_signed(request, settings.WOOCOMMERCE_WEBHOOK_SECRET, "X-WC-Webhook-Signature"):
        return _refused()
    message = _read(request)
    if request.headers.get("X-WC-Webhook-Topic") in WOOCOMMERCE_PRODUCTS:
        # A variation comes as a product with a parent.
        return _enqueue(refresh, "woocommerce", message.get("parent_id") or message.get("id"))
    return _taken()


def is_signed(request: HttpRequest, secret: str, header: str) -> bool:
    """Whether ``header`` holds the base64 HMAC-SHA256 of the raw body. Raises Http404 without a secret."""
    if not secret:
        raise Http404
    digest = hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
    given = request.headers.get(header, "").encode("latin-1", errors="replace")
    return hmac.compare_digest(base64.b64encode(digest), given)


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        message = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _enqueue(task: Any, source: str, number: object) -> HttpResponse:
    """Have ``task`` look ``number`` up soon, once for all messages until then."""
    if not _NUMBER.fullmatch(str(number)):
        return HttpResponse("The message names no product.", status=400, content_type="text/plain")
    due = due_key(task.name, source, str(number))
    if cache.add(due, 1, FORGOTTEN_SECONDS):
        try:
            task.apply_async((source, str(number)), countdown=GATHER_SECONDS)
        except OperationalError:
            cache.delete(due)
            answer = HttpResponse("The queue is away.", status=503, content_type="text/plain")
            answer["Retry-After"] = "60"
            return answer
    return _taken()


def _taken() -> HttpResponse:
    return HttpResponse(status=204)


def _refused() -> HttpResponse:
    return HttpResponse("The signature is missing or wrong.", status=401, content_type="text/plain")
