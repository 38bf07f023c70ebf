"""Which products a Shopify shop has: what is mapped to what, and what is rejected."""

from decimal import Decimal

import pytest

from catalog.sources.base import Rejected
from tests.catalog.fakes.fake_shopify import (
    pictures,
    product,
    variant,
)
from tests.catalog.fakes.shops import ids

NAVY, RED = ("Color", "navy"), ("Color", "Red")
SMALL, MEDIUM = ("Size", "S"), ("Size", "M")


# --- What is mapped to what --------------------------------------------------------------------


def test_a_product_without_colours_is_one_product(shop, source):
    shop.products = [
        product(
            7,
            [
                variant(71, options=[SMALL], price="59.00", compareAtPrice="79.00", inventoryQuantity=3),
                variant(72, options=[MEDIUM], price="62.00", inventoryQuantity=4),
                variant(73, options=[("Size", "L")], availableForSale=False, inventoryQuantity=-2),
            ],
            media=pictures("https://cdn.example/7.jpg"),
        )
    ]
    (dress,) = source.products()
    assert (dress.external_id, dress.title, dress.item_group_id) == ("7", "Linen Dress 7", "")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("59.00"), Decimal("79.00"), "EUR")
    assert (dress.in_stock, dress.quantity) == (True, 7)
    assert (dress.brand, dress.category, dress.gender) == ("Fern", "Dresses", "Women")
    assert dress.description == "A light summer dress."
    assert dress.url == "https://fern.example/products/7"
    assert dress.images == ("https://cdn.example/7.jpg",)
    assert dress.attributes == {"tags": ["women", "linen"], "sizes": ["S", "M"], "sold_out_sizes": ["L"]}


@pytest.mark.parametrize("left", [0, -4])
def test_what_is_sold_on_without_any_in_stock_is_not_counted(shop, source, left):
    """Else a page would say "Only 3 left", of which one size is as many as anyone orders."""
    shop.products = [
        product(
            7,
            [
                variant(71, options=[SMALL], inventoryQuantity=3),
                variant(72, options=[MEDIUM], inventoryQuantity=left),
            ],
        )
    ]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


def test_each_colour_is_a_product_of_one_style_with_its_own_pictures_sizes_and_stock(shop, source):
    shop.products = [
        product(
            7,
            [
                variant(
                    71,
                    options=[NAVY, SMALL],
                    inventoryQuantity=1,
                    media=pictures("https://cdn.example/n.jpg"),
                ),
                variant(72, options=[NAVY, MEDIUM], inventoryQuantity=2),
                variant(
                    73,
                    options=[RED, SMALL],
                    availableForSale=False,
                    inventoryQuantity=0,
                    media=pictures("https://cdn.example/r.jpg"),
                ),
            ],
            media=pictures(
                "https://cdn.example/r.jpg", "https://cdn.example/n.jpg", "https://cdn.example/both.jpg"
            ),
        )
    ]
    navy, red = source.products()
    assert ids([navy, red]) == ["7-navy", "7-red"]
    assert (navy.colour, red.colour) == ("Navy", "Red")
    assert navy.item_group_id == red.item_group_id == "7"
    assert (navy.quantity, navy.in_stock, red.quantity, red.in_stock) == (3, True, 0, False)
    assert navy.attributes["sizes"] == ["S", "M"]
    assert red.attributes["sizes"] == ["S"]
    assert navy.images == ("https://cdn.example/n.jpg", "https://cdn.example/both.jpg")
    assert red.images == ("https://cdn.example/r.jpg", "https://cdn.example/both.jpg")
    assert red.url == "https://fern.example/products/7?variant=73"


def test_a_product_without_options_has_none(shop, source):
    shop.products = [product(7)]
    (dress,) = source.products()
    assert dress.colour == ""
    assert dress.attributes == {"tags": ["women", "linen"]}


def test_what_is_not_counted_has_no_quantity(shop, source):
    shop.products = [product(7, [variant(71, inventoryItem={"tracked": False}, inventoryQuantity=0)])]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


def test_the_taxonomy_stands_in_for_a_missing_product_type(shop, source):
    shop.products = [product(7, productType="")]
    (dress,) = source.products()
    assert (dress.category, dress.category_path) == ("Dresses", "Apparel & Accessories > Clothing > Dresses")


def test_the_taxonomys_place_for_what_nobody_put_into_a_category_is_none(shop, source):
    shop.products = [product(7, productType="", category={"fullName": "Uncategorized"})]
    (dress,) = source.products()
    assert (dress.category, dress.category_path) == ("", "")


@pytest.mark.parametrize("hidden", [{"status": "DRAFT"}, {"status": "ARCHIVED"}, {"onlineStoreUrl": None}])
def test_what_the_online_store_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


def test_a_colour_in_another_script_still_makes_an_id(shop, source):
    shop.products = [
        product(7, [variant(71, options=[("Color", "紺")]), variant(72, options=[("Color", "赤")])])
    ]
    first, second = source.products()
    assert first.external_id != second.external_id
    assert {first.colour, second.colour} == {"紺", "赤"}


# --- Rejected rows -----------------------------------------------------------------------------


def test_a_bad_product_costs_itself_and_is_named(shop, source):
    shop.products = [
        product(6, title="  "),
        product(7, [variant(71, options=[NAVY], price="free"), variant(72, options=[RED])]),
        product(8),
        product(9, vendor=None, tags=None),
    ]
    rows = list(source.products())
    assert ids(rows) == ["6", "7-navy", "7-red", "8", "9"]
    problems = {row.external_id: row.problem for row in rows if isinstance(row, Rejected)}
    assert problems["6"] == "the title is missing"
    assert problems["7-navy"] == "the price 'free' is not a number"
    assert problems["9"].startswith("Shopify's answer cannot be read")
    assert [row.line for row in rows] == [1, 2, 2, 3, 4]


def test_article_numbers_of_every_variant_are_kept(shop, source):
    variants = [
        variant(71, options=[("Size", "S")], sku="LD-S", barcode="4006381333931"),
        variant(72, options=[("Size", "M")], sku="LD-M"),
    ]
    shop.products = [product(7, variants)]
    (dress,) = source.products()
    assert dress.article_numbers == {"sku": ["LD-S", "LD-M"], "gtin": ["4006381333931"]}
