"""What the task that a message queued does with the catalogue."""

import pytest
from celery.exceptions import Retry
from django.db import OperationalError

from catalog import tasks
from catalog.models import Product
from catalog.sources import registry
from catalog.sources.shops.shopify import ShopifySource
from catalog.sources.shops.shopify_api import ShopifyKeys
from tests.catalog.fakes import fake_shopify, fake_woocommerce
from tests.catalog.fakes.fake_shopify import TOKEN, FakeShopify
from tests.catalog.fakes.fake_woocommerce import KEY, FakeWooCommerce
from tests.catalog.fakes.shops import serving
from tests.catalog.webhooks.messages import from_shopify, from_woocommerce
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


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


def test_a_change_that_found_the_database_away_is_followed_later(shopify, monkeypatch):
    def away(*_arguments, **_options):
        raise OperationalError("terminating connection due to administrator command")

    shopify.products = [colours(7, "Navy")]
    with monkeypatch.context() as outage:
        outage.setattr(tasks.refreshing, "refresh", away)
        with pytest.raises(Retry, match="60s"):
            tasks.refresh.apply(("shopify", "7"), throw=True)
    tasks.refresh.apply(("shopify", "7"), retries=1, throw=True)
    assert active() == {"shopify-7-navy"}


def test_a_shop_without_keys_any_more_is_left_alone(client, settings):
    settings.SHOPIFY_SHOP = ""
    assert registry.shop_named("shopify") is None
    tasks.refresh("shopify", "7")
    assert Product.objects.count() == 0
