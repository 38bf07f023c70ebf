"""Negated words: values of the catalogue are excluded, other things are unwanted."""

import pytest

from search.language.parser import ParsedQuery
from search.query import Filters
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "excluded", "left"),
    [
        ("dress not red", {"colour": ("Red",)}, "dress"),
        ("not red dress", {"colour": ("Red",)}, "dress"),
        ("dress -red", {"colour": ("Red",)}, "dress"),
        ("dress, not in red, under 50", {"colour": ("Red",)}, "dress"),
        ("dress but not blue", {"colour": ("Blue", "Navy Blue")}, "dress"),
        ("dress not red or blue", {"colour": ("Red", "Blue", "Navy Blue")}, "dress"),
        ("shoes except red and black ones", {"colour": ("Red", "Black")}, "shoes ones"),
        ("Kleid nicht Navy Blue", {"colour": ("Navy Blue",)}, "Kleid"),
        ("shoes without nike", {"brand": ("Nike",)}, "shoes"),
        ("no jeans but dresses", {"category": ("Jeans",)}, "dresses"),
        ("not shorts and not red", {"category": ("Shorts",), "colour": ("Red",)}, ""),
        ("bag not for men", {"gender": ("Men",)}, "bag"),
    ],
)
def test_a_negated_value_of_the_catalogue_is_excluded(text, excluded, left):
    parsed = parse(text)
    assert parsed.excluded == Filters(**excluded, exact_colour=True)
    assert parsed.text == left
    assert parsed.unwanted == ()


def test_what_follows_a_negated_colour_is_still_wanted():
    parsed = parse("not red and long")
    assert parsed.excluded.colour == ("Red",)
    assert parsed.text == "long"


@pytest.mark.parametrize(
    ("text", "unwanted", "left"),
    [
        ("shirt without logos", ("logos",), "shirt"),
        ("shirt ohne Muster", ("muster",), "shirt"),
        ("dress not too short", ("short",), "dress"),
        ("shirt no stripes and no dots", ("stripes", "dots"), "shirt"),
        ("shirt without flower print on the front", ("flower print",), "shirt on the front"),
        ("no sleeves top", ("sleeves",), "top sleeveless"),
        ("dress not sleeveless", ("sleeveless",), "dress"),
    ],
)
def test_any_other_negated_thing_is_unwanted(text, unwanted, left):
    parsed = parse(text)
    assert parsed.unwanted == unwanted
    assert parsed.text == left
    assert parsed.excluded == Filters()


@pytest.mark.parametrize(
    "text", ["no show socks", "no nonsense socks", "not", "no", "knot dress", "dress - long", "-"]
)
def test_what_only_looks_like_a_negation_stays_a_word(text):
    assert parse(text) == ParsedQuery(text=text)
