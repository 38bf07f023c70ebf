"""The endpoint for shops' messages about changed products: checks the signature and enqueues a look-up.

Only an id is taken from a message, so one that is old, repeated or out of order does no harm.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from celery import Task
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catalog.queue import NotQueued, enqueue
from catalog.sources.protocols import Reference, Webhook
from catalog.sources.registry import SHOPS
from catalog.syncing.refreshing import due_key
from catalog.tasks import refresh, refresh_inventory_item

# Shops send several messages for one change; the first waits for the others.
GATHER_SECONDS = 1
# Until the queue has accepted the task. Less than Retry-After: where Redis takes the key and then hangs, the
# key cannot be deleted, and the shop's next attempt must not be taken for a duplicate.
ENQUEUEING_SECONDS = 10
# Should the task be lost, a message can enqueue it again after this.
FORGOTTEN_SECONDS = 120

WEBHOOKS: dict[str, Webhook] = {shop.name: shop.webhook for shop in SHOPS if shop.webhook is not None}
TASKS: dict[Reference, Task] = {
    Reference.PRODUCT: refresh,
    Reference.INVENTORY_ITEM: refresh_inventory_item,
}


@csrf_exempt  # the sender is a shop, known by its signature
@require_POST
def receive(request: HttpRequest, shop: str) -> HttpResponse:
    """A message from ``shop``, a key of WEBHOOKS."""
    webhook = WEBHOOKS[shop]
    secret = getattr(settings, webhook.signed_by)
    if not secret:
        raise Http404
    # By ``body`` Django refuses what exceeds the limit of forms; the middleware has applied that of messages.
    body = request.read()
    # It asks for nothing, so its missing signature does no harm; refused, the shop would not add the webhook.
    if webhook.test_body and webhook.test_body.fullmatch(body):
        return _acknowledged()
    if not is_signed(request, body, secret, webhook.signature_header, hexadecimal=webhook.hexadecimal):
        return HttpResponse("The signature is missing or wrong.", status=401, content_type="text/plain")
    if not is_from_our_shop(request, webhook):
        raise Http404
    topic = webhook.topics.get(request.headers.get(webhook.topic_header, ""))
    if topic is None:
        return _acknowledged()
    message = _read(body)
    reference = str(next(filter(None, (_within(message, key) for key in topic.keys)), ""))
    if not webhook.id_pattern.fullmatch(reference):
        return HttpResponse("The message names no product.", status=400, content_type="text/plain")
    return _enqueue(TASKS[topic.reference], shop, reference)


def is_signed(
    request: HttpRequest, body: bytes, secret: str, header: str, *, hexadecimal: bool = False
) -> bool:
    """Whether ``header`` holds the HMAC-SHA256 of the raw body, in base64 or in hexadecimal digits."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    expected = digest.hex().encode() if hexadecimal else base64.b64encode(digest)
    given = request.headers.get(header, "").encode("latin-1", errors="replace")
    return hmac.compare_digest(expected, given)


def is_from_our_shop(request: HttpRequest, webhook: Webhook) -> bool:
    if webhook.shop_header is None:
        return True
    header, setting = webhook.shop_header
    our_shop: str = getattr(settings, setting)
    return request.headers.get(header, "").lower() == our_shop


def _read(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _within(message: dict[str, Any], path: str) -> Any:
    """What is under "product.id"; None where nothing is."""
    found: Any = message
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _enqueue(task: Task, shop: str, reference: str) -> HttpResponse:
    """Enqueue ``task`` for ``reference``, once for all messages until it runs."""
    due = due_key(task.name, shop, reference)
    if cache.add(due, 1, ENQUEUEING_SECONDS):
        try:
            enqueue(task, shop, reference, countdown=GATHER_SECONDS)
        except NotQueued:
            cache.delete(due)
            answer = HttpResponse("The queue is away.", status=503, content_type="text/plain")
            answer["Retry-After"] = "60"
            return answer
        cache.touch(due, FORGOTTEN_SECONDS)
    return _acknowledged()


def _acknowledged() -> HttpResponse:
    return HttpResponse(status=204)
