"""What every adapter has in common, and shops whose ids are no numbers."""

import base64
import hashlib
import hmac
import inspect
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import tasks, webhooks
from catalog.models import Product
from catalog.offers import current_offer
from catalog.sources import registry
from catalog.sources.base import Rejected, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.names import SOURCE_NAME
from catalog.sources.protocols import ProductSource, Reference, ShopSource, Topic, Webhook
from catalog.sources.registry import SHOPS, shop_adapter, shop_named, source_names
from catalog.syncing.refreshing import refresh
from catalog.syncing.sync import sync
from catalog.webhooks import receive
from tests.catalog.fakes.memory_shop import LookupShop, MemoryShop
from tests.factories import NOW, ProductFactory

STYLE, OTHER_STYLE = "prod_01H", "prod_01H-ABC"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def methods(protocol):
    return [name for name, _method in inspect.getmembers(protocol, callable) if not name.startswith("_")]


@pytest.mark.parametrize(
    ("adapter", "protocol"),
    [
        (FeedSource, ProductSource),
        (MemoryShop, ProductSource),
        (LookupShop, ShopSource),
        *((shop, ShopSource) for shop in SHOPS),
    ],
)
def test_an_adapter_has_the_methods_of_its_protocol_with_their_parameters(adapter, protocol):
    assert not inspect.isabstract(adapter)
    for name in methods(protocol):
        expected = inspect.signature(getattr(protocol, name)).parameters.values()
        given = inspect.signature(getattr(adapter, name)).parameters.values()
        assert [(each.name, each.kind, each.default) for each in given] == [
            (each.name, each.kind, each.default) for each in expected
        ], name


def test_the_protocols_have_methods_to_compare():
    assert methods(ProductSource) == ["image", "image_is_newer", "offer", "products"]
    assert set(methods(ShopSource)) - set(methods(ProductSource)) == {
        "check",
        "from_settings",
        "one",
        "product_of_inventory_item",
    }


@pytest.mark.parametrize("shop", SHOPS)
def test_each_shop_has_a_name_fit_for_public_ids_and_names_its_settings(shop, settings):
    assert SOURCE_NAME.fullmatch(shop.name)
    assert shop_adapter(shop.name) is shop
    assert shop.configured_by
    if shop.webhook:
        assert hasattr(settings, shop.webhook.signed_by)


def test_a_shop_is_a_source_once_the_settings_name_it(settings):
    settings.CATALOGUE_SOURCES = {"feed": "feed.csv"}
    assert source_names() == ["feed"]
    assert shop_named("woocommerce") is None
    settings.WOOCOMMERCE_URL = "https://fern.example"
    assert source_names() == ["feed", "woocommerce"]
    assert shop_named("woocommerce").name == "woocommerce"
    assert shop_named("nobody") is None


# --- Ids that are no numbers ---------------------------------------------------------------------


@pytest.fixture
def shop(monkeypatch):
    """A style of two colours, and one without colours whose id begins like those of the first."""
    shop = LookupShop(
        SourceProduct(f"{STYLE}-navy", "Hat", item_group_id=STYLE, price=Decimal(9), line=1),
        SourceProduct(f"{STYLE}-red", "Hat", item_group_id=STYLE, price=Decimal(8), line=1),
        SourceProduct(OTHER_STYLE, "Cap", price=Decimal(7), line=2),
    )
    monkeypatch.setattr(LookupShop, "from_settings", classmethod(lambda _cls: shop))
    monkeypatch.setattr(registry, "SHOPS", (LookupShop,))
    return shop


def active():
    return set(Product.objects.active().values_list("external_id", flat=True))


@pytest.mark.django_db
def test_a_style_is_refreshed_without_touching_another_whose_id_begins_alike(shop):
    sync(shop, now=NOW)
    del shop.rows[1]
    refresh(shop, STYLE, clock=lambda: LATER)
    assert active() == {f"{STYLE}-navy", OTHER_STYLE}
    shop.rows = [row for row in shop.rows if row.external_id == OTHER_STYLE]
    refresh(shop, STYLE, clock=lambda: LATER)
    assert active() == {OTHER_STYLE}


@pytest.mark.django_db
def test_a_product_that_got_colours_is_replaced_by_them(shop):
    sync(LookupShop(SourceProduct(STYLE, "Hat"), SourceProduct(OTHER_STYLE, "Cap")), now=NOW)
    refresh(shop, STYLE, clock=lambda: LATER)
    assert active() == {f"{STYLE}-navy", f"{STYLE}-red", OTHER_STYLE}


@pytest.mark.django_db
def test_a_refused_colour_deactivates_no_other(shop):
    sync(shop, now=NOW)
    shop.one = lambda style_id: iter([Rejected(1, f"{STYLE}-navy", "the price 'free' is not a number")])
    assert len(refresh(shop, STYLE, clock=lambda: LATER).rejected) == 1
    assert active() == {f"{STYLE}-navy", f"{STYLE}-red", OTHER_STYLE}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("external_id", "group", "price"), [(f"{STYLE}-red", STYLE, 8), (OTHER_STYLE, "", 7)]
)
def test_the_offer_of_one_product_is_looked_up_by_its_style(shop, external_id, group, price):
    product = ProductFactory(external_id=external_id, item_group_id=group, product_id="demo-x")
    stated = current_offer(product, now=NOW)
    assert (stated.offer.price, stated.is_live) == (price, True)


@pytest.mark.django_db
def test_an_inventory_item_means_nothing_to_a_shop_that_knows_none(shop):
    tasks.refresh_inventory_item("demo", "item_1")
    assert Product.objects.count() == 0


# --- Webhooks of a shop that is described by a table ---------------------------------------------

SECRET = "a-secret-of-the-shop"


@pytest.fixture
def webhook(monkeypatch, settings):
    settings.DEMO_SECRET = SECRET
    webhook = Webhook(
        signed_by="DEMO_SECRET",
        signature_header="X-Demo-Signature",
        topic_header="X-Demo-Topic",
        topics={"changed": Topic(("style", "id")), "counted": Topic(("item",), Reference.INVENTORY_ITEM)},
    )
    monkeypatch.setitem(webhooks.WEBHOOKS, "demo", webhook)


def message(rf, data, topic="changed"):
    body = json.dumps(data)
    digest = hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).digest()
    headers = {"X-Demo-Topic": topic, "X-Demo-Signature": base64.b64encode(digest).decode()}
    return receive(rf.post("/", body, "application/json", headers=headers), shop="demo")


@pytest.mark.django_db
@pytest.mark.usefixtures("webhook")
def test_a_message_with_any_printable_id_refreshes_its_style(shop, rf):
    assert message(rf, {"id": OTHER_STYLE}).status_code == 204
    assert active() == {OTHER_STYLE}
    assert message(rf, {"id": "v_1", "style": STYLE}).status_code == 204
    assert active() == {f"{STYLE}-navy", f"{STYLE}-red", OTHER_STYLE}


@pytest.mark.usefixtures("webhook")
@pytest.mark.parametrize("data", [{}, {"id": "two words"}, {"id": "x" * 81}, {"id": "a\n"}, {"id": ["a", 1]}])
def test_what_cannot_be_an_id_is_refused(rf, data):
    assert message(rf, data).status_code == 400
