"""Columns of prices in every locale, with every sign and separator: never a number that was not meant."""

from collections import Counter
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal, get_currency_precision
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.sources.base import SourceProduct
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW

pytestmark = pytest.mark.fuzz

LOCALES = [
    *("en_US", "en_GB", "en_IN", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CH", "es_ES", "es_MX"),
    *("es_CL", "es_AR"),
    *("pt_BR", "pt_PT", "it_IT", "nl_NL", "pl_PL", "cs_CZ", "hu_HU", "sv_SE", "nb_NO", "da_DK"),
    *("fi_FI", "tr_TR"),
    *("ro_RO", "bg_BG", "el_GR", "ru_RU", "uk_UA", "he_IL", "ja_JP", "zh_CN", "ko_KR", "hi_IN"),
    *("ar_EG", "fa_IR"),
]
CURRENCIES = [
    "EUR",
    "USD",
    "GBP",
    "JPY",
    "CHF",
    "SEK",
    "BRL",
    "INR",
    "KWD",
    "PLN",
    "CLP",
    "AUD",
    "CAD",
    "TRY",
]
SIGNS = ["", "€", "$", "£", "kr", "R$", "US$", "AU $", "zł", "EUR", "usd", "Euro", "US Dollar", "CHF", "Fr."]
amounts = st.lists(
    st.one_of(
        st.decimals(min_value=0, max_value=9_999_999, places=2),
        st.decimals(min_value=0, max_value=99_999, places=3),
        st.integers(min_value=0, max_value=9_999_999).map(Decimal),
        st.integers(min_value=1, max_value=99).map(lambda n: Decimal(n) / 100),
    ),
    min_size=1,
    max_size=6,
)
# Of everything generated in this module: prices that were read, and refused.
outcomes = Counter()


def check(folder, texts, meant):
    """Every row has the price that was meant, none where that is 0, or is refused."""
    path = folder / "feed.tsv"
    rows = (f"{number}\tHat\t{text}\n" for number, text in enumerate(texts))
    path.write_text("id\ttitle\tprice\n" + "".join(rows))
    for row in FeedSource("demo", str(path), now=NOW).products():
        assert row.line >= 2
        if not isinstance(row, SourceProduct):
            outcomes["refused"] += 1
            assert repr(texts[row.line - 2].strip())[1:10] in row.problem or "price" in row.problem
            continue
        outcomes["read"] += 1
        amount = meant[int(row.external_id)]
        is_right = (
            amount < Decimal("0.01") if row.price is None else abs(row.price - amount) <= Decimal("0.005")
        )
        assert is_right, (texts, meant)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    yield tmp_path_factory.mktemp("fuzz")
    # A reader that refuses everything would never be wrong either.
    assert outcomes["read"] > outcomes["refused"]


@settings(max_examples=600)
@given(amounts, st.sampled_from(LOCALES), st.sampled_from(CURRENCIES))
def test_prices_as_a_locale_writes_them(folder, meant, locale, currency):
    # As many decimals as the currency has; what that cuts off was not meant.
    digits = Decimal(1).scaleb(-get_currency_precision(currency))
    rounded = [amount.quantize(digits) for amount in meant]
    check(folder, [format_currency(amount, currency, locale=locale) for amount in rounded], rounded)


@settings(max_examples=600)
@given(
    amounts,
    st.sampled_from(LOCALES),
    st.sampled_from(SIGNS),
    st.booleans(),
    st.sampled_from(["", " ", "\u00a0"]),
)
def test_numbers_of_a_locale_with_any_sign(folder, meant, locale, sign, before, space):
    numbers = [format_decimal(amount, format="#,##0.###", locale=locale) for amount in meant]
    check(folder, [f"{sign}{space}{n}" if before else f"{n}{space}{sign}" for n in numbers], meant)


@settings(max_examples=1000)
@given(
    amounts,
    st.sampled_from(SIGNS),
    st.sampled_from([".", ","]),
    st.sampled_from(["", ",", ".", " ", "'", "’", "\u00a0", "\u202f"]),
    st.booleans(),
    st.sampled_from(["", " "]),
)
def test_any_sign_with_any_separators(folder, meant, sign, decimal, thousands, before, space):
    if thousands == decimal:
        thousands = ""
    marks = str.maketrans({",": thousands, ".": decimal})
    numbers = [f"{amount:,}".translate(marks) for amount in meant]
    check(folder, [f"{sign}{space}{n}" if before else f"{n}{space}{sign}" for n in numbers], meant)


@settings(max_examples=300)
@given(amounts, st.sampled_from([".", ","]))
def test_numbers_without_their_leading_zero(folder, meant, decimal):
    texts = [str(amount).removeprefix("0").replace(".", decimal) or "0" for amount in meant]
    check(folder, texts, meant)
