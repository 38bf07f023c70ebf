"""Two English words that were written as one are read as two, and one that was written as two as one."""

import pytest

from search.language.wording.compounds import in_one, in_two, joined_by_words, listed_by_words

KNOWN = {"redwing"}


def parted(text):
    return in_two(text, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("blackdress", "black dress"),
        ("RedShoes for men", "Red Shoes for men"),
        ("leatherjacket, whiteshirt", "leather jacket, white shirt"),
        ("shirtblue", "shirt blue"),
        ("mensshoes", "mens shoes"),
        ("sportswear", "sports wear"),
    ],
)
def test_words_without_the_blank_between_them_are_two(text, words):
    assert parted(text) == words


@pytest.mark.parametrize("text", ["sweatshirt", "redblue", "redwing", "dresscode", "Herrenhemd", "top10", ""])
def test_other_words_stay_as_they_are(text):
    assert parted(text) == text


def joined(text, *phrases):
    return in_one(text, lambda word: word != "tracksuit", phrases.__contains__)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("foot wear", "footwear"),
        ("red Rain-Coat for men", "red RainCoat for men"),
        ("neck lace and bracelets", "necklace and bracelets"),
        ("under wear", "underwear"),
        ("foot wear sun dress", "footwear sundress"),
    ],
)
def test_one_word_with_a_blank_in_it_is_one(text, words):
    assert joined(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "red dress",
        "tights to wear under shirts",  # no undershirts
        "track suit",  # nothing here knows it as one word
        "wrist watch",  # its usual name
        "hand, bag",
        "",
    ],
)
def test_other_pairs_stay_two_words(text):
    assert joined(text) == text


def test_two_words_that_products_have_stay_two():
    assert joined("swim suit", "swim suit") == "swim suit"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dress & heels", "dress and heels"),
        ("red skirt/dress", "red skirt or dress"),
        ("jeans + T-Shirt", "jeans and T-Shirt"),
        ("trousers / jeans & belt", "trousers or jeans and belt"),
    ],
)
def test_a_sign_between_things_is_a_word(text, words):
    assert joined_by_words(text) == words


@pytest.mark.parametrize(
    "text", ["h&m dress", "black/white shoes", "pell & rye shirt", "jeans 32/34", "dress &", "/"]
)
def test_other_signs_stay(text):
    assert joined_by_words(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hat, scarf", "hat and scarf"),
        ("shirts, jeans and shoes", "shirts and jeans and shoes"),
        ("red dress, blue jeans", "red dress and blue jeans"),
        ("shirt, t-shirt, and women shoes", "shirt and t-shirt and women shoes"),
    ],
)
def test_a_comma_between_things_is_a_word(text, words):
    assert listed_by_words(text) == words


@pytest.mark.parametrize(
    "text", ["dress, red", "red, dress", "dress, size 40 shoes", "shirt, with a collar", "shoes,"]
)
def test_other_commas_stay(text):
    assert listed_by_words(text) == text
