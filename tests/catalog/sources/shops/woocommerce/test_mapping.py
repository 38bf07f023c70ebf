"""Which products a WooCommerce shop has: what is mapped to what, and what is rejected."""

from decimal import Decimal

import pytest

from catalog.sources.base import Rejected
from tests.catalog.fake_woocommerce import attribute, image, product, variable, variation
from tests.catalog.shops import ids

NAVY, RED = ("Color", "navy"), ("Color", "Red")
SMALL, MEDIUM = ("Size", "S"), ("Size", "M")


# --- What is mapped to what --------------------------------------------------------------------


def test_a_simple_product_is_one_product(shop, source):
    shop.products = [
        product(
            7,
            name="Caf&eacute; Dress",
            price="39.5",
            regular_price="59",
            attributes=[
                attribute("Colour", "navy"),
                attribute("Size", "S", "M"),
                attribute("Gender", "female"),
                attribute("Material", "Linen"),
            ],
            images=[image("https://fern.example/7.jpg"), image("https://fern.example/7b.jpg")],
        )
    ]
    (dress,) = source.products()
    assert (dress.external_id, dress.title, dress.item_group_id) == ("7", "Café Dress", "")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("39.50"), Decimal("59.00"), "EUR")
    assert (dress.in_stock, dress.quantity) == (True, 5)
    assert (dress.brand, dress.colour, dress.gender) == ("Fern", "Navy", "Women")
    assert (dress.category, dress.category_path) == ("Dresses", "Women > Dresses")
    assert dress.url == "https://fern.example/product/7/"
    assert dress.images == ("https://fern.example/7.jpg", "https://fern.example/7b.jpg")
    assert dress.attributes == {"material": "Linen", "tags": "linen", "sizes": ["S", "M"]}


def test_each_colour_of_a_variable_product_is_a_product_of_one_style(shop, source):
    variations = [
        variation(71, [NAVY, SMALL], image=image("https://fern.example/n.jpg")),
        variation(72, [NAVY, MEDIUM], stock_status="outofstock", stock_quantity=-1),
        variation(73, [RED, SMALL], price="49.00", image=image("https://fern.example/r.jpg")),
    ]
    gallery = [image("https://fern.example/r.jpg"), image("https://fern.example/both.jpg")]
    shop.products = [variable(7, variations, shop, images=gallery)]
    navy, red = source.products()
    assert ids([navy, red]) == ["7-navy", "7-red"]
    assert navy.item_group_id == red.item_group_id == "7"
    assert (navy.colour, navy.quantity, navy.price) == ("Navy", 2, Decimal("59.00"))
    assert (red.list_price, red.price) == (Decimal("59.00"), Decimal("49.00"))
    assert navy.images == ("https://fern.example/n.jpg", "https://fern.example/both.jpg")
    assert navy.attributes == {
        "material": "Linen",
        "tags": "linen",
        "sizes": ["S"],
        "sold_out_sizes": ["M"],
    }
    assert red.url == "https://fern.example/product/7/?variation=73"


def test_variations_for_any_colour_are_one_product_with_all_of_them(shop, source):
    shop.products = [variable(7, [variation(71, [SMALL]), variation(72, [MEDIUM])], shop)]
    (dress,) = source.products()
    assert (dress.external_id, dress.colour, dress.quantity) == ("7", "navy/Red", 4)
    assert dress.attributes["sizes"] == ["S", "M"]


def test_one_stock_for_all_variations_is_claimed_by_none(shop, source):
    shop.products = [variable(7, [variation(71, [NAVY], manage_stock="parent", stock_quantity=9)], shop)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


def test_a_variable_product_without_variations_cannot_be_bought(shop, source):
    shop.products = [variable(7, [], shop), variable(8, [variation(81, [NAVY], status="private")], shop)]
    assert ids(source.products()) == []


def test_on_backorder_is_not_in_stock_as_in_feeds(shop, source):
    shop.products = [product(7, stock_status="onbackorder", manage_stock=False, stock_quantity=None)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (False, None)


def test_a_product_without_a_price_has_no_currency(shop, source):
    shop.products = [product(7, price="", regular_price="")]
    (dress,) = source.products()
    assert (dress.price, dress.list_price, dress.currency) == (None, None, "")


def test_a_price_with_three_decimals_is_not_taken_for_thousands(shop, source):
    shop.products = [product(7, price="12.500", regular_price="12.500")]
    (dress,) = source.products()
    assert dress.price == Decimal("12.50")


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"catalog_visibility": "hidden"}])
def test_what_the_shop_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


def test_a_shop_without_brands_or_categories_states_neither(shop, source):
    older = product(7, categories=[{"id": 15, "name": "Uncategorized", "slug": "uncategorized"}])
    del older["brands"]
    shop.products = [older]
    (dress,) = source.products()
    assert (dress.brand, dress.category) == ("", "")


# --- Rejected rows -----------------------------------------------------------------------------


def test_a_bad_product_costs_itself_and_is_named(shop, source):
    variations = [variation(71, [NAVY], price="free"), variation(72, [RED])]
    shop.products = [product(6, name=""), variable(7, variations, shop), product(8), product(9, images=[3])]
    rows = list(source.products())
    assert ids(rows) == ["6", "7-navy", "7-red", "8", "9"]
    problems = {row.external_id: row.problem for row in rows if isinstance(row, Rejected)}
    assert problems["6"] == "the title is missing"
    assert problems["7-navy"] == "the price 'free' is not a number"
    assert problems["9"].startswith("WooCommerce's answer cannot be read")
