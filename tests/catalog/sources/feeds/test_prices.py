from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.prices import Price, parse_price


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("15.00 USD", "15.00", "USD"),
        ("1.234,50 EUR", "1234.50", "EUR"),
        ("1,234.50 USD", "1234.50", "USD"),
        ("EUR 12,9", "12.9", "EUR"),
        ("€ 39", "39", "EUR"),
        ("£1,299.00", "1299", "GBP"),
        ("1.234.567 EUR", "1234567", "EUR"),
        ("0.123", "0.123", ""),
        ("12.345 KWD", "12.345", "KWD"),
        ("CHF 1'250.-", "1250", "CHF"),
        ("1 299,00 SEK", "1299.00", "SEK"),
        ("1\u202f299,00\u00a0€", "1299.00", "EUR"),
        ("60.90", "60.90", ""),
        ("12.3450", "12.3450", ""),
    ],
)
def test_it_reads_prices_as_shops_write_them(text, amount, currency):
    assert parse_price(text) == Price(Decimal(amount), currency)


def test_no_price_is_no_price():
    assert parse_price("  ") is None


@pytest.mark.parametrize("text", ["free", "10 - 20 USD", "NaN", "1.2.3,4,5 EUR", "9" * 500, "USD", "1,2.3,4"])
def test_it_refuses_what_is_not_one_amount(text):
    with pytest.raises(InvalidProduct, match="price"):
        parse_price(text)


@given(st.decimals(min_value=0, max_value=9_999_999, places=2), st.sampled_from(["EUR", "USD", "SEK"]))
def test_german_and_english_spellings_mean_the_same(amount, currency):
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert (
        parse_price(f"{english} {currency}") == parse_price(f"{german} {currency}") == Price(amount, currency)
    )


@given(st.text(max_size=80))
def test_any_text_is_a_price_or_refused(text):
    try:
        price = parse_price(text)
    except InvalidProduct:
        return
    assert price is None or price.amount.is_finite()
    assert price is None or price.currency == "" or len(price.currency) == 3
