"""What a text states becomes filters with chips; words that describe a look stay in it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.parser import ParsedQuery, Vocabulary, parse_query
from search.query import Chip, Filters
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "values", "label"),
    [
        ("shirt for men", ("Men", "Unisex"), "Men"),
        ("men's shirt", ("Men", "Unisex"), "Men"),
        ("woman's dress", ("Women", "Unisex"), "Women"),
        ("a man’s shirt", ("Men", "Unisex"), "Men"),
        ("ladies dress", ("Women", "Unisex"), "Women"),
        ("a gift for her", ("Women", "Unisex"), "Women"),
        ("Hose für Herren", ("Men", "Unisex"), "Men"),
        ("shorts for boys", ("Boys",), "Boys"),
    ],
)
def test_a_gender_becomes_a_filter_and_stays_in_the_text(text, values, label):
    parsed = parse(text)
    assert parsed.filters.gender == values
    assert [chip.value for chip in parsed.chips] == [label]
    assert parsed.text == text


@pytest.mark.parametrize(
    "text",
    ["her shirt", "shirt for men and women", "doodle boy shirt", "girls dress", "women or men", "man bag"],
)
def test_anything_but_one_clear_gender_is_no_filter(text):
    assert parse(text).filters.gender == ()


def test_a_catalogue_without_genders_filters_by_none():
    assert parse_query("shirt for men", Vocabulary.of(colour=("Red",))).filters == Filters()


def test_a_chip_names_the_filter_and_its_words():
    assert parse("Red dress for women under 50, no logos").chips == (
        Chip("price_max", "50", "under 50"),
        Chip("exclude", "logos", "no logos"),
        Chip("gender", "Women", "women"),
        Chip("colour", "Red", "Red"),
    )


@pytest.mark.parametrize(
    "text", ["red dress for women under 50 not nike", "white t-shirt in stock", "shirt without logos"]
)
def test_removing_a_chip_removes_its_filter(text):
    for chip in parse(text).chips:
        again = parse(text, ignore=(f"{chip.field}:{chip.value}".lower(),))
        assert again.chips == tuple(other for other in parse(text).chips if other != chip)
        assert (again.filters, again.excluded, again.unwanted) != (
            parse(text).filters,
            parse(text).excluded,
            parse(text).unwanted,
        )


def test_taken_literally_the_text_stays_as_it_is():
    text = "red dress for women under 50, not blue"
    assert parse(text, ignore=("all",)) == ParsedQuery(text=text)


def test_the_exclude_field_lists_things():
    parsed = parse("dress", exclude="red, logos and nike")
    assert parsed.text == "dress"
    assert parsed.excluded == Filters(colour=("Red",), exact_colour=True, brand=("Nike",))
    assert parsed.unwanted == ("logos",)
    assert [(chip.field, chip.value) for chip in parsed.chips] == [
        ("exclude", "Red"),
        ("exclude", "logos"),
        ("exclude", "Nike"),
    ]


def test_the_exclude_field_counts_when_the_text_is_taken_literally():
    parsed = parse("not blue dress", ignore=("all",), exclude="red")
    assert parsed.excluded == Filters(colour=("Red",), exact_colour=True)


def test_the_shoppers_choice_overrides_the_text():
    parsed = parse("red dress for women under 50")
    chosen = Filters(colour=("Blue",), price_min=Decimal(60), brand=("Puma",))
    assert parsed.narrow(chosen) == Filters(
        colour=("Blue",), gender=("Women", "Unisex"), price_min=Decimal(60), brand=("Puma",)
    )


def test_stock_becomes_a_filter():
    parsed = parse("white t-shirt in stock")
    assert parsed.filters.in_stock
    assert parsed.text == "white t-shirt"


def test_without_drops_one_field():
    parsed = parse("red dress under 50").without("colour")
    assert parsed.filters == Filters(price_max=Decimal(50))
    assert [chip.field for chip in parsed.chips] == ["price_max"]


phrases = st.lists(
    st.sampled_from(
        [
            "red",
            "blue",
            "not",
            "no",
            "without",
            "dress",
            "shoes",
            "under",
            "over",
            "50",
            "20",
            "€",
            "for",
            "men",
            "women",
            "and",
            "or",
            "but",
            ",",
            ".",
            "-red",
            "in",
            "-",
            "navy",
            "from",
            "to",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(text=st.one_of(st.text(max_size=60), phrases), exclude=st.one_of(st.just(""), phrases))
def test_any_text_can_be_parsed(text, exclude):
    parsed = parse(text, exclude=exclude)
    assert parsed.narrow(Filters()) == parsed.filters
    assert len({(chip.field, chip.value, chip.words) for chip in parsed.chips}) == len(parsed.chips)


@given(text=phrases)
def test_without_any_chip_nothing_is_filtered(text):
    chips = parse(text).chips
    again = parse(text, ignore=tuple(f"{chip.field}:{chip.value}" for chip in chips))
    for _round in range(5):
        chips = (*chips, *again.chips)
        again = parse(text, ignore=tuple(f"{chip.field}:{chip.value}" for chip in chips))
    assert again.filters == again.excluded == Filters()
    assert again.unwanted == ()
