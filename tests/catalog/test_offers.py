from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import offers
from catalog.offers import current_offer
from catalog.sources.base import Offer, SourceError
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db
LIVE = Offer(Decimal("19.00"), Decimal("39.00"), "EUR", in_stock=False, quantity=0)


class AskableShop:
    name = "demo"

    def __init__(self, offer=LIVE, error=None):
        self.answer, self.error, self.asked = offer, error, []

    def offer(self, external_id):
        self.asked.append(external_id)
        if self.error:
            raise self.error
        return self.answer


@pytest.fixture
def shop(monkeypatch):
    shop = AskableShop()
    monkeypatch.setattr(offers, "source_named", lambda name, now: shop if name == "demo" else None)
    return shop


def test_a_shop_that_can_be_asked_states_the_offer_of_now(shop):
    later = NOW + timedelta(hours=3)
    stated = current_offer(ProductFactory(external_id="7"), now=later)
    assert (stated.offer, stated.as_of, stated.is_live) == (LIVE, later, True)
    assert shop.asked == ["7"]


def test_an_offer_is_good_for_a_minute(shop):
    product = ProductFactory()
    current_offer(product, now=NOW)
    assert current_offer(product, now=NOW + timedelta(seconds=30)).is_live
    assert len(shop.asked) == 1


def test_a_shop_that_fails_is_left_alone_and_the_last_sync_stands_in(shop):
    shop.error = SourceError("The server did not answer: ReadTimeout.", permanent=False)
    product = ProductFactory(price=Decimal("39.00"), quantity=3)
    for _view in range(3):
        stated = current_offer(product, now=NOW + timedelta(hours=1))
        assert (stated.offer.price, stated.offer.quantity) == (Decimal("39.00"), 3)
        assert (stated.as_of, stated.is_live) == (NOW, False)
    assert len(shop.asked) == 1


def test_a_feed_cannot_be_asked(settings):
    settings.CATALOGUE_SOURCES = {"demo": "feed.csv"}
    assert not current_offer(ProductFactory(), now=NOW).is_live


def test_a_product_of_an_unknown_source_keeps_its_last_offer(settings):
    settings.CATALOGUE_SOURCES = {}
    assert current_offer(ProductFactory(), now=NOW).as_of == NOW
