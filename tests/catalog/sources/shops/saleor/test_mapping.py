"""From Saleor's fields to products."""

import json
from decimal import Decimal

import pytest

from catalog.sources.base import Rejected
from catalog.sources.shops.saleor.mapping import text_of
from tests.catalog.fakes.fake_saleor import attribute, category, gid, picture, product, variant
from tests.catalog.fakes.shops import ids

NAVY, RED = attribute("Colour", "Navy", kind="SWATCH"), attribute("Colour", "Red", kind="SWATCH")
SMALL, MEDIUM = attribute("Size", "S"), attribute("Size", "M")
SEVEN = gid(7)


def document(*blocks):
    return json.dumps({"time": 1, "version": "2.24", "blocks": list(blocks)})


def test_a_product_states_what_its_channel_shows(shop, source):
    shop.products = [
        product(
            7,
            variant("LD-7", price=39.9, before=59.0),
            description=document({"type": "paragraph", "data": {"text": "A <b>light</b> dress."}}),
            category=category("Clothing", "Women", "Dresses"),
            attributes=[attribute("Brand", "Fern"), attribute("Material", "Linen", "Cotton")],
            media=[picture("https://f.example/7.jpg"), picture("https://films.example/7", "VIDEO")],
            collections=[{"name": "Summer"}],
            externalReference="ERP-7",
        )
    ]
    (dress,) = source.products()
    assert (dress.external_id, dress.item_group_id, dress.title) == (SEVEN, "", "Linen Dress 7")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("39.90"), Decimal("59.00"), "EUR")
    assert (dress.description, dress.brand, dress.gender) == ("A light dress.", "Fern", "Women")
    assert (dress.category, dress.category_path) == ("Dresses", "Clothing > Women > Dresses")
    assert dress.attributes == {"material": ["Linen", "Cotton"], "type": "Dress", "collection": "Summer"}
    assert dress.images == ("https://f.example/7.jpg",)
    assert dress.url == "https://fern.example/products/linen-dress-7"
    assert dress.article_numbers == {"sku": ["ERP-7", "LD-7"]}


def test_each_colour_is_a_product_with_its_sizes_and_pictures(shop, source):
    blue, red, both = (picture(f"https://f.example/{name}.jpg") for name in ("blue", "red", "both"))
    shop.products = [
        product(
            7,
            variant("A", NAVY, SMALL, quantityAvailable=0, media=[blue]),
            variant("B", NAVY, MEDIUM, quantityAvailable=2, media=[blue]),
            variant("C", RED, SMALL, media=[red]),
            media=[both, blue, red],
        )
    ]
    navy, other = source.products()
    assert ids([navy, other]) == [f"{SEVEN}-navy", f"{SEVEN}-red"]
    assert {navy.item_group_id, other.item_group_id} == {SEVEN}
    assert (navy.colour, navy.quantity, navy.in_stock) == ("Navy", 2, True)
    assert (navy.attributes["sizes"], navy.attributes["sold_out_sizes"]) == (["M"], ["S"])
    assert navy.images == ("https://f.example/blue.jpg", "https://f.example/both.jpg")
    assert navy.article_numbers == {"sku": ["A", "B"]}


@pytest.mark.parametrize(("gross", "price"), [(True, "50.00"), (False, "40.00")])
def test_prices_are_with_tax_where_the_channel_shows_them_so(shop, source, gross, price):
    shop.products = [product(7, variant("A", price=50.0), pricing={"displayGrossPrices": gross})]
    assert [row.price for row in source.products()] == [Decimal(price)]


def test_a_product_without_a_price_has_no_currency(shop, source):
    shop.products = [product(7, variant("A", pricing=None), pricing=None)]
    (dress,) = source.products()
    assert (dress.price, dress.currency, dress.in_stock) == (None, "", True)


