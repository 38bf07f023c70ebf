"""Products in by API: the path of a sync, row by row."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.syncing.sync import sync
from tests.catalog.bulk.calls import HAT, PRODUCTS, statuses, stored
from tests.catalog.fakes.memory_shop import MemoryShop
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_products_are_created_replaced_and_left_alone(send):
    first = send(PRODUCTS, [HAT, {"id": "2", "title": "Scarf"}])
    assert statuses(first) == ["created", "created"]
    assert first.json()["results"][0] == {
        "index": 0, "id": "1", "status": "created", "product_id": "api-1",
    }  # fmt: skip
    again = send(PRODUCTS, [HAT, {"id": "2", "title": "Warm scarf"}])
    assert statuses(again) == ["unchanged", "updated"]
    assert (again.json()["unchanged"], again.json()["updated"], again.json()["created"]) == (1, 1, 0)
    assert stored("2").title == "Warm scarf"


def test_an_id_is_kept_as_it_was_sent(send):
    sent = ["'555", "555", '="0077"', "null", "Total", "4.0E+12"]
    answer = send(PRODUCTS, [{"id": each, "title": "Hat"} for each in sent])
    assert statuses(answer) == ["created"] * 6
    assert set(Product.objects.values_list("external_id", flat=True)) == set(sent)


def test_every_field_is_kept_as_a_feed_would_have_stated_it(send):
    row = {
        **HAT,
        "description": "<p>Warm</p>",
        "brand": "Fern",
        "category": "Apparel > Hats",
        "colour": "navy blue",
        "gender": "women",
        "list_price": "30.00",
        "url": "https://shop.example/1",
        "item_group_id": "h",
        "sizes": ["S", "M"],
        "attributes": {"mainMaterial": "Wool", "season": ["Winter", "Autumn"]},
        "gtin": ["4006381333931"],
    }
    assert statuses(send(PRODUCTS, [row])) == ["created"]
    hat = stored()
    assert (hat.description, hat.colour, hat.gender) == ("Warm", "Navy Blue", "Women")
    assert (hat.category, hat.category_path) == ("Hats", "Apparel > Hats")
    assert (hat.price, hat.list_price, hat.quantity) == (Decimal("20.00"), Decimal("30.00"), 3)
    assert hat.attributes == {
        "main_material": "Wool", "season": ["Winter", "Autumn"], "sizes": ["S", "M"],
    }  # fmt: skip
    assert (hat.article_numbers, hat.item_group_id) == ({"gtin": ["4006381333931"]}, "h")


@pytest.mark.parametrize(
    ("stated", "price", "list_price"),
    [
        ({"sale_price": "15.00"}, "15.00", "20.00"),
        ({"sale_price": "25.00"}, "20.00", None),
        ({"sale_price": "15.00", "sale_ends": "2020-01-01T00:00:00Z"}, "20.00", None),
        ({"sale_price": "15.00", "sale_starts": "2020-01-01T00:00:00Z"}, "15.00", "20.00"),
        ({"list_price": "10.00"}, "20.00", None),
    ],
)
def test_prices_are_decided_as_in_feeds(send, stated, price, list_price):
    send(PRODUCTS, [{**HAT, **stated}])
    assert stored().price == Decimal(price)
    assert stored().list_price == (list_price and Decimal(list_price))


@pytest.mark.parametrize(
    ("row", "code", "fields"),
    [
        ({"id": "x"}, "invalid", ["title"]),
        ({"id": "x", "title": "Hat", "color": "Red"}, "invalid", ["color"]),
        ({"id": "x", "title": "Hat", "price": "cheap", "quantity": -1}, "invalid", ["price", "quantity"]),
        ({"id": "x", "title": "Hat", "images": ["../secret.jpg"]}, "invalid", ["images"]),
        ({"id": "x", "title": "Hat", "attributes": {"a": {"b": 1}}}, "invalid", ["attributes"]),
        ({"id": "x", "title": "Hat", "price": "1", "currency": "12"}, "invalid", ["currency"]),
        ({"id": "x", "title": "<br>"}, "product_invalid", []),
        ("x", "invalid", []),
        (None, "invalid", []),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_written(send, row, code, fields):
    answer = send(PRODUCTS, [HAT, row, {"id": "2", "title": "Scarf"}])
    assert statuses(answer) == ["created", "rejected", "created"]
    refused = answer.json()["results"][1]
    assert (refused["index"], refused["code"], list(refused.get("errors", {}))) == (1, code, fields)
    assert refused["id"] == (row["id"] if isinstance(row, dict) else "")
    assert refused["detail"]
    assert set(Product.objects.values_list("external_id", flat=True)) == {"1", "2"}


def test_a_product_that_is_sent_twice_in_a_call_counts_once(send):
    answer = send(PRODUCTS, [HAT, {**HAT, "title": "Cap"}])
    assert statuses(answer) == ["created", "rejected"]
    assert answer.json()["results"][1]["code"] == "id_repeated"
    assert stored().title == "Hat"


def test_sources_of_the_api_are_apart_and_no_sync_deactivates_their_products(send):
    send(PRODUCTS, [HAT])
    send(f"{PRODUCTS}?source=api_outlet", [HAT])
    sync(MemoryShop(SourceProduct("7", "Bag", line=1)), now=timezone.now())
    active = Product.objects.active().order_by("product_id").values_list("product_id", flat=True)
    assert list(active) == ["api-1", "api_outlet-1", "demo-7"]


def test_no_feed_takes_a_name_of_the_api():
    shop = MemoryShop(SourceProduct("7", "Bag", line=1))
    shop.name = "api"
    with pytest.raises(ValueError, match="sent to the API"):
        sync(shop, now=NOW)


def test_what_staff_took_out_stays_out(send):
    send(PRODUCTS, [HAT])
    Product.objects.filter(external_id="1").deactivate(NOW, for_good=True)
    assert statuses(send(PRODUCTS, [{**HAT, "title": "Cap"}])) == ["updated"]
    assert (stored().title, stored().is_active) == ("Cap", False)
