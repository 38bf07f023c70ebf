"""Sizes, ages and packs that no product states are told from the thing that they are said of."""

import pytest

from search.language.complements import without_trailing
from search.language.tokens import words
from search.language.wording.sizes import not_sold

SIZES = ("M", "L", "38", "EU 40")


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("size 8 women's shoes", ["8"]),
        ("women's shoes size 8", ["8"]),
        ("shoes size 8 or 9", ["8 or 9"]),
        ("Schuhe Größe 42", ["42"]),
        ("chaussures taille 39", ["39"]),
        ("shoes UK 9", ["UK 9"]),
        ("XL shirt", ["XL"]),
        ("tshirt 8 years", ["8 years"]),
        ("dress 6 yrs", ["6 yrs"]),
        ("dress 12-18 months", ["12-18 months"]),
        ("Kleid 6 Jahre", ["6 Jahre"]),
        # The shop has these.
        ("dress size M", []),
        ("shoes size 40", []),
        # These are no sizes of things.
        ("watch 2 years warranty", []),
        ("watch warranty 2 years", []),
        ("jeans 30 years", []),
        ("8 year old shirt", []),
        ("scarf 2 m", []),
        ("perfume travel size 100 ml", []),
        ("extra large bag", []),
        ("air max 90", []),
        ("pack of 3 socks", []),
        ("3/4 sleeve top", []),
        ("Schuhe ab 5 Jahre", []),
    ],
)
def test_a_size_that_no_product_has_is_told(text, sizes):
    assert [size.label for size in not_sold(text, SIZES)] == sizes


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("tshirt 8 years", "tshirt"),
        ("dress 6 years old", "dress"),
        ("dress 12-18 months", "dress"),
        ("robe 6 ans", "robe"),
        ("tshirt 6y", "tshirt"),
        ("socks 3 pack", "socks"),
        ("Socken 3er Pack", "socken"),
        ("socks pack of 3", "socks"),
        ("bangles set of 2", "bangles"),
        ("tshirt of 8", "tshirt of"),
        ("3 piece suit", "3 piece suit"),
        ("new years", "new years"),
    ],
)
def test_ages_and_packs_stand_behind_the_thing(text, thing):
    assert " ".join(without_trailing(words(text))) == thing
