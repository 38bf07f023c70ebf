"""What the other words of a text say about one that English has as well."""

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import Translator

# An English shop: in how many products a word occurs.
COUNTS = {
    "dress": 40, "sweater": 15, "jersey": 46, "wool": 20, "jacket": 20, "blazer": 9, "tshirt": 30,
    "beanie": 5, "belt": 8, "leather": 30, "sneakers": 12, "nike": 7, "black": 50, "collar": 12, "robe": 2,
    "pocket": 30, "bag": 20, "shirt": 30, "men": 60, "women": 70, "denim": 10, "shorts": 15,
}  # fmt: skip
ENGLISH_SHOP = Translator(lambda word: COUNTS.get(word, 0))
VOCABULARY = Vocabulary.of(
    category=("Dresses", "Sweaters", "Blazers", "Belts"),
    colour=("Red", "Black", "White", "Brown"),
    gender=("Men", "Women", "Unisex"),
    size=("S", "M"),
    material=("Leather", "Wool"),
)


def parse(text):
    return parse_query(text, VOCABULARY, translator=ENGLISH_SHOP)


@pytest.mark.parametrize(
    "text",
    [
        "robe taille M", "robe moins de 50 €", "robe sans fleurs", "robe pas rouge", "robe en taille M",
        "robe prix 20-40",
    ],
)  # fmt: skip
def test_words_that_became_filters_still_tell_the_language_of_the_rest(text):
    assert parse(text).text == "dress"


def test_an_english_word_stays_beside_words_of_another_language_that_became_filters():
    assert parse("silk robe unter 50 Euro").text == "silk robe"


def test_a_negation_is_of_the_language_that_has_the_most_words():
    parsed = parse("vestido que no sea negro")
    assert (parsed.text, parsed.filters.colour, parsed.excluded.colour) == ("dress", (), ("Black",))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("jersey de lana", "wool sweater"),
        ("jersey negro", "black sweater"),
        ("gorro de lã", "wool beanie"),
        ("bolso negro", "black bag"),
        ("zwart t-shirt", "black t-shirt"),
        ("teenslippers", "flip flops"),
        ("veste en jean", "denim jacket"),
        ("short en jean", "denim shorts"),
        ("blazer donna", "women blazer"),
        ("baskets nike", "sneakers nike"),
        ("camisa jeans azul", "blue denim shirt"),
        ("kot ceket", "denim jacket"),
        ("abito da sposa", "wedding dress"),
        ("t shirt noir homme", "black men t shirt"),
        ("kinderschoenen", "kids shoes"),
        ("vestito taglia 42", "dress size 42"),
        ("38 numara ayakkabı", "38 size shoes"),
        ("herenjeans zwart", "men jeans black"),
    ],
)
def test_a_foreign_word_is_read_by_those_around_it(text, english):
    assert ENGLISH_SHOP.translated(text) == english


@pytest.mark.parametrize(
    "text",
    ["jersey", "wool jersey", "collar shirt", "donna karan blazer", "pet t-shirt", "nike", "body lotion"],
)
def test_an_english_text_keeps_its_words(text):
    assert ENGLISH_SHOP.translated(text) == text


def test_a_spanish_catalogue_keeps_a_word_that_english_has_as_well():
    shop = Translator(lambda word: {"jersey": 50, "lana": 30, "sweater": 3, "wool": 1}.get(word, 0))
    assert shop.translated("jersey granate de lana") == "maroon jersey of lana"
