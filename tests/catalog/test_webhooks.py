import base64
import hashlib
import hmac
import json

import pytest
from celery.exceptions import Retry
from django.core.cache import cache
from django.test import Client
from kombu.exceptions import OperationalError

from catalog import tasks
from catalog.models import Product
from catalog.sources import registry
from catalog.sources.shops.shopify import ShopifySource
from catalog.sources.shops.shopify_api import ShopifyKeys
from tests.catalog import fake_shopify, fake_woocommerce
from tests.catalog.fake_shopify import TOKEN, FakeShopify
from tests.catalog.fake_woocommerce import KEY, FakeWooCommerce
from tests.catalog.shops import serving
from tests.factories import ProductFactory

SECRET = "a-secret-of-the-shop"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shops_of_the_settings(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SHOPIFY_SHOP = "fern.myshopify.com"
    settings.SHOPIFY_TOKEN = TOKEN
    settings.SHOPIFY_WEBHOOK_SECRET = settings.WOOCOMMERCE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def queued(monkeypatch):
    """The tasks that were enqueued, without running them."""
    enqueued = []
    for task in (tasks.refresh, tasks.refresh_inventory_item):
        monkeypatch.setattr(
            task,
            "apply_async",
            lambda arguments, name=task.name, **options: enqueued.append((name, *arguments)),
        )
    return enqueued


def signature(body, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def from_shopify(client, message, topic="products/update", **changed):
    body = json.dumps(message).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body),
        "X-Shopify-Shop-Domain": "fern.myshopify.com",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }
    return client.post("/webhooks/shopify", body, "application/json", headers=headers | changed)


def from_woocommerce(client, message, topic="product.updated", **changed):
    body = json.dumps(message).encode()
    headers = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature(body)}
    return client.post("/webhooks/woocommerce", body, "application/json", headers=headers | changed)


# --- Signatures ---------------------------------------------------------------------------


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


def test_a_message_past_the_size_limit_is_refused(client, queued):
    assert from_shopify(client, {"id": 7, "body_html": "x" * 2**20}).status_code == 413
    assert queued == []


# --- Messages ------------------------------------------------------------------------


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


# --- What the task does (run at once here) -----------------------------------------------------


@pytest.fixture
def woocommerce(settings):
    with serving(FakeWooCommerce([fake_woocommerce.product(7)])) as shop:
        settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY = shop.address, KEY
        settings.WOOCOMMERCE_SECRET = fake_woocommerce.SECRET
        yield shop


@pytest.fixture
def shopify(monkeypatch):
    with serving(FakeShopify()) as shop:
        source = ShopifySource("", ShopifyKeys(TOKEN), address=shop.address, pause=lambda _seconds: None)
        monkeypatch.setattr(tasks, "shop_named", lambda _name: source)
        yield shop


def colours(number, *names):
    variants = [
        fake_shopify.variant(number * 10 + place, options=[("Color", name)])
        for place, name in enumerate(names)
    ]
    return fake_shopify.product(number, variants)


def active():
    return set(Product.objects.active().values_list("product_id", flat=True))


def test_a_product_is_created_updated_and_deactivated_as_the_shop_has_it(client, woocommerce):
    from_woocommerce(client, {"id": 7}, topic="product.created")
    assert Product.objects.get().title == "Linen Dress 7"
    woocommerce.products = [fake_woocommerce.product(7, name="Linen Skirt")]
    from_woocommerce(client, {"id": 7})
    assert Product.objects.get().title == "Linen Skirt"
    woocommerce.products = []
    from_woocommerce(client, {"id": 7}, topic="product.deleted")
    assert active() == set()


def test_a_replayed_deletion_deletes_nothing_that_is_there(client, woocommerce):
    from_woocommerce(client, {"id": 7}, topic="product.deleted")
    assert active() == {"woocommerce-7"}


def test_a_colour_that_is_gone_is_deactivated_and_neighbours_stay(client, shopify):
    shopify.products = [colours(7, "Navy", "Red"), colours(70, "Navy")]
    from_shopify(client, {"id": 7})
    from_shopify(client, {"id": 70})
    shopify.products = [colours(7, "Red"), colours(70, "Navy")]
    from_shopify(client, {"id": 7})
    assert active() == {"shopify-7-red", "shopify-70-navy"}


def test_stock_is_found_by_its_inventory_item(client, shopify):
    shopify.products = [colours(7, "Navy")]
    from_shopify(
        client, {"inventory_item_id": 70, "location_id": 1, "available": 3}, topic="inventory_levels/update"
    )
    assert Product.objects.get(product_id="shopify-7-navy").quantity == 5
    answer = from_shopify(client, {"inventory_item_id": 999}, topic="inventory_levels/update")
    assert answer.status_code == 204


def test_an_inventory_item_without_a_list_of_variants_names_no_product(client, shopify):
    shopify.instead = [fake_shopify.answered({"inventoryItem": {"variants": None}})]
    answer = from_shopify(client, {"inventory_item_id": 70}, topic="inventory_levels/update")
    assert answer.status_code == 204
    assert Product.objects.count() == 0


def test_a_rejected_product_stays_as_it_was(client, shopify, caplog):
    shopify.products = [colours(7, "Navy")]
    from_shopify(client, {"id": 7})
    shopify.products = [fake_shopify.product(7, tags=None)]
    from_shopify(client, {"id": 7})
    assert active() == {"shopify-7-navy"}
    assert "shopify: rejected 7: Shopify's answer cannot be read" in caplog.text


def test_a_shop_that_fails_leaves_the_change_to_the_next_sync(client, shopify, caplog):
    ProductFactory(source="shopify", external_id="7", product_id="shopify-7")
    shopify.instead = [(401, {}, {"errors": "[API] Invalid API key"})]
    assert from_shopify(client, {"id": 7}).status_code == 204
    assert active() == {"shopify-7"}
    assert "a change waits for the next sync: Shopify refused the key" in caplog.text


def test_a_shop_that_is_busy_is_asked_again_later(shopify):
    shopify.products = [colours(7, "Navy")]
    shopify.instead = [(503, {}, "")] * 12
    for tried, wait in enumerate(("60s", "120s")):
        with pytest.raises(Retry, match=wait):
            tasks.refresh.apply(("shopify", "7"), retries=tried, throw=True)
    tasks.refresh.apply(("shopify", "7"), retries=2, throw=True)
    assert active() == {"shopify-7-navy"}


def test_a_shop_that_stays_busy_is_given_up(shopify, caplog):
    shopify.instead = [(503, {}, "")] * 6
    tasks.refresh.apply(("shopify", "7"), retries=5, throw=True)
    assert "a change waits for the next sync: Shopify answered 503." in caplog.text


def test_a_shop_without_keys_any_more_is_left_alone(client, settings):
    settings.SHOPIFY_SHOP = ""
    assert registry.shop_named("shopify") is None
    tasks.refresh("shopify", "7")
    assert Product.objects.count() == 0


def test_thousands_of_messages_are_not_counted_as_pages(client, queued, settings):
    settings.RATE_LIMIT = "1/m"
    assert {from_shopify(client, {"id": number}).status_code for number in range(1, 30)} == {204}
