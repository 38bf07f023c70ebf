"""German words are translated where an English catalogue does not have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.parser import Vocabulary, parse_query
from search.language.translation import LITERAL, Translator
from search.query import Chip, Filters

# An English shop: in how many products a word occurs.
COUNTS = {"dress": 40, "shirt": 90, "skirt": 12, "red": 60, "jacket": 20, "shoes": 80, "rock": 3, "blue": 50}
ENGLISH_SHOP = Translator(lambda word: COUNTS.get(word, 0))
VOCABULARY = Vocabulary.of(
    category=("Dresses", "Shirts", "Skirts", "Casual Shoes"),
    colour=("Red", "Blue", "Navy Blue", "White"),
    gender=("Men", "Women", "Unisex"),
)


def parse(text, **options):
    return parse_query(text, VOCABULARY, translator=ENGLISH_SHOP, **options)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("rotes Kleid", "red dress"),
        ("Herren Hemd blau", "men shirt blue"),
        ("Schuhe für Damen", "shoes for women"),
        ("Herrenhemd", "men shirt"),
        ("Damenschuhe", "women shoes"),
        ("dunkelgrüne Lederjacke", "dark green leather jacket"),
        ("gruene Guertel", "green belt"),
        ("weiße Turnschuhe", "white sports shoes"),
        ("SCHWARZE RÖCKE", "black skirt"),
        ("Sommerkleid mit Blumen", "summer dress with flowers"),
        ("Puma T-Shirt rot", "Puma T-Shirt red"),
    ],
)
def test_german_becomes_english(text, english):
    assert ENGLISH_SHOP.translated(text) == english


@pytest.mark.parametrize("text", ["red dress", "Puma für immer", "rock chic dress", "", "for him", "42"])
def test_a_text_without_german_garments_or_colours_stays_as_it_is(text):
    assert ENGLISH_SHOP.translated(text) == text


def test_a_word_that_products_have_is_german_only_beside_one_that_surely_is():
    assert ENGLISH_SHOP.translated("Rock") == "Rock"
    assert ENGLISH_SHOP.translated("roter Rock") == "red skirt"


GERMAN_SHOP = Translator(
    lambda word: {"kleid": 40, "rot": 30, "hemd": 20, "mutze": 9, "leinen": 8, "rock": 7}.get(word, 0)
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Kleid rot", "Kleid rot"),
        ("rote Kleider", "rot kleid"),
        ("Kleidchen", "kleid"),
        ("Muetze", "mutze"),
        ("rote Mützen", "rot mutze"),
        ("Damenkleid", "women kleid"),
        ("Herrenhemden", "men hemd"),
        ("Leinenhemd", "leinen hemd"),
        ("Damenrock", "women rock"),
        ("Jacke", "jacket"),
    ],
)
def test_a_german_catalogue_keeps_its_language_in_the_forms_that_it_has(text, own):
    assert GERMAN_SHOP.translated(text) == own


def test_a_skirt_is_no_rock_where_that_is_a_kind_of_shirt():
    assert ENGLISH_SHOP.translated("Damenrock") == "women skirt"


def test_a_word_in_the_catalogues_own_form_is_on_no_chip():
    assert parse_query("Muetze", VOCABULARY, translator=GERMAN_SHOP).chips == ()


def test_german_colours_genders_and_prices_become_filters_with_chips():
    parsed = parse("rotes Kleid für Damen unter 50 €")
    assert parsed.text == "red dress for women"
    assert parsed.filters.colour == ("Red",)
    assert parsed.filters.gender == ("Women", "Unisex")
    assert parsed.chips == (
        Chip("price_max", "50", "unter 50 €"),
        Chip("gender", "Women", "Damen"),
        Chip("colour", "Red", "rotes"),
        Chip("word", "dress", "Kleid"),
    )


def test_a_compound_may_name_a_gender_and_a_garment():
    parsed = parse("Herrenhemd in dunkelblau")
    assert parsed.filters == Filters(gender=("Men", "Unisex"), colour=("Navy Blue",), exact_colour=True)
    assert parsed.text == "men shirt in navy blue"


@pytest.mark.parametrize(
    ("text", "colour", "unwanted", "left"),
    [
        ("Kleid nicht rot", ("Red",), (), "dress"),
        ("Kleid ohne Streifen", (), ("stripes",), "dress"),
        ("Jacke ohne Lederkragen", (), ("leather collar",), "jacket"),
        ("Kleid ohne Ärmel", (), ("sleeves",), "dress sleeveless"),
    ],
)
def test_german_negations_exclude(text, colour, unwanted, left):
    parsed = parse(text)
    assert parsed.excluded.colour == colour
    assert parsed.unwanted == unwanted
    assert parsed.text == left


def test_a_translation_can_be_rejected():
    again = parse("rotes Kleid", ignore=("word:dress",))
    assert again.text == "red Kleid"
    assert again.chips == (Chip("word", "red", "rotes"),)


def test_taken_literally_no_word_is_translated():
    assert parse("rotes Kleid", ignore=("all",)).text == "rotes Kleid"


@given(st.text(max_size=40))
def test_literal_translates_nothing(text):
    assert LITERAL.translated(text) == text


@given(
    st.lists(st.sampled_from(["Kleid", "rot", "Rock", "für", "und", "dress", "!", "rote", "Uhr"])).map(
        " ".join
    )
)
def test_an_english_text_is_not_translated_again(text):
    once = ENGLISH_SHOP.translated(text)
    assert ENGLISH_SHOP.translated(once) == once
