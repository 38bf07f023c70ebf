"""JSON Lines whose records hold variants, or prices in the smallest unit."""

import json
from decimal import Decimal

import pytest


def lines(*records):
    return "".join(f"{json.dumps(record)}\n" for record in records)


def jeans(*variants, **fields):
    return {
        "id": 7,
        "title": "Jeans",
        "brand": "Fern",
        "image": "j.jpg",
        **fields,
        "variants": list(variants),
    }


def test_sizes_of_one_record_are_one_product(look):
    small = {"sku": "J-30", "size": "30", "price": "79.00", "compare_at_price": "99.00", "stock": 2}
    large = {"sku": "J-32", "size": "32", "price": "79.00", "stock": 0}
    (product,), rejected, _notes = look(lines(jeans(small, large, color="Indigo")))
    assert not rejected
    assert (product.item_group_id, product.title, product.colour) == ("7", "Jeans", "Indigo")
    assert (product.price, product.list_price, product.in_stock) == (Decimal(79), Decimal(99), True)
    assert product.attributes["sizes"] == ["30"]
    assert product.attributes["sold_out_sizes"] == ["32"]


def test_variants_without_sizes_are_products_of_one_style_each_with_its_price(look):
    red = {"id": 71, "title": "Red", "color": "Red", "price": "19.00", "image": "red.jpg"}
    blue = {"id": 72, "title": "Blue", "color": "Blue", "price": "21.00"}
    products, rejected, _notes = look(lines(jeans(red, blue)))
    assert not rejected
    assert {each.external_id: (each.title, each.price, each.images) for each in products} == {
        "71": ("Jeans", Decimal(19), ("red.jpg",)),
        "72": ("Jeans", Decimal(21), ("j.jpg",)),
    }
    assert {each.item_group_id for each in products} == {"7"}


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ([{"name": "Size"}, {"name": "Color"}], {"option1": "S", "option2": "Navy"}),
        (["Size", "Color"], {"option1": "S", "option2": "Navy"}),
        (None, {"selectedOptions": [{"name": "Size", "value": "S"}, {"name": "Color", "value": "Navy"}]}),
        (None, {"options": {"Size": "S", "Color": "Navy"}}),
    ],
)
def test_a_variant_names_its_size_and_colour_in_several_ways(look, options, chosen):
    record = jeans({"id": 71, "price": "19.00", **chosen}, options=options)
    (product,), _rejected, _notes = look(lines(record))
    assert (product.external_id, product.colour, product.price) == ("7", "Navy", Decimal(19))
    assert product.attributes["sizes"] == ["S"]


@pytest.mark.parametrize(
    ("price", "meant"),
    [
        ({"amount": 4999, "currency": "EUR", "precision": 2}, Decimal("49.99")),
        ({"centAmount": 1950, "currencyCode": "EUR", "fractionDigits": 2}, Decimal("19.50")),
        ({"amount": "4900", "currency": "JPY", "precision": 0}, Decimal(4900)),
        ({"amount": "49.99", "currency": "EUR", "precision": 2}, Decimal("49.99")),
        ({"amount": 49, "currency": "EUR"}, Decimal(49)),
    ],
)
def test_an_amount_in_cents_is_read_as_such(look, price, meant):
    (product,), rejected, _notes = look(lines({"id": 1, "title": "Hat", "price": price}))
    assert not rejected
    assert product.price == meant


def test_cents_of_which_nobody_says_how_many_make_a_whole_are_refused(look):
    record = {"id": 1, "title": "Hat", "price": {"centAmount": 1950, "currencyCode": "EUR"}}
    products, (rejected,), _notes = look(lines(record))
    assert not products
    assert "centAmount" in rejected.problem
