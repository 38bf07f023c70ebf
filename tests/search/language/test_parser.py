"""Stated limits become filters with chips; words that describe a look stay in the text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.parser import ParsedQuery, Vocabulary, parse_query
from search.query import Chip, Filters
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "low", "high", "left"),
    [
        ("dress under 50", None, "50", "dress"),
        ("dress under €49.90", None, "49.90", "dress"),
        ("dress, below 50 EUR please", None, "50", "dress"),
        ("dress for less than 30 dollars", None, "30", "dress"),
        ("from 20 to 40 eur", "20", "40", ""),
        ("jeans between 40 and 20", "20", "40", "jeans"),
        ("jeans 30-60€", "30", "60", "jeans"),
        ("jeans €30 - €60", "30", "60", "jeans"),
        ("jeans 30 € to 60 €", "30", "60", "jeans"),
        ("jeans over 20 under 50", "20", "50", "jeans"),
        ("jeans under 20 over 50", "20", "50", "jeans"),
        ("jeans >= 20", "20", None, "jeans"),
        ("shoes from 20 €", "20", None, "shoes"),
        ("Kleid unter 49,90 €", None, "49.90", "Kleid"),
        ("Kleid von 20 bis 40 Euro", "20", "40", "Kleid"),
        ("Schuhe ab 30 €", "30", None, "Schuhe"),
        ("jeans for 30 or less", None, "30", "jeans"),
        ("jeans $40 and under", None, "40", "jeans"),
        ("jeans 60 eur or more", "60", None, "jeans"),
        ("jeans within 60 euros", None, "60", "jeans"),
        ("jeans, budget 70", None, "70", "jeans"),
        ("jeans under Rs. 500", None, "500", "jeans"),
        ("jeans under USD 50", None, "50", "jeans"),
        ("jeans under 1k", None, "1000", "jeans"),
        ("jeans under 2.5k", None, "2500", "jeans"),
        ("jeans under 1,000", None, "1000", "jeans"),
        ("Jeans bis 1.000,50 €", None, "1000.50", "Jeans"),
        ("Jeans bis 40,- kaufen", None, "40", "Jeans"),
        ("jeans around 20 euros", "15", "25", "jeans"),
        ("Jeans für ca. 30 €", "22.50", "37.50", "Jeans"),
        ("jeans about $50", "37.50", "62.50", "jeans"),
        ("jeans not less than 30", "30", None, "jeans"),
        ("jeans not under 20 and not over 50", "20", "50", "jeans"),
        ("Hemd nicht mehr als 30 €", None, "30", "Hemd"),
        ("chemise pas plus de 30 euros", None, "30", "chemise"),
        ("camicia non più di 30 euro", None, "30", "camicia"),
        ("camisa no menos de 30 euros", "30", None, "camisa"),
        ("€40-60 jeans", "40", "60", "jeans"),
        ("jeans $40–60", "40", "60", "jeans"),
        ("jeans for 50 euros", "37.50", "62.50", "jeans"),
        ("$20 jeans", "15", "25", "jeans"),
        ("Jeans für 50 Euro", "37.50", "62.50", "Jeans"),
        ("jeans max 50", None, "50", "jeans"),
        ("jeans $50+", "50", None, "jeans"),
        ("jeans 50 €+", "50", None, "jeans"),
        ("jeans 50+ euros", "50", None, "jeans"),
        ("jeans, not more expensive than 50", None, "50", "jeans"),
        ("Schuhe nicht teurer als 50 Euro", None, "50", "Schuhe"),
        ("Schuhe billiger als 50", None, "50", "Schuhe"),
        ("Schuhe ab 40", None, None, "Schuhe ab 40"),
        ("Schuhe ab 50 €", "50", None, "Schuhe"),
        ("jeans over 100 or under 50", None, None, "jeans"),
        ("jeans unter 50 oder über 100 Euro", None, None, "jeans"),
    ],
)
def test_a_price_becomes_a_filter_and_leaves_the_text(text, low, high, left):
    parsed = parse(text)
    assert parsed.filters.price_min == (low and Decimal(low))
    assert parsed.filters.price_max == (high and Decimal(high))
    assert parsed.text == left
    assert {chip.field for chip in parsed.chips} == {
        name for name, value in (("price_min", low), ("price_max", high)) if value
    }


@pytest.mark.parametrize(
    "text",
    [
        "tights under 40 denier",
        "levis 501",
        "from 1969",
        "size 20-40",
        "100% cotton",
        "heels under 5cm",
        "heels under 3 inches",
        "air max 90",
        "bag with more than 2 pockets",
        "jacket below 0 degrees",
        'bag max 15.6"',
        "max 3 pairs",
        "delivered within 2 days",
        "jeans around 32",
        "jeans size 40 or more",
        "under",
        "50",
    ],
)
def test_a_number_that_is_no_price_stays_a_word(text):
    assert parse(text) == ParsedQuery(text=text)


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
