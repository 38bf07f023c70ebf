"""Words of two languages in one query."""

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import Translator

ENGLISH_SHOP = Translator(
    lambda word: {"bag": 40, "dress": 40, "shirt": 90, "blue": 60, "red": 60, "skirt": 9, "hat": 9}.get(
        word, 0
    )
)
VOCABULARY = Vocabulary.of(category=("Dresses", "Bags", "Shirts"), colour=("Red", "Blue"), gender=("Men",))


def read(text):
    return parse_query(text, VOCABULARY, translator=ENGLISH_SHOP)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sac blue", "bag blue"),
        ("blue sac", "blue bag"),
        ("bag bleu", "blue bag"),
        ("robe blue", "dress blue"),
        ("chemise red for men", "shirt red for men"),
        ("tas red", "bag red"),
        ("hut blue", "hat blue"),
        ("red kleid", "red dress"),
    ],
)
def test_a_noun_beside_an_english_colour_is_read_in_its_language(text, left):
    assert read(text).text == left
    assert read(text).filters.colour


@pytest.mark.parametrize("text", ["blue robe", "red dres", "blue hose", "hut on the beach", "pet blanket"])
def test_english_words_that_another_language_has_too_stay(text):
    assert read(text).text == text
