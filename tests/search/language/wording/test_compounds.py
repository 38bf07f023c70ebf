"""Two English words that were written as one are read as two."""

import pytest

from search.language.wording.compounds import in_two

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
    ],
)
def test_words_without_the_blank_between_them_are_two(text, words):
    assert parted(text) == words


@pytest.mark.parametrize("text", ["sweatshirt", "redblue", "redwing", "dresscode", "Herrenhemd", "top10", ""])
def test_other_words_stay_as_they_are(text):
    assert parted(text) == text
