"""What other systems' exports say in columns and cells of their own, and what nobody may see."""

from decimal import Decimal

import pytest

from catalog.sources.feeds.values.prices import parse_price
from catalog.sources.feeds.values.stock import read_availability

SHOPIFY = {"Handle": "coat", "Title": "Coat", "Option1 Name": "Title", "Variant Price": "59.00"}


def row(**cells):
    return {"id": "1", "title": "Hat", "price": "49.90", **cells}


def test_what_shopify_leaves_out_of_the_primary_market_is_not_shown(export):
    hat = {**SHOPIFY, "Handle": "hat", "Included / Primary": "FALSE", "Included / International": "TRUE"}
    products, skipped, *_ = export({**SHOPIFY, "Included / Primary": "TRUE"}, hat)
    assert set(products) == {"coat"}
    assert skipped == {"hat": "not in the primary market"}


@pytest.mark.parametrize(
    ("column", "text"), [("publiziert", "nein"), ("product_is_available", "false"), ("Actif (0/1)", "0")]
)
def test_more_columns_say_that_a_product_is_not_shown(export, column, text):
    products, skipped, *_ = export(row(**{column: text}))
    assert not products
    assert set(skipped) == {"1"}


@pytest.mark.parametrize("column", ["price_incl_tax", "Gross price", "Preis brutto", "Price with tax"])
def test_a_price_that_holds_the_tax_counts_before_one_that_does_not_say(export, column):
    products, *_ = export(row(**{column: "59.38"}))
    assert (products["1"].price, products["1"].attributes) == (Decimal("59.38"), {})


def test_a_final_price_is_what_a_shopper_pays(export):
    products, *_ = export(row(final_price="39.90"), row(id="2", final_price="49.90"))
    assert (products["1"].price, products["1"].list_price) == (Decimal("39.90"), Decimal("49.90"))
    assert (products["2"].price, products["2"].list_price) == (Decimal("49.90"), None)


@pytest.mark.parametrize(
    "column", ["cost", "Cost price", "wholesale_price", "EK-Preis", "Meta: _cost_of_goods", "margin"]
)
def test_what_the_shop_itself_pays_is_neither_shown_nor_taken_for_a_price(export, column):
    products, _skipped, _rejected, notes = export(row(**{column: "12.00"}))
    assert products["1"].attributes == {}
    assert "looks like a price" not in notes
    assert f"which nobody is shown: {column}." in notes


@pytest.mark.parametrize(
    "column",
    [
        *(
            "g:custom_label_0",
            "custom_number_4",
            "internal_label[0]",
            "auto_pricing_min_price",
            "ads_redirect",
        ),
        *("g:excluded_destination", "promotion_id", "shipping_label", "tax_category", "pause"),
    ],
)
def test_what_is_meant_for_a_marketplace_alone_is_not_shown(export, column):
    products, _skipped, _rejected, notes = export(row(**{column: "margin 12.00"}))
    assert products["1"].attributes == {}
    assert "looks like a price" not in notes


@pytest.mark.parametrize("column", ["Nettopreis", "price_excl_tax", "Grundpreis", "deliveryCosts_dhl"])
def test_no_report_advises_to_read_another_amount_as_the_price(export, column):
    *_rest, notes = export(row(**{column: "12.00"}))
    assert "looks like a price" not in notes


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("38,5", ["38,5"]),
        ("16,5; 17,0", ["16,5", "17,0"]),
        ("36,37,5,38", ["36", "37,5", "38"]),
        ("36,38,40", ["36", "38", "40"]),
        ("4,5,6", ["4", "5", "6"]),
        ("S, M,L", ["S", "M", "L"]),
    ],
)
def test_half_sizes_stay_whole(export, text, sizes):
    products, *_ = export(row(size=text))
    assert products["1"].attributes["sizes"] == sizes


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("ab 19,99 €", "19.99"),
        ("from €19.99", "19.99"),
        ("à partir de 1 299,00 €", "1299.00"),
        ("9.90/pc", "9.90"),
        ("9,90 € pro Stück", "9.90"),
        ("$9.90 each", "9.90"),
        ("9.90 per pair", "9.90"),
        ("\\12,800", "12800"),
    ],
)
def test_a_least_price_and_that_of_a_piece_are_prices(text, amount):
    assert parse_price(text, currency="JPY" if "\\" in text else "").amount == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["from 19.99 to 24.99", "119,80 €/l", "9.90 per metre", "statt 99,00 € 79,00 €"]
)
def test_two_prices_and_that_of_a_measure_are_none(export, text):
    products, *_rest = export(row(price=text))
    assert not products


@pytest.mark.parametrize(
    ("text", "in_stock"), [("在庫あり", True), ("在庫なし", False), ("売り切れ", False), ("予約", False)]
)
def test_stock_is_read_in_japanese(text, in_stock):
    assert read_availability(text) == (in_stock, None)


def test_the_number_of_a_category_is_no_category(export):
    products, *_ = export(row(categories="20,27"))
    assert products["1"].category == ""


def test_googles_id_counts_before_that_of_an_atom_entry(look):
    entry = "<entry><id>tag:shop,2026:1</id><g:id>A-1</g:id><title>Hat</title></entry>"
    (product,), _rejected, _notes = look(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">'
        + entry
        + "</feed>"
    )
    assert product.external_id == "A-1"


@pytest.mark.parametrize(
    ("main", "outlet", "in_stock", "quantity"),
    [
        ("0", "0", False, 0),
        ("0", "3", True, 3),
        ("2", "3", True, 5),
        ("", "0", False, 0),
        ("", "", True, None),
    ],
)
def test_what_all_locations_have_is_the_stock(export, main, outlet, in_stock, quantity):
    counted = {"Current Quantity Main Street": main, "Current Quantity Outlet": outlet}
    products, *_ = export(row(**counted))
    assert (products["1"].in_stock, products["1"].quantity) == (in_stock, quantity)