@pytest.mark.parametrize(
    ("tracked", "available", "in_stock", "quantity"),
    [(True, 3, True, 3), (True, 0, False, 0), (True, None, True, None), (False, 50, True, None)],
)
def test_stock_that_is_not_counted_has_no_number(shop, source, tracked, available, in_stock, quantity):
    stock = {"trackInventory": tracked, "quantityAvailable": available}
    shop.products = [product(7, variant("A", **stock))]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (in_stock, quantity)


@pytest.mark.parametrize("stated", [False, None])
@pytest.mark.parametrize("tracked", [True, False])
def test_what_cannot_be_bought_yet_is_not_in_stock(shop, source, stated, tracked):
    shop.products = [product(7, variant("A", trackInventory=tracked), isAvailableForPurchase=stated)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (False, 0)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (attribute("Heel", "4", kind="NUMERIC", unit="CM"), {"heel": "4 cm"}),
        (attribute("Area", "2", kind="NUMERIC", unit="SQ_CM"), {"area": "2 sq cm"}),
        (attribute("Lined", {"name": "Lined: Yes", "boolean": True}, kind="BOOLEAN"), {"lined": "Yes"}),
        (attribute("Lined", {"name": "Lined: No", "boolean": False}, kind="BOOLEAN"), {"lined": "No"}),
        (
            attribute("Care", {"name": "Wash co", "plainText": "Wash cold."}, kind="PLAIN_TEXT"),
            {"care": "Wash cold."},
        ),
        (attribute("Manual", "manual.pdf", kind="FILE"), {}),
        (attribute("Fit"), {}),
        (attribute("EAN", "4006381333931"), {}),
    ],
)
def test_an_attribute_is_read_by_its_kind(shop, source, stated, expected):
    shop.products = [product(7, attributes=[stated])]
    (dress,) = source.products()
    assert dress.attributes == {"type": "Dress", **expected}


def test_numbers_among_the_attributes_are_article_numbers(shop, source):
    numbers = [attribute("EAN", "4006381333931"), attribute("MPN", "F-7-S")]
    shop.products = [
        product(7, variant("A", SMALL, *numbers), variant(None, MEDIUM, externalReference="E-2"))
    ]
    (dress,) = source.products()
    assert dress.article_numbers == {"sku": ["A", "E-2"], "gtin": ["4006381333931"], "mpn": ["F-7-S"]}
    assert set(dress.attributes) == {"type", "sizes"}


def test_ancestors_are_in_the_order_of_their_levels(shop, source):
    shuffled = category("Clothing", "Women", "Dresses")
    shuffled["ancestors"]["edges"].reverse()
    shop.products = [product(7, category=shuffled), product(8, category=None)]
    assert [row.category_path for row in source.products()] == ["Clothing > Women > Dresses", ""]


@pytest.mark.parametrize(
    ("description", "text"),
    [
        (None, ""),
        ("{}", ""),
        ("[]", ""),
        ("not JSON", ""),
        ("[" * 100_000, ""),
        (document({"type": "header", "data": {"text": "Care", "level": 2}}), "Care"),
        (document({"type": "list", "data": {"style": "unordered", "items": ["Cold", "Dry"]}}), "Cold\n\nDry"),
        (
            document(
                {"type": "list", "data": {"items": [{"content": "Cold", "items": [{"content": "30°"}]}]}}
            ),
            "Cold\n\n30°",
        ),
        (document({"type": "image", "data": {"file": {"url": "https://f.example/7.jpg"}}}), ""),
    ],
)
def test_a_description_is_the_text_of_its_blocks(description, text):
    assert text_of(description) == text


def test_a_product_that_cannot_be_read_is_rejected_and_the_next_one_read(shop, source):
    shop.products = [product(7, category={"name": "Dresses", "ancestors": None}), product(8)]
    rejected, dress = source.products()
    assert isinstance(rejected, Rejected)
    assert (rejected.external_id, dress.external_id) == (SEVEN, gid(8))
