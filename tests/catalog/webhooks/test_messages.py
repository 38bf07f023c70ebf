"""Which messages are taken, and what is queued for them."""

import hashlib
import hmac

import pytest
from django.core.cache import cache
from django.test import Client
from kombu.exceptions import OperationalError

from catalog import tasks
from tests.catalog.webhooks.messages import SECRET, from_shopify, from_woocommerce, signature

pytestmark = pytest.mark.django_db


def test_a_signed_message_is_queued_without_a_csrf_token(queued):
    strict = Client(enforce_csrf_checks=True)
    assert from_shopify(strict, {"id": 7}).status_code == 204
    assert from_woocommerce(strict, {"id": 8}).status_code == 204
    assert queued == [
        ("catalog.tasks.refresh", "shopify", "7"),
        ("catalog.tasks.refresh", "woocommerce", "8"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nonsense",
        "\xe4",
        signature(b'{"id": 8}'),
        signature(b'{"id": 7}', "another-secret-of-16"),
        hmac.new(SECRET.encode(), b'{"id": 7}', hashlib.sha256).hexdigest(),
    ],
)
def test_a_wrong_signature_is_refused(client, queued, given):
    for answer in (
        from_shopify(client, {"id": 7}, **{"X-Shopify-Hmac-Sha256": given}),
        from_woocommerce(client, {"id": 7}, **{"X-WC-Webhook-Signature": given}),
    ):
        assert answer.status_code == 401
        assert SECRET not in answer.content.decode()
    assert queued == []


def test_the_raw_body_is_signed_not_what_it_means(client, queued):
    body = b'{ "id" :7}\n'
    headers = {
        "X-Shopify-Topic": "products/update",
        "X-Shopify-Shop-Domain": "fern.myshopify.com",
        "X-Shopify-Hmac-Sha256": signature(body),
    }
    assert client.post("/webhooks/shopify", body, "application/json", headers=headers).status_code == 204
    respaced = client.post("/webhooks/shopify", b'{"id": 7}', "application/json", headers=headers)
    assert respaced.status_code == 401


def test_without_a_secret_there_is_no_such_address(client, queued, settings):
    settings.SHOPIFY_WEBHOOK_SECRET = settings.WOOCOMMERCE_WEBHOOK_SECRET = ""
    assert from_shopify(client, {"id": 7}).status_code == 404
    assert from_woocommerce(client, {"id": 7}).status_code == 404
    assert client.post("/webhooks/woocommerce", {"webhook_id": "12"}).status_code == 404
    assert queued == []


def test_another_shop_of_the_organisation_is_not_ours(client, queued):
    assert (
        from_shopify(client, {"id": 7}, **{"X-Shopify-Shop-Domain": "moss.myshopify.com"}).status_code == 404
    )
    assert queued == []


@pytest.mark.parametrize("shop", ["shopify", "woocommerce"])
def test_only_post_is_answered(client, shop):
    assert client.get(f"/webhooks/{shop}").status_code == 405


@pytest.mark.parametrize(
    "message", [{}, {"id": None}, {"id": "../7"}, {"id": -7}, {"id": "7" * 30}, [7], "7"]
)
def test_a_message_without_a_product_is_refused(client, queued, message):
    assert from_shopify(client, message).status_code == 400
    assert from_woocommerce(client, message).status_code == 400
    assert queued == []


def test_other_topics_are_taken_and_left(client, queued):
    assert from_shopify(client, {"id": 7}, topic="orders/create").status_code == 204
    assert from_woocommerce(client, {"id": 7}, topic="order.created").status_code == 204
    assert queued == []


def test_a_variation_stands_for_its_product(client, queued):
    from_woocommerce(client, {"id": 71, "parent_id": 7, "type": "variation"})
    assert queued == [("catalog.tasks.refresh", "woocommerce", "7")]


def test_the_unsigned_test_of_a_new_woocommerce_webhook_is_taken(client, queued):
    answer = client.post("/webhooks/woocommerce", b"webhook_id=12", "application/x-www-form-urlencoded")
    assert answer.status_code == 204
    assert queued == []


def test_messages_about_one_product_are_gathered_until_it_is_looked_up(client, queued):
    for _message in range(3):
        assert from_shopify(client, {"id": 7}).status_code == 204
    assert len(queued) == 1
    from_shopify(client, {"id": 8})
    assert len(queued) == 2


def test_while_the_queue_is_away_the_shop_is_told_to_send_again(client, monkeypatch):
    def broken(*args, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.refresh, "apply_async", broken)
    for _time in range(2):
        answer = from_shopify(client, {"id": 7})
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_a_mark_left_in_a_redis_that_hangs_expires_before_the_shop_sends_again(client, queued, monkeypatch):
    lifetimes = []
    monkeypatch.setattr(cache, "add", lambda key, value, seconds: lifetimes.append(seconds) or True)
    monkeypatch.setattr(cache, "touch", lambda key, seconds: lifetimes.append(seconds))
    monkeypatch.setattr(tasks.refresh, "apply_async", lambda *_, **__: lifetimes.append("enqueued"))
    from_shopify(client, {"id": 7})
    before, *others = lifetimes
    assert before < 60
    assert others == ["enqueued", 120]


def test_thousands_of_messages_are_not_counted_as_pages(client, queued, settings):
    settings.RATE_LIMIT = "1/m"
    assert {from_shopify(client, {"id": number}).status_code for number in range(1, 30)} == {204}


def test_the_message_of_a_product_with_two_thousand_variants_is_read(client, queued):
    message = {"id": 7, "variants": [{"id": n, "title": "x" * 1000} for n in range(2000)]}
    assert from_shopify(client, message).status_code == 204
    assert len(queued) == 1


def test_a_message_above_the_limit_is_refused_unread(client, queued, settings):
    settings.MAX_WEBHOOK_BYTES = 1000
    assert from_woocommerce(client, {"id": 7, "description": "x" * 1000}).status_code == 413
    assert queued == []
