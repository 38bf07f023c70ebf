"""Names of brands that shoppers know, in a shop that does not have them."""

import pytest

from search.language.brands import missing_brands, without


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
    assert without("roxyfied shirt of roxy", ["roxy"]) == "roxyfied shirt of"
