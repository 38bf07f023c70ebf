"""An age tells children's things from adults', and whose a nephew's are; it is neither a size nor a price."""

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import TRANSLATE_ALL

VOCABULARY = Vocabulary.of(
    category=("Shirts", "Casual Shoes", "Dresses"),
    gender=("Men", "Women", "Unisex", "Boys", "Girls"),
    size=("6", "8", "38"),
)
SIZED_BY_AGE = Vocabulary.of(category=("Shirts",), gender=("Men", "Boys"), size=("8-9 years",))
ADULTS_ONLY = Vocabulary.of(category=("Shirts",), gender=("Men", "Women"))


def parse(text, vocabulary=VOCABULARY):
    return parse_query(text, vocabulary, translator=TRANSLATE_ALL)


@pytest.mark.parametrize(
    ("text", "gender", "left"),
    [
        ("gift for my 8 year old nephew", ("Boys",), "gift for my nephew"),
        ("gift for my 8 y/o nephew", ("Boys",), "gift for my nephew"),
        ("for my 6 year old niece", ("Girls",), "for my niece"),
        ("dress for a three-year-old girl", ("Girls",), "dress for a girl"),
        ("shirt for my eight year old little brother", ("Boys",), "shirt for my little brother"),
        ("shirt for my son who is 7", ("Boys",), "shirt for my son"),
        ("dress for a girl aged 4 for a wedding", ("Girls",), "dress for a girl for a wedding"),
        ("shoes for my 6 months old grandson", ("Boys",), "shoes for my grandson"),
        ("shirt for boy 7 years", ("Boys",), "shirt for boy"),
        ("toddler girl", ("Girls",), "toddler girl"),
        ("shirt for my 25 year old son", ("Men", "Unisex"), "shirt for my son"),
        ("dress for my 40 year old wife", ("Women", "Unisex"), "dress for my wife"),
        ("Kleid für meine 6-jährige Nichte", ("Girls",), "dress for my niece"),
        ("Hemd für meinen 8 Jahre alten Neffen", ("Boys",), "shirt for my nephew"),
        ("Hemd für meinen achtjährigen Sohn", ("Boys",), "shirt for my son"),
    ],
)
def test_an_age_says_whose_things_are_meant(text, gender, left):
    parsed = parse(text)
    assert (parsed.filters.in_use(), parsed.text) == ({"gender": list(gender)}, left)


@pytest.mark.parametrize(
    "text",
    [
        # A son may be of any age.
        *("shirt for my son", "dress for my teenage daughter", "8 year old shirt", "toddler"),
        *("shirt for my nephew with 2 years warranty", "big sister tee", "shoes for a 6-year-old"),
        *("under 16 year old girl dress", "14 to 16 years girls dress", "12 - 16 year old boy shirt"),
        *("boy london 2 year old tee", "8 year old girl and 6 year old boy"),
    ],
)
def test_where_it_is_open_whose_things_are_meant_nothing_is_a_filter(text):
    parsed = parse(text)
    assert (parsed.filters.gender, parsed.text) == ((), text)


def test_a_child_s_age_beside_a_grown_up_is_of_something_else():
    parsed = parse("gift for my wife 10 year anniversary")
    assert (parsed.filters.gender, parsed.text) == (
        ("Women", "Unisex"),
        "gift for my wife 10 year anniversary",
    )


def test_a_shop_without_things_for_children_shows_a_child_no_filter():
    assert parse("shirt for my 8 year old brother", ADULTS_ONLY).filters.gender == ()


def test_where_sizes_are_ages_an_age_says_for_whom_and_which_size():
    filters = parse("shirt for my 8 year old nephew", SIZED_BY_AGE).filters
    assert (filters.gender, filters.size) == (("Boys",), ("8-9 years",))
