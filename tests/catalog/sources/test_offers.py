import threading
from datetime import timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from catalog import offers
from catalog.offers import ASK_SECONDS, current_offer, current_offers
from catalog.sources.base import Offer, SourceError
from catalog.sources.shops import shop_api
from catalog.sources.variants import GONE
from tests.catalog.fakes import fake_woocommerce
from tests.catalog.fakes.fake_woocommerce import KEY, SECRET, FakeWooCommerce
from tests.catalog.fakes.shops import serving
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db
LIVE = Offer(Decimal("19.00"), Decimal("39.00"), "EUR", in_stock=False, quantity=0)


class LiveShop:
    name = "demo"

    def __init__(self, offer=LIVE, error=None):
        self.answer, self.error, self.calls, self.wait = offer, error, [], lambda: None

    def offer(self, external_id, style_id):
        self.calls.append((external_id, style_id))
        self.wait()
        if self.error:
            raise self.error
        return self.answer


@pytest.fixture
def shop(monkeypatch):
    shop = LiveShop()
    monkeypatch.setattr(offers, "source_named", lambda name, now: shop if name == "demo" else None)
    return shop


def test_a_shop_that_can_be_asked_states_the_offer_of_now(shop):
    later = NOW + timedelta(hours=3)
    stated = current_offer(ProductFactory(external_id="7"), now=later)
    assert (stated.offer, stated.as_of, stated.is_live) == (LIVE, later, True)
    assert shop.calls == [("7", "7")]


def test_an_offer_is_good_for_a_minute(shop):
    product = ProductFactory()
    current_offer(product, now=NOW)
    assert current_offer(product, now=NOW + timedelta(seconds=30)).is_live
    assert len(shop.calls) == 1


def test_a_shop_that_fails_is_left_alone_and_the_last_sync_stands_in(shop):
    shop.error = SourceError("The server did not answer: ReadTimeout.", permanent=False)
    product = ProductFactory(price=Decimal("39.00"), quantity=3)
    for _view in range(3):
        stated = current_offer(product, now=NOW + timedelta(hours=1))
        assert (stated.offer.price, stated.offer.quantity) == (Decimal("39.00"), 3)
        assert (stated.as_of, stated.is_live) == (NOW, False)
    assert len(shop.calls) == 1


def test_a_feed_cannot_be_asked(settings):
    settings.CATALOGUE_SOURCES = {"demo": "feed.csv"}
    assert not current_offer(ProductFactory(), now=NOW).is_live


def test_a_product_of_an_unknown_source_keeps_its_last_offer(settings):
    settings.CATALOGUE_SOURCES = {}
    assert current_offer(ProductFactory(), now=NOW).as_of == NOW


def test_a_shop_that_hangs_costs_one_page_a_second_at_most(shop, monkeypatch):
    assert ASK_SECONDS <= 1
    monkeypatch.setattr(offers, "ASK_SECONDS", 0.05)
    asked, released, returned = threading.Event(), threading.Event(), []
    shop.wait = lambda: (asked.set(), returned.append(released.wait()))
    submit = offers._threads.submit

    def submit_and_hang(*call):
        future = submit(*call)
        asked.wait()  # the page's wait begins when the shop hangs already
        return future

    monkeypatch.setattr(offers, "_threads", SimpleNamespace(submit=submit_and_hang))
    try:
        # Both return while the shop still hangs, and the second does not even ask it.
        assert not current_offer(ProductFactory(), now=NOW).is_live
        assert not current_offer(ProductFactory(), now=NOW).is_live
        assert (len(shop.calls), returned) == (1, [])
    finally:
        released.set()


