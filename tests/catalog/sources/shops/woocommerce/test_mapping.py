"""Which products a WooCommerce shop has: what is mapped to what, and what is rejected."""

from decimal import Decimal

import pytest

from catalog.sources.base import Rejected
from tests.catalog.fakes.fake_woocommerce import attribute, image, product, variable, variation
from tests.catalog.fakes.shops import ids

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
    gallery = [image("https://fern.example/both.jpg"), image("https://fern.example/r.jpg")]
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


def test_colours_that_differ_in_another_script_alone_are_two_products(shop, source):
    """An id holds Latin letters and digits, of which both have the same."""
    black, white = ("Color", "黒/MONO 2"), ("Color", "白/MONO 2")
    shop.products = [variable(7, [variation(71, [black]), variation(72, [white])], shop)]
    dark, light = source.products()
    assert (dark.colour, light.colour) == ("黒/MONO 2", "白/MONO 2")
    assert dark.external_id != light.external_id
    assert dark.external_id.startswith("7-mono-2-")


def test_long_names_of_colours_that_begin_alike_are_two_products(shop, source):
    white = "Footwear White / Core Black / Clear Onix Blue"
    colours = [("Color", white), ("Color", f"{white} Glow")]
    shop.products = [variable(7, [variation(71 + n, [each]) for n, each in enumerate(colours)], shop)]
    plain, glowing = source.products()
    assert (plain.colour, glowing.colour) == (white, f"{white} Glow")
    assert plain.external_id != glowing.external_id


@pytest.mark.parametrize(("colour", "key"), [("Weiß", "wei"), ("Grün", "grun"), ("Rød", "rd")])
def test_colours_in_latin_letters_keep_a_readable_id(shop, source, colour, key):
    shop.products = [variable(7, [variation(71, [("Color", colour)])], shop)]
    assert ids(source.products()) == [f"7-{key}"]


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


def test_a_variation_without_a_price_is_not_sold(shop, source):
    """WooCommerce hides it, although it calls it published and in stock."""
    unpriced = {"price": "", "regular_price": ""}
    variations = [
        variation(71, [RED, SMALL]),
        variation(72, [RED, MEDIUM], **unpriced),
        variation(73, [NAVY, SMALL], **unpriced),
    ]
    shop.products = [variable(7, variations, shop)]
    (red,) = source.products()
    assert (red.external_id, red.attributes["sizes"], red.quantity) == ("7-red", ["S"], 2)


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


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"catalog_visibility": "hidden"}, {"post_password": "fern"}]
)
def test_what_the_shop_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


def test_attributes_that_the_shop_hides_are_left_out_unless_shoppers_choose_by_them(shop, source):
    """Visible only to staff: "Visible on the product page" is off, and no variation differs in it."""
    shop.products = [
        product(
            7,
            attributes=[
                attribute("Supplier", "Acme") | {"visible": False},
                attribute("Fabric", "Linen") | {"visible": False},
                attribute("Neck", "V") | {"visible": True},
            ],
        )
    ]
    (dress,) = source.products()
    assert dress.attributes == {"fabric": "Linen", "neck": "V", "tags": "linen"}


@pytest.mark.parametrize(
    ("name", "slug", "category"),
    [
        ("Unkategorisiert", "unkategorisiert", ""),
        ("Non classé", "non-classe", ""),
        ("Hats", "uncategorized", "Hats"),
    ],
)
def test_the_category_of_what_is_in_none_is_known_by_its_name_in_any_language(
    shop, source, name, slug, category
):
    shop.products = [product(7, categories=[{"id": 15, "name": name, "slug": slug}])]
    (dress,) = source.products()
    assert dress.category == category


def test_a_shop_without_brands_or_categories_states_neither(shop, source):
    older = product(7, categories=[{"id": 15, "name": "Uncategorized", "slug": "uncategorized"}])
    del older["brands"]
    shop.products = [older]
    (dress,) = source.products()
    assert (dress.brand, dress.category) == ("", "")


def test_names_of_terms_are_unescaped_before_they_become_ids_paths_and_genders(shop, source):
    shop.categories = [
        {"id": 20, "name": "Women & Girls", "parent": 0, "slug": "women-girls"},
        {"id": 21, "name": "Tops & Tees", "parent": 20, "slug": "tops-tees"},
    ]
    colours = attribute("Color", "Black & White", "Red", variation=True, number=1)
    variations = [variation(71, [("Color", "Black & White")], attribute_number=1)]
    dress = variable(7, variations, shop, attributes=[colours], categories=[shop.categories[1]])
    dress["brands"] = [{"id": 1, "name": "Fern & Co", "slug": "fern-co"}]
    dress["tags"] = [{"id": 2, "name": "new & now", "slug": "new-now"}]
    shop.products = [dress]
    (top,) = source.products()
    assert (top.external_id, top.colour, top.brand) == ("7-black-white", "Black & White", "Fern & Co")
    assert (top.category, top.category_path) == ("Tops & Tees", "Women & Girls > Tops & Tees")
    assert top.attributes["tags"] == "new & now"


def test_a_variation_without_a_picture_leaves_the_cover_to_every_colour(shop, source):
    variations = [
        variation(71, [NAVY], image=image("https://fern.example/n.jpg")),
        variation(72, [RED]),
    ]
    gallery = [image("https://fern.example/both.jpg"), image("https://fern.example/n.jpg")]
    shop.products = [variable(7, variations, shop, images=gallery)]
    navy, red = source.products()
    assert navy.images == ("https://fern.example/n.jpg", "https://fern.example/both.jpg")
    assert red.images == ("https://fern.example/both.jpg",)


def test_article_numbers_of_every_variation_are_kept(shop, source):
    variations = [
        variation(71, [NAVY, SMALL], sku="LD-N-S", global_unique_id="4006381333931"),
        variation(72, [NAVY, MEDIUM], sku="LD-N-M"),
        variation(73, [RED, SMALL]),
    ]
    shop.products = [variable(7, variations, shop, sku="LD"), product(8, sku="LS-1")]
    navy, red, shirt = source.products()
    assert navy.article_numbers == {"sku": ["LD-N-S", "LD-N-M"], "gtin": ["4006381333931"]}
    assert red.article_numbers == {"sku": ["LD"]}
    assert shirt.article_numbers == {"sku": ["LS-1"]}


def test_an_older_shop_without_trade_numbers_or_passwords_is_read(shop, source):
    older = product(7)
    del older["global_unique_id"], older["post_password"]
    shop.products = [older]
    assert ids(source.products()) == ["7"]


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
