"""A crawl through the sync, and the offer of now."""

from decimal import Decimal

import pytest

from catalog.models import Product, RunState, SyncRun
from catalog.sources.base import SourceError
from catalog.sources.variants import GONE
from catalog.syncing.sync import sync
from tests.catalog.fakes.fake_shopify import (
    THROTTLED,
    pictures,
    product,
    variant,
)
from tests.factories import NOW

NAVY, RED = ("Color", "navy"), ("Color", "Red")


# --- Through the sync --------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_vanished_is_deactivated_by_a_whole_crawl_alone(shop, source):
    shop.products = [product(number) for number in range(1, 11)]
    assert sync(source, now=NOW).created == 10
    del shop.products[3]
    assert sync(source, now=NOW, since=NOW).deactivated == 0
    report = sync(source, now=NOW)
    assert (report.deactivated, report.unchanged) == (1, 9)
    assert not Product.objects.get(product_id="shopify-4").is_active


@pytest.mark.django_db
def test_an_error_in_the_middle_keeps_what_came_before_and_deactivates_nothing(shop, source):
    shop.products = [product(number) for number in range(1, 121)]
    sync(source, now=NOW)
    shop.requests.clear()
    shop.products = [product(number, title=f"Renamed {number}") for number in range(1, 101)]
    shop.before[2] = lambda: shop.instead.extend([(500, {}, "")] * 10)
    report = sync(source, now=NOW)
    assert report.problem == "Shopify answered 500."
    assert not report.permanent
    assert (report.updated, report.deactivated) == (50, 0)
    assert Product.objects.active().count() == 120
    assert SyncRun.objects.latest("pk").state == RunState.FAILED


@pytest.mark.django_db
def test_a_run_that_was_stopped_is_completed_by_the_next(shop, source):
    shop.products = [product(number) for number in range(1, 401)]

    def stop():
        raise KeyboardInterrupt

    source._api._api._pause = lambda _seconds: stop()
    shop.before[7] = lambda: shop.instead.append(THROTTLED)
    with pytest.raises(KeyboardInterrupt):
        sync(source, now=NOW)
    assert Product.objects.count() == 250
    source._api._api._pause = lambda _seconds: None
    report = sync(source, now=NOW)
    assert (report.created, report.unchanged, report.problem) == (150, 250, "")


@pytest.mark.django_db
def test_a_picture_on_a_private_address_is_refused(shop, source):
    shop.products = [product(7, media=pictures(f"{shop.address}/7.jpg"))]
    report = sync(source, now=NOW)
    assert (report.created, report.pictures, report.picture_problems) == (1, 0, 1)
    assert "not a public one" in Product.objects.get().images.get().problem


# --- Price and stock now -----------------------------------------------------------------------


def test_one_colour_states_its_offer_of_now(shop, source):
    shop.products = [
        product(
            7,
            [
                variant(71, options=[NAVY], price="39.00"),
                variant(72, options=[RED], inventoryQuantity=0, availableForSale=False),
            ],
        )
    ]
    offer = source.offer("7-navy", "7")
    assert (offer.price, offer.currency, offer.in_stock, offer.quantity) == (Decimal("39.00"), "EUR", True, 5)
    assert source.offer("7-red", "7").quantity == 0
    assert len(shop.requests) == 2


@pytest.mark.parametrize("gone", ["8", "7-green", "9"])
def test_what_is_gone_is_not_in_stock(shop, source, gone):
    shop.products = [product(7, [variant(71, options=[NAVY])]), product(9, status="ARCHIVED")]
    assert source.offer(gone, gone.partition("-")[0]) == GONE


def test_an_offer_is_asked_for_once_however_the_shop_answers(shop, source, pauses):
    shop.instead = [THROTTLED]
    with pytest.raises(SourceError, match="throttles"):
        source.offer("7", "7")
    shop.instead = [(503, {}, "")]
    with pytest.raises(SourceError, match="503"):
        source.offer("7", "7")
    assert (len(shop.requests), pauses) == (2, [])


def test_an_id_that_cannot_be_the_shops_is_not_asked_for(shop, source):
    assert source.offer("abc", "abc") is None
    assert shop.requests == []


def test_too_many_variants_for_one_answer_say_nothing(shop, source):
    shop.products = [product(7, [variant(1000 + number) for number in range(251)])]
    assert source.offer("7", "7") is None
