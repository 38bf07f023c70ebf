"""Paid orders of Shopify and WooCommerce become purchases."""

import base64
import hashlib
import hmac
import json

import pytest

from analytics.models import Event
from tests.factories import ProductFactory

SECRET = "webhook-secret"
SHOPIFY = {
    "id": 450789469,
    "currency": "EUR",
    "email": "jon@example.com",
    "note_attributes": [{"name": "tandem_session", "value": "4f0c1b8e2d7a4c55"}],
    "line_items": [
        {
            "id": 1,
            "product_id": 632910392,
            "variant_title": "Green / M",
            "quantity": 2,
            "price": "40.00",
            "discount_allocations": [{"amount": "5.50"}],
        },
        {"id": 2, "product_id": None, "quantity": 1, "price": "3.00", "title": "Gift wrap"},
    ],
}
WOO = {
    "id": 727,
    "status": "processing",
    "currency": "CHF",
    "billing": {"email": "jon@example.com"},
    "meta_data": [],
    "line_items": [
        {
            "id": 315,
            "product_id": 93,
            "variation_id": 95,
            "quantity": 1,
            "total": "18.00",
            "total_tax": "1.35",
            "meta_data": [{"key": "pa_color", "display_value": "Blue"}],
        }
    ],
}


@pytest.fixture(autouse=True)
def shops(db, settings):
    settings.SHOPIFY_SHOP = "fern.myshopify.com"
    settings.SHOPIFY_WEBHOOK_SECRET = settings.WOOCOMMERCE_WEBHOOK_SECRET = SECRET
    for colour in ("Red", "Green"):
        ProductFactory(
            source="shopify",
            item_group_id="632910392",
            external_id=f"632910392-{colour.lower()}",
            colour=colour,
            product_id=f"shopify-{colour}",
        )
    ProductFactory(source="shopify", external_id="7", product_id="shopify-7")
    ProductFactory(source="woocommerce", external_id="93", product_id="woocommerce-93", colour="Blue")


def send(client, shop, order, *, topic=None, secret=SECRET, **further):
    body = json.dumps(order).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {
        "shopify": {
            "X-Shopify-Hmac-Sha256": signature,
            "X-Shopify-Topic": topic or "orders/paid",
            "X-Shopify-Shop-Domain": "fern.myshopify.com",
        },
        "woocommerce": {"X-WC-Webhook-Signature": signature, "X-WC-Webhook-Topic": topic or "order.updated"},
    }[shop]
    headers |= further
    return client.post(f"/webhooks/{shop}/orders", body, content_type="application/json", headers=headers)


def test_a_shopify_order_is_a_purchase_of_each_product(client):
    assert send(client, "shopify", SHOPIFY).status_code == 204
    bought = Event.objects.get()
    assert (bought.type, bought.product_id) == ("purchase", "shopify-Green")
    assert (str(bought.value), bought.currency, bought.quantity) == ("74.50", "EUR", 2)
    assert bought.session


def test_halves_of_a_hundredth_are_rounded_up_as_shops_do(client):
    line = {"id": 1, "product_id": 632910392, "quantity": 1, "price": "12.345"}
    send(client, "shopify", {**SHOPIFY, "line_items": [line]})
    assert str(Event.objects.get().value) == "12.35"


@pytest.mark.parametrize(("discount", "status"), [("-0.995", 400), ("-0.994", 204)])
def test_a_line_worth_more_than_can_be_kept_once_it_is_rounded_is_refused(client, discount, status):
    line = {"id": 1, "product_id": 632910392, "quantity": 100, "price": "9999999999.99"}
    line["discount_allocations"] = [{"amount": discount}]
    assert send(client, "shopify", {**SHOPIFY, "line_items": [line]}).status_code == status


def test_a_woocommerce_order_is_a_purchase_with_its_tax(client):
    assert send(client, "woocommerce", WOO).status_code == 204
    bought = Event.objects.get()
    assert (bought.product_id, str(bought.value), bought.currency) == ("woocommerce-93", "19.35", "CHF")


def test_an_order_that_is_sent_again_counts_once(client):
    for _time in range(3):
        send(client, "shopify", SHOPIFY)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("status", ["pending", "on-hold", "cancelled", "failed", "checkout-draft"])
def test_an_order_that_is_not_paid_counts_nothing(client, status):
    assert send(client, "woocommerce", {**WOO, "status": status}).status_code == 204
    assert not Event.objects.exists()


def test_a_test_order_counts_nothing(client):
    send(client, "shopify", {**SHOPIFY, "test": True})
    assert not Event.objects.exists()


@pytest.mark.parametrize("shop", ["shopify", "woocommerce"])
def test_another_signature_is_refused(client, shop):
    assert send(client, shop, SHOPIFY, secret="guessed").status_code == 401
    assert not Event.objects.exists()


def test_another_shop_of_the_organisation_is_not_ours(client, settings):
    settings.SHOPIFY_SHOP = "moss.myshopify.com"
    assert send(client, "shopify", SHOPIFY).status_code == 404


def test_without_a_secret_there_is_no_endpoint(client, settings):
    settings.SHOPIFY_WEBHOOK_SECRET = ""
    assert send(client, "shopify", SHOPIFY).status_code == 404


@pytest.mark.parametrize("topic", ["orders/cancelled", "customers/create"])
def test_other_topics_are_acknowledged(client, topic):
    assert send(client, "shopify", SHOPIFY, topic=topic).status_code == 204
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"currency": None},
        {"line_items": [{"id": 1, "product_id": 632910392, "quantity": 1, "price": "dear"}]},
        {"line_items": [{"id": 1, "product_id": 632910392, "quantity": 1, "price": "NaN"}]},
        {"line_items": [{"id": 1, "product_id": 632910392, "quantity": 1, "price": "1e99"}]},
    ],
)
def test_a_message_that_is_no_order_is_refused(client, change):
    assert send(client, "shopify", {**SHOPIFY, **change}).status_code == 400
    assert not Event.objects.exists()


@pytest.mark.parametrize("order", [[], "text", 7, {"id": 1, "currency": "EUR", "line_items": "none"}])
def test_odd_json_is_no_server_error(client, order):
    assert send(client, "shopify", order).status_code in (204, 400)


def test_nothing_about_the_buyer_is_kept(client):
    send(client, "shopify", SHOPIFY)
    assert "jon" not in str(list(Event.objects.values()))


def test_a_woocommerce_trial_message_is_acknowledged(client):
    answer = client.post(
        "/webhooks/woocommerce/orders", b"webhook_id=3", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 204
