"""Prices and stock changed between two syncs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.syncing.sync import sync
from tests.catalog.bulk.calls import DELETE, HAT, OFFERS, PRODUCTS, statuses, stored
from tests.catalog.fakes.memory_shop import MemoryShop
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db


def test_a_price_and_a_stock_change_and_nothing_else(send):
    send(PRODUCTS, [{**HAT, "brand": "Fern", "images": ["https://cdn.example/1.jpg"]}])
    before = Product.objects.generation()
    answer = send(OFFERS, [{"id": "1", "price": "15.00", "list_price": "20.00"}, {"id": "9", "quantity": 1}])
    assert statuses(answer) == ["updated", "rejected"]
    assert answer.json()["results"][1]["code"] == "product_unknown"
    hat = stored()
    assert (hat.price, hat.list_price, hat.currency, hat.quantity) == (
        Decimal("15.00"), Decimal("20.00"), "EUR", 3,
    )  # fmt: skip
    assert (hat.brand, hat.images.count(), Product.objects.generation() > before) == ("Fern", 1, True)


@pytest.mark.parametrize(
    ("stated", "in_stock", "quantity"),
    [
        ({"quantity": 0}, False, 0),
        ({"quantity": 5}, True, 5),
        ({"quantity": None}, True, None),
        ({"in_stock": False}, False, 0),
        ({"in_stock": True}, True, 3),
        ({"in_stock": True, "quantity": 0}, True, 0),
    ],
)
def test_stock_and_quantity_agree(send, stated, in_stock, quantity):
    send(PRODUCTS, [HAT])
    send(OFFERS, [{"id": "1", **stated}])
    assert (stored().in_stock, stored().quantity) == (in_stock, quantity)


def test_an_offer_that_changes_nothing_confirms_the_price(send):
    send(PRODUCTS, [HAT])
    Product.objects.update(seen_at=NOW)
    generation = Product.objects.generation()
    assert statuses(send(OFFERS, [{"id": "1", "price": "20.00"}])) == ["unchanged"]
    assert Product.objects.generation() == generation
    assert stored().seen_at > NOW


@pytest.mark.parametrize("row", [{"id": "1"}, {"id": "1", "price": "-1"}, {"id": "1", "title": "Cap"}])
def test_an_offer_without_price_or_stock_is_refused(send, row):
    send(PRODUCTS, [HAT])
    refused = send(OFFERS, [row]).json()["results"][0]
    assert (refused["status"], refused["code"]) == ("rejected", "invalid")


def test_a_stock_alone_leaves_the_price_and_its_currency(send):
    product = ProductFactory(source="shop", external_id="1", currency="", price=Decimal("5.00"))
    assert statuses(send(f"{OFFERS}?source=shop", [{"id": "1", "quantity": 4}])) == ["updated"]
    product.refresh_from_db()
    assert (product.price, product.currency, product.quantity) == (Decimal("5.00"), "", 4)


def test_an_unknown_currency_is_refused(send):
    send(PRODUCTS, [HAT])
    refused = send(OFFERS, [{"id": "1", "currency": "??"}]).json()["results"][0]
    assert list(refused["errors"]) == ["currency"]
    assert stored().currency == "EUR"


def test_a_feed_is_believed_again_at_its_next_sync(send):
    shop = MemoryShop(SourceProduct("1", "Hat", price=Decimal(20), currency="EUR", line=1))
    sync(shop, now=NOW)
    assert statuses(send(f"{OFFERS}?source=demo", [{"id": "1", "price": "15.00"}])) == ["updated"]
    assert stored(source="demo").price == Decimal("15.00")
    assert sync(shop, now=NOW + timedelta(hours=1)).updated == 1
    assert stored(source="demo").price == Decimal("20.00")


def test_a_feed_that_states_the_new_price_has_nothing_to_write(send):
    shop = MemoryShop(SourceProduct("1", "Hat", price=Decimal(20), currency="EUR", images=("a.jpg",), line=1))
    sync(shop, now=NOW)
    send(f"{OFFERS}?source=demo", [{"id": "1", "price": "15.00", "quantity": 2}])
    shop.rows[0] = SourceProduct(
        "1", "Hat", price=Decimal(15), currency="EUR", quantity=2, images=("a.jpg",), line=1
    )
    assert sync(shop, now=NOW + timedelta(hours=1)).unchanged == 1


def test_a_deleted_product_takes_no_offer(send):
    send(PRODUCTS, [HAT])
    send(DELETE, [{"id": "1"}])
    assert send(OFFERS, [{"id": "1", "price": "1.00"}]).json()["results"][0]["code"] == "product_unknown"


@pytest.mark.parametrize(("path", "status"), [(OFFERS, "updated"), (DELETE, "deleted")])
def test_an_id_may_be_any_number(send, path, status):
    ids = (1.0, 10.5, 7)
    send(PRODUCTS, [{"id": number, "title": "Hat"} for number in ids])
    answer = send(path, [{"id": number, **({"quantity": 1} if path == OFFERS else {})} for number in ids])
    assert statuses(answer) == [status] * 3
    assert [row["id"] for row in answer.json()["results"]] == ["1.0", "10.5", "7"]


@pytest.mark.parametrize(
    "row", [{"id": "1", "price": "0.00"}, {"id": "1", "price": 0, "list_price": "20.00"}]
)
def test_a_price_of_nothing_is_none(send, row):
    send(PRODUCTS, [HAT])
    assert statuses(send(OFFERS, [row])) == ["updated"]
    assert (stored().price, stored().list_price, stored().currency) == (None, None, "")


def test_a_third_decimal_of_a_whole_currency_is_no_mark_of_thousands(send):
    send(PRODUCTS, [{**HAT, "price": "1200", "currency": "JPY"}])
    assert statuses(send(OFFERS, [{"id": "1", "price": 1.299}])) == ["updated"]
    assert stored().price == Decimal("1.30")


@pytest.mark.parametrize(("currency", "kept"), [("KWD", "12.345"), ("EUR", "12.35")])
def test_prices_keep_the_decimals_of_their_currency(send, currency, kept):
    send(PRODUCTS, [{**HAT, "price": "13.345", "currency": currency}])
    assert str(stored().price) == kept.replace("12", "13")
    send(OFFERS, [{"id": "1", "price": "12.345"}])
    assert str(stored().price) == kept