def test_of_several_products_a_slow_shop_states_as_many_as_there_is_time_for(shop, monkeypatch):
    # A clock that is a second later whenever it is looked at: at the start, then before each product.
    seconds = count()
    monkeypatch.setattr(offers, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    products = [ProductFactory(external_id=str(at)) for at in range(5)]
    stated = current_offers(products, now=NOW)
    assert [each.is_live for each in stated] == [True, True, False, False, False]
    assert [external_id for external_id, _style in shop.calls] == ["0", "1"]


def test_the_request_itself_ends_within_the_wait_of_a_page():
    assert shop_api.LIVE.seconds <= ASK_SECONDS
    assert shop_api.LIVE.tries == 1


def test_a_shop_that_failed_is_asked_again_after_a_while(shop):
    product = ProductFactory()
    shop.error = SourceError("WooCommerce answered 503.", permanent=False)
    current_offer(product, now=NOW)
    assert offers.PAUSE_SECONDS < offers.LONG_PAUSE_SECONDS
    cache.clear()  # what its timeout does
    shop.error = None
    assert current_offer(product, now=NOW).is_live


@pytest.mark.parametrize(("permanent", "seconds"), [(False, 30), (True, 300)])
def test_what_will_fail_again_is_left_alone_for_longer(shop, monkeypatch, permanent, seconds):
    kept = {}
    monkeypatch.setattr(cache, "set", lambda key, _value, timeout: kept.update({key: timeout}))
    shop.error = SourceError("WooCommerce refused the key (401).", permanent=permanent)
    current_offer(ProductFactory(), now=NOW)
    assert kept == {"offer-pause:demo": seconds}


def test_the_last_answer_stands_in_with_its_own_time_until_a_sync_is_newer(shop):
    product = ProductFactory(price=Decimal("39.00"))
    asked_at = NOW + timedelta(hours=1)
    current_offer(product, now=asked_at)
    shop.error = SourceError("The server did not answer.", permanent=False)
    cache.delete(f"offer-pending:{product.pk}")
    stated = current_offer(product, now=asked_at + timedelta(minutes=5))
    assert (stated.offer, stated.as_of, stated.is_live) == (LIVE, asked_at, False)
    product.seen_at = asked_at + timedelta(minutes=2)
    stated = current_offer(product, now=asked_at + timedelta(minutes=5))
    assert (stated.offer.price, stated.as_of) == (Decimal("39.00"), product.seen_at)


def test_of_many_who_look_at_once_one_asks(shop):
    product = ProductFactory()
    cache.add(f"offer-pending:{product.pk}", NOW, 60)
    assert not current_offer(product, now=NOW).is_live
    assert shop.calls == []


def test_a_product_that_is_gone_keeps_its_price_and_is_not_in_stock(shop):
    shop.answer = GONE
    stated = current_offer(ProductFactory(price=Decimal("39.00"), quantity=3), now=NOW)
    assert (stated.offer.price, stated.offer.currency) == (Decimal("39.00"), "EUR")
    assert (stated.offer.in_stock, stated.offer.quantity, stated.is_live) == (False, 0, True)


def stated(moment):
    return moment.isoformat().replace("+00:00", "Z")


def test_the_api_states_what_the_shop_says_now(client, settings, monkeypatch):
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    ProductFactory(source="woocommerce", external_id="7", product_id="woocommerce-7", price=Decimal("59.00"))
    with serving(FakeWooCommerce([fake_woocommerce.product(7, price="45.00", stock_quantity=1)])) as shop:
        settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET = (
            shop.address,
            KEY,
            SECRET,
        )
        answer = client.get("/api/v1/product/woocommerce-7").json()
    assert (answer["price"], answer["list_price"], answer["currency"]) == ("45.00", "59.00", "EUR")
    assert (answer["quantity"], answer["in_stock"], answer["live"]) == (1, True, True)
    assert answer["as_of"] == stated(later)


def test_the_api_states_the_last_sync_while_the_shop_is_away(client, settings, closed_port):
    ProductFactory(source="woocommerce", external_id="7", product_id="woocommerce-7", price=Decimal("59.00"))
    settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET = (
        f"http://127.0.0.1:{closed_port}",
        KEY,
        SECRET,
    )
    answer = client.get("/api/v1/product/woocommerce-7").json()
    assert (answer["price"], answer["live"], answer["as_of"]) == ("59.00", False, stated(NOW))
