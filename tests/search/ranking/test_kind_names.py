"""The head of the words names the kind that is asked for; what stands in a complement is not asked for."""

import numpy as np
import pytest

from search.language.lexicon import USUAL_NAMES
from search.ranking.kind_names import Phrase, named_as
from tests.search.ranking.kinds_shop import labels, read, shop_categories


@pytest.fixture(scope="module")
def categories():
    return shop_categories()


def head(categories, text):
    return labels(categories, Phrase.read(text, categories, {"frock": ("dress",)}).rows)


OUTERWEAR = {"Coats": 8, "Puffer Jackets": 7, "Blazers": 8}
SHOP = {**OUTERWEAR, "Shirts": 20, "Tshirts": 20, "Hoodies": 8, "Kurtas": 8, "Leggings": 8, "Chinos": 8}


@pytest.fixture(scope="module")
def with_jackets():
    paths = {kind: f"Jackets > {kind}" for kind in OUTERWEAR}
    return shop_categories(SHOP, paths | {"Chinos": "Trousers > Chinos"})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("puffer", ["Puffer Jackets"]),
        ("down jacket", ["Puffer Jackets"]),
        ("bomber jacket", ["Jackets"]),
        ("parka", ["Jackets"]),
        ("overcoat", ["Coats"]),
        ("blazer", ["Blazers"]),
        ("polo", ["Tshirts", "Shirts"]),
        ("polo shirt", ["Tshirts", "Shirts"]),
        ("t-shirt", ["Tshirts"]),
        ("waistcoat", ["Blazers"]),
        ("tracksuit", ["Hoodies"]),
    ],
)
def test_an_everyday_name_names_what_stands_first_and_no_broader_step_behind_it(with_jackets, text, kinds):
    assert named_as(text, with_jackets, USUAL_NAMES)[0] == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("shirt and chinos combo", {"Shirts", "Chinos"}),
        ("kurta and leggings set", {"Kurtas", "Leggings"}),
        ("kurta and leggings", {"Kurtas", "Leggings"}),
        ("leggings set", {"Leggings"}),
        ("wetsuit", set()),
        ("mini jacket hooded", {"Coats", "Puffer Jackets", "Blazers"}),
        ("hooded", {"Hoodies"}),
    ],
)
def test_sets_hold_every_garment_and_a_garment_is_not_its_last_letters(with_jackets, text, kinds):
    assert labels(with_jackets, Phrase.read(text, with_jackets, USUAL_NAMES).rows) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "I'm going to a red wedding in June and need a dress",
        "going to the beach in my tights, need a dress",
        "I have rain boots from London and I am looking for a dress with dots",
        "I'd like something for the party, maybe I want to buy a dress",
        "the dress that I need for a party in the tights",
        "a dress for the shirt I want to wear",
    ],
)
def test_what_is_needed_may_stand_behind_what_it_is_for(categories, text):
    assert head(categories, text) == {"Dresses"}


@pytest.mark.parametrize("text", ["minidress", "red frocks", "leather frock with dots"])
def test_the_head_may_be_an_everyday_name_or_the_end_of_a_word(categories, text):
    assert head(categories, text) == {"Dresses"}


@pytest.mark.parametrize("text", ["dress pleated", "dress size 9", "frock sleeveless summer", "dress short"])
def test_what_describes_a_thing_may_stand_behind_it(categories, text):
    assert head(categories, text) == {"Dresses"}


def test_a_part_that_a_name_belongs_to_is_no_thing_of_that_name(categories):
    assert head(categories, "dress sleeve") == set()


def test_a_name_in_two_words_is_the_name(categories):
    assert head(categories, "red tig hts") == {"Tights"}


def test_a_head_of_few_products_is_not_filled_with_what_it_goes_with(categories):
    kinds = read(categories, "tights for a dress", Dresses=0.9)
    assert labels(categories, kinds.meant) == {"Tights"}


@pytest.mark.parametrize(
    "text",
    ["over the knee rain boots", "shiny over-knee rain boots", "slip on rain boots", "pair of rain boots"],
)
def test_a_little_word_that_belongs_to_the_name_ends_no_head(categories, text):
    assert head(categories, text) == {"Rain Boots"}


@pytest.mark.parametrize(
    "text",
    [
        "shirt over a red dress",
        "shirt matching rain boots",
        "shirt to wear under a dress",
        "shirt that goes with rain boots",
        "shirt with dress print",
        "shirt for dress",
        "dress shirt",
    ],
)
def test_what_goes_with_a_thing_is_not_the_kind_asked_for(categories, text):
    kinds = read(categories, text, Dresses=0.9, Shirts=0.2, **{"Rain Boots": 0.9})
    assert labels(categories, kinds.meant) == {"Shirts"}


@pytest.mark.parametrize("text", ["something to wear with a dress", "what goes with my dress"])
def test_what_something_is_to_go_with_is_left_out_where_no_kind_is_named(categories, text):
    kinds = read(categories, text, Dresses=0.9, Shirts=0.3, **{"Rain Boots": 0.3})
    assert labels(categories, kinds.meant) == {"Shirts", "Rain Boots", "Tights"}


def test_both_of_two_joined_kinds_are_asked_for(categories):
    kinds = read(categories, "red shirt and dress", Dresses=0.9, Shirts=0.2)
    assert labels(categories, kinds.meant) == {"Shirts", "Dresses"}


def test_products_of_another_kind_that_say_the_words_are_no_answer(categories):
    dresses = categories.of_row == categories.labels.index("Dresses")
    assert np.array_equal(read(categories, "shirt for a dress").beside & dresses, dresses)
    assert not read(categories, "shirt with a dress").beside.any()


def test_a_thing_without_a_category_is_looked_for_where_it_surely_is(categories):
    """A shop may sort boots under any of its shoes, but not under shirts."""
    kinds = read(categories, "desert boots", Shirts=0.9, **{"Rain Boots": 0.3})
    assert labels(categories, kinds.meant) == {"Rain Boots"}


def test_two_words_that_are_one_thing_are_no_other_thing():
    shop = shop_categories({"Suits": 30, "Dresses": 20}, {})
    assert head(shop, "grey suit") == {"Suits"}
    assert head(shop, "swim suit") == head(shop, "swimsuit") == set()
