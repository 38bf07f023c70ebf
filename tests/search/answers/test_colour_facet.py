"""The facet of colours counts families; a shop's own words are shown, and stay filters."""

import pytest

from search import retrieval
from search.query import Filters, SearchQuery
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.shop import COLOURS, NOW, reindex

pytestmark = pytest.mark.django_db

WORDS = {
    "Blue": 1,
    "Navy Blue": 2,
    "Marineblau": 1,
    "bleu ciel": 1,
    "Dusty Rose": 2,
    "Off-White": 1,
    "Black/White": 1,
    "Navy & Gold": 1,
    "Teal": 1,
    "Galaxy": 1,
    "Multi": 1,
}


@pytest.fixture
def shades(db, colour_encoder):
    for word, count in WORDS.items():
        for number in range(count):
            product = ProductFactory(title=f"Dress {number} {word}", colour=word, category="Dress")
            ProductImageFactory(product=product, position=0, kept=True, colour=COLOURS["blue"])
    reindex(colour_encoder)


def ask(text="dress", *, colour=(), **fields):
    query = SearchQuery(text=text, filters=Filters(colour=tuple(colour)), top_k=60, **fields)
    return retrieval.search(query, user=None, now=NOW, track=False, log=False)


def words(result):
    return sorted(hit.product.colour for hit in result.hits)


def counts(result):
    return {each.value: each.count for each in result.facets.colour}


def test_a_facet_counts_the_families_of_the_shops_words_and_those_that_no_family_claims(shades):
    assert counts(ask()) == {
        "Blue": 7,
        "Pink": 2,
        "White": 2,
        "Black": 1,
        "Gold": 1,
        "Green": 1,
        "Galaxy": 1,
        "Multi": 1,
    }


def test_a_family_finds_all_of_its_shades_each_in_the_shops_own_word(shades):
    assert words(ask(colour=["blue"])) == sorted(
        ["Blue", "Navy Blue", "Navy Blue", "Marineblau", "bleu ciel", "Navy & Gold", "Teal"]
    )


@pytest.mark.parametrize("value", ["Blau", "bleu", "BLUE"])
def test_a_family_has_its_name_in_every_language(shades, value):
    result = ask(colour=[value])
    assert result.total == 7
    assert [each.value for each in result.facets.colour if each.selected] == ["Blue"]


@pytest.mark.parametrize("value", ["Navy Blue", "navy-blue", "Black/White", "Galaxy"])
def test_a_shops_own_word_is_a_filter_of_exactly_that_word(shades, value):
    assert {word.casefold() for word in words(ask(colour=[value]))} == {value.casefold().replace("-", " ")}


def test_a_word_that_was_chosen_stands_in_the_facet_with_its_own_count(shades):
    result = ask(colour=["Navy Blue", "Pink"])
    assert {each.value for each in result.facets.colour if each.selected} == {"Navy Blue", "Pink"}
    assert (counts(result)["Navy Blue"], counts(result)["Blue"], result.total) == (2, 7, 4)


def test_a_colour_that_the_words_name_is_the_shops_own_and_its_facet_offers_the_families(shades):
    result = ask("navy blue dress")
    assert set(words(result)) == {"Navy Blue"}
    assert counts(result) == counts(ask())
    assert ask("navy blue dress", colour=["Blue"]).total == counts(result)["Blue"]


def test_no_colour_that_is_not_wanted_takes_its_whole_family_with_it(shades):
    left = set(words(ask("dress", exclude="blue")))
    assert left >= {"Teal", "Dusty Rose"}
    assert not left & {"Blue", "Navy Blue"}


def test_an_attribute_named_colour_takes_families_as_well(shades):
    query = SearchQuery(text="dress", filters=Filters(attribute=("colour:Blau",)))
    assert retrieval.search(query, user=None, now=NOW, track=False, log=False).total == 7
