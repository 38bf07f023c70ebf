"""A price of 0 is a sample, or one that nobody typed: no shopper is told that something is free."""

from decimal import Decimal

import pytest

from catalog.sources.base import SourceProduct
from catalog.sources.variants import Style, Variant, products

SHOPIFY = {"Handle": "wrap", "Title": "Wrap", "Option1 Name": "Size"}


@pytest.mark.parametrize("text", ["0", "0.00", "0,00 €", "USD 0.00", "0.-", "0.001"])
def test_a_price_of_nothing_is_no_price(export, text):
    found, _skipped, rejected, _notes = export({"id": "1", "title": "Dress", "price": text})
    assert not rejected
    assert (found["1"].price, found["1"].currency) == (None, "")


def test_the_report_counts_prices_of_nothing(export):
    *_rest, notes = export(
        {"id": "1", "title": "Dress", "Price": "0.00"}, {"id": "2", "title": "Hat", "Price": "5.00"}
    )
    assert "Column Price: 1 row states a price of 0, which counts as none" in notes


def test_a_sale_counts_beside_a_price_of_nothing(export):
    found, *_ = export({"id": "1", "title": "Dress", "price": "0.00", "sale_price": "40.00"})
    assert (found["1"].price, found["1"].list_price) == (Decimal("40.00"), None)


def test_a_sale_in_another_currency_than_a_price_of_nothing_is_none(export):
    found, *_ = export({"id": "1", "title": "Dress", "price": "0.00 EUR", "sale_price": "40.00 USD"})
    assert found["1"].price is None


def test_a_price_before_is_not_shown_without_a_price(export):
    found, *_ = export({"id": "1", "title": "Dress", "price": "0", "list_price": "59.00"})
    assert (found["1"].price, found["1"].list_price) == (None, None)


def test_a_variant_without_a_price_is_not_the_cheapest(export):
    found, *_ = export(
        {**SHOPIFY, "Option1 Value": "S", "Variant Price": "0.00"},
        {"Handle": "wrap", "Title": "", "Option1 Value": "M", "Variant Price": "45.00"},
    )
    assert found["wrap"].price == Decimal("45.00")


def test_a_size_of_a_feed_without_a_price_is_not_the_cheapest(export):
    size = {"title": "Tee", "item_group_id": "g", "color": "Red"}
    found, *_ = export(
        {**size, "id": "1", "size": "S", "price": "0 EUR"},
        {**size, "id": "2", "size": "M", "price": "20 EUR"},
    )
    assert found["g-red"].price == Decimal("20.00")


def test_a_shops_api_that_states_nothing_states_no_price():
    style = Style(external_id="7", title="Scarf", line=1, currency="EUR")
    (row,) = products(style, [Variant({}, "0.00", "10.00", in_stock=True, quantity=None)])
    assert isinstance(row, SourceProduct)
    assert (row.price, row.list_price, row.currency) == (None, None, "")
