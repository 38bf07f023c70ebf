"""What spreadsheets and people make of a feed: failed formulas, protected numbers, columns of sizes."""

from decimal import Decimal

import pytest

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.dates import is_date
from catalog.sources.feeds.values.prices import parse_price


def row(**cells):
    return {"id": "1", "title": "Dress", "price": "100.00", **cells}


@pytest.mark.parametrize(
    "text", ["NULL", "N/A", "#N/A", "#REF!", "#VALUE!", "nan", "NaN", r"\N", "#DIV/0!", "#WERT!"]
)
@pytest.mark.parametrize(
    "column",
    ["brand", "color", "category", "description", "gender", "image", "quantity", "availability", "fit"],
)
def test_a_cell_without_a_value_says_nothing(export, column, text):
    products, _skipped, rejected, _notes = export(row(**{column: text}))
    assert not rejected
    plain, *_ = export(row())
    assert products["1"].content_hash() == plain["1"].content_hash()


@pytest.mark.parametrize("column", ["brand", "color", "category", "description", "gender"])
@pytest.mark.parametrize("text", ["-", "--", "none", "n.a."])
def test_a_text_of_a_dash_is_none(export, column, text):
    products, *_ = export(row(**{column: text}))
    found = products["1"]
    assert not any((found.brand, found.colour, found.category, found.description, found.gender))


def test_a_price_whose_formula_failed_is_none(export):
    products, _skipped, rejected, _notes = export(row(price="#REF!"))
    assert not rejected
    assert products["1"].price is None


def test_a_number_that_is_kept_as_text_is_that_text(export):
    products, *_ = export(row(id='="0012"', sku='="0012"', gtin="'4006381333931", title='="Dress"'))
    assert products["0012"].title == "Dress"
    assert products["0012"].article_numbers == {"sku": ["0012"], "gtin": ["4006381333931"]}


def test_an_article_number_has_no_decimals(export):
    products, *_ = export(row(gtin="4006381333931.0"))
    assert products["1"].article_numbers == {"gtin": ["4006381333931"]}


@pytest.mark.parametrize("text", ["(12.00)", "($12.00)", "( 1,200.00 )", "12.00-", "12,00 -", "12.00- EUR"])
def test_an_amount_below_nothing_is_no_price(text):
    with pytest.raises(InvalidProduct, match="is below 0"):
        parse_price(text)


@pytest.mark.parametrize(("text", "amount"), [("19.-", "19"), ("19,- €", "19")])
def test_a_dash_for_no_cents_is_not_below_nothing(text, amount):
    assert parse_price(text).amount == Decimal(amount)


@pytest.mark.parametrize("text", ["$ -", " $-   ", "- €", "–"])
def test_an_amount_of_nothing_as_accountants_write_it_is_no_price(text):
    assert parse_price(text) is None


def test_a_column_for_each_size_states_what_there_is(export):
    products, _skipped, _rejected, notes = export(
        row(XS="", S="3", M="0", L="2"), row(id="2", XS="", S="", M="0", L="")
    )
    first, second = products["1"], products["2"]
    assert first.attributes == {"sizes": ["S", "L"], "sold_out_sizes": ["M"]}
    assert (first.in_stock, first.quantity) == (True, 5)
    assert (second.in_stock, second.attributes) == (False, {"sizes": ["M"]})
    assert "no field" not in notes


def test_a_column_for_each_size_may_say_yes(export):
    products, *_ = export(row(**{"36": "x", "38": "nein", "40": "ja"}))
    assert products["1"].attributes == {"sizes": ["36", "40"], "sold_out_sizes": ["38"]}
    assert (products["1"].in_stock, products["1"].quantity) == (True, None)


def test_two_columns_with_short_names_are_no_sizes(export):
    products, *_ = export(row(s="3", m="1"))
    assert products["1"].attributes == {"s": "3", "m": "1"}


@pytest.mark.parametrize(
    ("text", "there", "sold_out"),
    [
        ('{"S": 3, "M": 0}', ["S"], ["M"]),
        ("S:3;M:0;L:1", ["S", "L"], ["M"]),
        ("S (3), M (0)", ["S"], ["M"]),
        ("36=1|38=0", ["36"], ["38"]),
    ],
)
def test_sizes_with_their_numbers_are_counted(export, text, there, sold_out):
    products, *_ = export(row(sizes=text))
    assert products["1"].attributes == {"sizes": there, "sold_out_sizes": sold_out}


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("//cdn.example/1.jpg", ("https://cdn.example/1.jpg",)),
        ("www.shop.example/1.jpg", ("https://www.shop.example/1.jpg",)),
        ("//cdn.example/1.jpg,//cdn.example/2.jpg", ("https://cdn.example/1.jpg", "https://cdn.example/2.jpg")),
        ('<img alt="x" src="https://a.example/1.jpg">', ("https://a.example/1.jpg",)),
        ('[{"src": "https://a.example/1.jpg"}, {"src": "https://a.example/2.jpg"}]',
         ("https://a.example/1.jpg", "https://a.example/2.jpg")),
        ("https://a.example/1.jpg?w=1&amp;h=2", ("https://a.example/1.jpg?w=1&h=2",)),
    ],
)  # fmt: skip
def test_pictures_are_found_however_they_are_written(export, text, images):
    products, *_ = export(row(image=text))
    assert products["1"].images == images


@pytest.mark.parametrize(
    "end", ["31. Mai 2026", "31 May 2026", "May 31, 2026", "31-May-2026", "31 de mayo de 2026", "46173"]
)
def test_a_sale_may_end_on_a_day_in_words_or_in_a_spreadsheets_number(export, end):
    products, *_ = export(row(sale_price="80.00", sale_end_date=end))
    assert products["1"].price == Decimal("80.00")


@pytest.mark.parametrize("text", ["31 Nonsense 2026", "Spring 2019", "12345", "99999"])
def test_words_and_numbers_that_are_no_day_stay_none(text):
    assert not is_date(text)
