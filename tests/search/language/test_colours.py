"""Colours in the words of a query: which of them become a filter."""

import pytest

from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        ("red dress", ("Red",)),
        ("dress in red", ("Red",)),
        ("red summer dress", ("Red",)),
        ("same, but in red and long-sleeved", ("Red",)),
        ("something red", ("Red",)),
        ("navy blue dress", ("Navy Blue",)),
        ("Puma Men White T-Shirt", ("White",)),
        ("red or blue dress", ("Red", "Blue")),
        ("red leather shoes for women", ("Red",)),
    ],
)
def test_a_plain_colour_becomes_a_filter_and_stays_in_the_text(text, colours):
    parsed = parse(text)
    assert parsed.filters.colour == colours
    assert parsed.text == text


@pytest.mark.parametrize(
    "text",
    [
        "pink floyd tshirt",
        "red tape shoes",
        "black and white dress",
        "white noise tshirt",
        "brown bear cub print",
        "Puma Men Slim Fit White Printed Polo Tshirt",
    ],
)
def test_a_colour_that_may_mean_something_else_stays_a_word(text):
    assert parse(text).filters.colour == ()


@pytest.mark.parametrize(
    "text",
    [
        "jeans for a white shirt",
        "shorts to go with a red tshirt",
        "tshirt that matches blue jeans",
        "dress with red belt",
        "shirt under a black dress",
    ],
)
def test_the_colour_of_what_a_garment_goes_with_is_no_filter(text):
    assert parse(text).filters.colour == ()


@pytest.mark.parametrize("text", ["red dress with belt", "shorts for men in black", "jeans for men black"])
def test_the_colour_of_the_garment_itself_is_one(text):
    assert len(parse(text).filters.colour) == 1
