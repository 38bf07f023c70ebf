"""Cells that say nothing, or say it as programs do."""

import json
import time
from contextlib import suppress
from decimal import Decimal

import pytest

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.lists import listed
from catalog.sources.feeds.values.prices import parse_price
from catalog.sources.feeds.values.stock import read_availability, read_quantity


def row(**cells):
    return {"id": "1", "title": "Dress", "price": "100.00", **cells}


@pytest.mark.parametrize("text", ["NULL", "n/a", "-", "none", "never", "2099/12/31", "9999-12-31"])
def test_an_expiry_of_nothing_or_far_away_shows(export, text):
    products, skipped, rejected, notes = export(row(expiration_date=text))
    assert (set(products), skipped, rejected) == ({"1"}, {}, [])
    assert "neither" not in notes


def test_an_expiry_with_the_year_first_hides_once_it_is_over(export):
    _products, skipped, *_ = export(row(expiration_date="2019/12/31"))
    assert skipped == {"1": "expired"}


@pytest.mark.parametrize("column", ["post_password", "status", "published", "archived"])
@pytest.mark.parametrize("text", ["NULL", "n/a", "-"])
def test_a_word_for_an_empty_cell_hides_nothing(export, column, text):
    products, _skipped, _rejected, notes = export(row(**{column: text}))
    assert set(products) == {"1"}
    assert "neither" not in notes


@pytest.mark.parametrize("column", ["publish_date", "expiration_date"])
def test_a_day_that_nobody_can_read_is_reported_and_hides_nothing(export, column):
    products, _skipped, rejected, notes = export(row(**{column: "Spring 2019"}))
    assert (set(products), rejected) == ({"1"}, [])
    assert f"Column {column}: 'Spring 2019' says neither" in notes


def test_sale_dates_of_nothing_leave_the_sale_on(export):
    dates = {"special_price_from_date": "n/a", "special_price_to_date": "NULL"}
    products, _skipped, rejected, _notes = export(row(sale_price="80.00", **dates))
    assert not rejected
    assert products["1"].price == Decimal("80.00")


@pytest.mark.parametrize("text", ["out_of_stock", "OutOfStock", "sold-out", "Unavailable", "Nicht verfügbar"])
@pytest.mark.parametrize("column", ["status", "product_status", "item_status"])
def test_a_status_without_stock_is_not_in_stock(export, column, text):
    products, *_ = export(row(**{column: text}))
    assert not products["1"].in_stock


@pytest.mark.parametrize("column", ["status", "visibility", "publish_status"])
@pytest.mark.parametrize("text", ["0", "false", "No", "FALSCH"])
def test_a_status_of_no_hides(export, column, text):
    products, skipped, *_ = export(row(**{column: text}))
    assert not products
    assert set(skipped) == {"1"}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("state", "NE"),
        ("state", "new"),
        ("state", "used"),
        ("status", "1"),
        ("status", "N"),
        ("condition", "No"),
        ("sold", "No"),
        ("sale_ends", "2019-01-01"),
    ],
)
def test_a_word_that_does_not_speak_of_being_shown_hides_nothing(export, column, text):
    products, *_ = export(row(**{column: text}))
    assert products["1"].in_stock


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (r'["https:\/\/shop.example\/1.jpg"]', ["https://shop.example/1.jpg"]),
        ('["Ivory", null, ""]', ["Ivory"]),
        ("['Ivory', 'Tan']", ["Ivory", "Tan"]),
        ("[38, 40]", ["38", "40"]),
        ("[]", []),
        ("[S, M]", ["S", "M"]),
        ("[Sale] Dress", ["[Sale] Dress"]),
    ],
)
def test_lists_of_several_languages_are_read(text, parts):
    assert listed(text) == parts


def test_a_price_object_without_a_price_states_none(look):
    record = {"id": 7, "title": "Scarf", "price": {"amount": None, "currencyCode": "GBP"}}
    products, rejected, _notes = look(json.dumps(record))
    assert not rejected
    assert products[0].price is None


def test_a_price_object_in_a_notation_of_its_own_is_refused(look):
    price = {"units": "12", "nanos": 500_000_000, "currencyCode": "GBP"}
    products, rejected, _notes = look(json.dumps({"id": 7, "title": "Scarf", "price": price}))
    assert not products
    assert "is not one amount" in rejected[0].problem


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("29.95 incl. 20% VAT USD", "USD"),
        ("29.95 (incl. 20% VAT) £", "GBP"),
        ("29,95 € (inkl. 19% MwSt., zzgl. Versandkosten)", "EUR"),
        ("29,95 inkl. 19% MwSt. zzgl. Versandkosten", ""),
    ],
)
def test_a_currency_after_the_rate_of_a_tax_counts(text, currency):
    price = parse_price(text)
    assert (price.amount, price.currency) == (Decimal("29.95"), currency)


@pytest.mark.parametrize(
    ("text", "in_stock"),
    [
        ("In stock in 3 weeks", False),
        ("auf Lager in 2 Wochen", False),
        ("In stock again in 10 days", False),
        ("In stock, 3-5 days", True),
        ("in stock (24h)", True),
        ("Lieferbar in 2 Wochen", True),
        ("> 0", True),
    ],
)
def test_stock_of_another_day_is_none(text, in_stock):
    assert read_availability(text) == (in_stock, None)


def test_more_than_none_is_not_none():
    assert read_quantity("> 0") is None


@pytest.mark.parametrize("read", [parse_price, read_availability, read_quantity])
@pytest.mark.parametrize("text", ["1" + " " * 200_000 + "%", "x" + " ," * 100_000 + "y", "(" * 200_000 + "%"])
def test_a_long_cell_is_read_at_once(read, text):
    started = time.process_time()
    with suppress(InvalidProduct):
        read(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("escaped", ["&", "&amp;", "&#38;", "&#x26;"])
def test_parameters_of_addresses_stay_as_they_are(export, escaped):
    """HTML takes "&currency" for a sign of currency, and "&region" for that of a registered trademark."""
    link = escaped.join(("https://shop.example/p?variant=39", "currency=EUR", "region=de", "copy=2"))
    products, *_ = export(row(link=link, image_link=link.replace("/p?", "/p.jpg?")))
    whole = "https://shop.example/p?variant=39&currency=EUR&region=de&copy=2"
    assert products["1"].url == whole
    assert products["1"].images == (whole.replace("/p?", "/p.jpg?"),)


def test_an_address_longer_than_its_column_is_none(export):
    """Cut, it would lead elsewhere."""
    products, *_ = export(row(link=f"https://shop.example/{'a' * 1000}"))
    assert products["1"].url == ""
