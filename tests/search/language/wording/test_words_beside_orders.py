"""Words beside an order, or like one: of a thing that is not wanted, of a season, of a name, of a limit."""

import pytest

from tests.search.language.wording.test_orders import PRICE, excluded, parse


@pytest.mark.parametrize(
    "text",
    [
        "i don't want the most expensive dress",
        "dont want the most expensive dress",
        "don't show me the cheapest dress",
    ],
)
def test_an_order_that_is_not_wanted_excludes_no_thing(text):
    parsed = parse(text)
    assert (parsed.sort, excluded(parsed)) == (None, [])
    assert "dress" in parsed.text


@pytest.mark.parametrize("text", ["best sellers 2026", "new collection 2024", "top 10 best sellers 2026"])
def test_a_year_beside_an_order_is_no_thing(text):
    assert parse(text).is_order_alone


@pytest.mark.parametrize(
    "text",
    [
        "top 10 highest heels",
        "sort by highest heel shoes",
        "top 10 date night dresses",
        "top 10 new look dresses",
        "shoes from lowest to highest heel",
        "dress with highest to lowest hem",
        "best seller first edition",
        "lowest heels",
        "düğün için en uygun elbise",
        "fiyata göre kaliteli elbise",
        "vestidos para os mais novos",
        "ropa para los más nuevos",
    ],
)
def test_what_belongs_to_a_thing_is_no_order(text):
    assert parse(text).sort is None


def test_first_is_of_the_thing_where_one_follows():
    parsed = parse("cheapest first communion dress")
    assert (parsed.sort, parsed.text) == (PRICE, "first communion dress")


@pytest.mark.parametrize(
    "text",
    ["dresses lowest to highest", "sort by highest first", "dresses, highest to lowest", "shoes lowest cost"],
)
def test_at_its_end_a_text_is_ordered_by_them(text):
    assert parse(text).sort is not None


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("jupe plus abordable que 50 euros", None, 50),
        ("vestido mais em conta que 50 euros", None, 50),
        ("vestido mais econômico do que 50 euros", None, 50),
        ("vestido más costoso que 50 euros", 50, None),
        ("vestiti più convenienti di 50 euro", None, 50),
    ],
)
def test_a_comparison_with_an_amount_is_a_limit_and_no_order(text, least, most):
    parsed = parse(text)
    assert (parsed.sort, parsed.filters.price_min, parsed.filters.price_max) == (None, least, most)
