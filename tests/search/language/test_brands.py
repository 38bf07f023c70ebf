"""Names of brands that shoppers know, in a shop that does not have them."""

from decimal import Decimal

import pytest

from search.language.brands import missing_brands, without
from search.language.parser import Vocabulary, parse_query
from search.query import Filters
from tests.search.language.parsing import parse


def missing(text, *carried):
    return missing_brands(text, lambda name: name.casefold() in carried)


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("H&M jacket", ["H&M"]),
        ("h & m", ["h & m"]),
        ("dress by Zara, red", ["Zara"]),
        ("marks and spencer bra", ["marks and spencer"]),
        ("Levi's jeans or Calvin Klein jeans", ["Levi's", "Calvin Klein"]),
        ("red dress", []),
        ("off white shirt", []),
        ("", []),
    ],
)
def test_brands_are_found_as_they_are_written(text, brands):
    assert missing(text) == brands


def test_a_brand_that_the_shop_has_is_not_missing():
    assert missing("nike or puma shoes", "nike") == ["puma"]


def test_a_text_without_its_brands_is_what_is_left_to_look_for():
    assert without("H&M jacket in red", ["H&M"]) == "jacket in red"
    assert without("zara", ["zara"]) == ""


def test_a_brand_is_taken_out_where_it_stands_as_a_word():
    assert without("roxyfied shirt roxy", ["roxy"]) == "roxyfied shirt"


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("puma or nike shoes", ["puma", "nike"]),
        ("puma, nike and adidas shoes", ["puma", "nike", "adidas"]),
        ("puma/nike shoes", ["puma", "nike"]),
        ("shoes by nike", ["nike"]),
        ("shoes from puma or nike", ["puma", "nike"]),
        ("shoes not nike", ["nike"]),
        ("Schuhe von Nike", ["Nike"]),
    ],
)
def test_what_joins_and_leads_to_a_brand_goes_with_it(text, brands):
    assert missing(text) == brands
    assert without(text, brands).casefold() in ("shoes", "schuhe")


def test_a_joiner_of_other_things_stays():
    assert without("red dress and zara shirt", ["zara"]) == "red dress and shirt"


@pytest.mark.parametrize(
    ("text", "brands", "left"),
    [
        ("puma or nike shoes", ("Puma", "Nike"), "shoes"),
        ("puma and nike shoes", ("Puma", "Nike"), "shoes"),
        ("shoes by nike / red tape", ("Nike", "Red Tape"), "shoes"),
        ("puma, nike or red tape", ("Puma", "Nike", "Red Tape"), ""),
        ("cheap puma or nike shoes", ("Puma", "Nike"), "cheap shoes"),
        ("cheap puma/nike shoes", ("Puma", "Nike"), "cheap shoes"),
        ("puma shoes and nike socks", ("Puma", "Nike"), "shoes and socks"),
        ("Schuhe von Puma oder Nike", ("Puma", "Nike"), "Schuhe"),
    ],
)
def test_joined_brands_are_alternatives(text, brands, left):
    parsed = parse(text)
    assert parsed.filters == Filters(brand=brands, exact_colour=True)
    assert [chip.value for chip in parsed.chips] == list(brands)
    assert parsed.text == left


@pytest.mark.parametrize("text", ["puma shoes", "puma nike shoes", "puma shoes with nike", "red tape, puma"])
def test_brands_that_nothing_joins_are_left_to_the_words(text):
    assert parse(text).filters.brand == ()


def test_a_brand_that_is_taken_back_is_left_to_the_words():
    parsed = parse("puma or nike shoes", ignore=("brand:Nike",))
    assert (parsed.filters.brand, parsed.text) == (("Puma",), "nike shoes")


@pytest.mark.parametrize(
    ("text", "low", "high", "left"),
    [
        ("Fisher-Price under 50", None, "50", "Fisher-Price"),
        ("fisher price toys under 50", None, "50", "fisher price toys"),
        ("under 50 Fisher Price", None, "50", "Fisher Price"),
        ("grand prix 20-40", None, None, "grand prix 20-40"),
        ("Grand Prix 20-40 €", "20", "40", "Grand Prix"),
        ("grand prix price 20-40", "20", "40", "grand prix"),
    ],
)
def test_the_name_of_a_brand_is_no_word_for_a_price(text, low, high, left):
    parsed = parse_query(text, Vocabulary.of(brand=("Fisher-Price", "Grand Prix")))
    limits = (parsed.filters.price_min, parsed.filters.price_max)
    assert (*limits, parsed.text) == (low and Decimal(low), high and Decimal(high), left)


def test_a_word_joined_by_a_hyphen_is_of_a_name():
    assert parse("Fisher-Price under 50").text == "Fisher-Price"
