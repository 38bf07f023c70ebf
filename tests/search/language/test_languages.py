"""The data files of languages, and what they make of a query in an English shop."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.languages import codes, data, languages
from search.language.parser import Vocabulary, parse_query
from search.language.tokens import fold, segments, stems, words
from search.language.translation import TRANSLATE_ALL, Translator

# An English shop: in how many products a word occurs.
COUNTS = {"dress": 40, "shirt": 90, "skirt": 12, "red": 60, "jacket": 20, "shoes": 80, "sock": 9, "socks": 5}
ENGLISH_SHOP = Translator(lambda word: COUNTS.get(word, 0))
VOCABULARY = Vocabulary.of(
    category=("Dresses", "Shirts", "Skirts", "Casual Shoes"),
    colour=("Red", "Blue", "Navy Blue", "White", "Black"),
    gender=("Men", "Women", "Unisex", "Girls"),
)


def parse(text):
    return parse_query(text, VOCABULARY, translator=ENGLISH_SHOP)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("vestido rojo", "red dress"),
        ("zapatos negros de cuero", "black leather shoes"),
        ("gafas de sol", "sunglasses"),
        ("robe rouge", "red dress"),
        ("sac à dos noir", "black backpack"),
        ("robe d'été", "summer dress"),
        ("camicia bianca da uomo", "white shirt for men"),
        ("scarpe da corsa", "running shoes"),
        ("zwarte damesjas", "black women jacket"),
        ("leren handtas", "leather handbag"),
        ("czerwona sukienka", "red dress"),
        ("buty do biegania", "running shoes"),
        ("saia preta", "black skirt"),
        ("tênis de corrida", "running shoes"),
        ("kırmızı elbise", "red dress"),
        ("güneş gözlüğü", "sunglasses"),
        ("Socken", "socks"),
        ("dunkelgrüne Lederjacke", "dark green leather jacket"),
        ("Minirock", "mini skirt"),
        ("Strickmütze", "beanie"),
        ("Langarmshirt", "long sleeve tshirt"),
        ("Jacke aus Kunstleder", "jacket of faux leather"),
        ("Chinohose", "chino trousers"),
        ("schwarzer Faltenrock", "black pleated skirt"),
        ("Pufferjacke", "puffer jacket"),
        ("Xylokleid", "dress"),
        ("coltrui", "turtleneck sweater"),
        ("shamrock", "shamrock"),
        ("pantyhose", "pantyhose"),
        ("parachute", "parachute"),
        ("harvest", "harvest"),
        ("bravest", "bravest"),
        ("kettering", "kettering"),
        ("unbroken", "unbroken"),
        ("vestido rojo nike", "red dress nike"),
        ("red vestido", "red dress"),
    ],
)
def test_a_query_in_another_language_becomes_english(text, english):
    assert ENGLISH_SHOP.translated(text) == english


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("vestido rojo bajo 50", "50"),
        ("robe rouge à moins de 50 €", "50"),
        ("vestito rosso sotto 50", "50"),
        ("rode jurk onder 50", "50"),
        ("czerwona sukienka poniżej 200 zł", "200"),
        ("vestido vermelho abaixo de 50", "50"),
        ("kırmızı elbise 50 altı", "50"),
        ("rotes Kleid unter 50", "50"),
    ],
)
def test_a_price_and_a_colour_are_read_in_every_language(text, limit):
    parsed = parse(text)
    assert parsed.filters.price_max == Decimal(limit)
    assert parsed.filters.price_min is None
    assert parsed.filters.colour == ("Red",)
    assert parsed.text == "red dress"


@pytest.mark.parametrize(
    "text",
    [
        "vestido sin rojo",
        "robe sans rouge",
        "vestito senza rosso",
        "jurk zonder rood",
        "sukienka bez czerwonego",
        "vestido sem vermelho",
        "Kleid ohne Rot",
        "Kleid anders als rot",
        "vestido salvo rojo",
        "robe autre que rouge",
        "vestito diverso da rosso",
        "jurk anders dan rood",
        "sukienka z wyjątkiem czerwonego",
        "vestido menos vermelho",
        "kırmızı olmayan elbise",
        "kırmızı hariç elbise",
    ],
)
def test_a_negation_is_read_in_every_language(text):
    assert parse(text).excluded.colour == ("Red",)


def test_a_turkish_ending_negates():
    assert parse("düğmesiz elbise").unwanted == ("buttons",)


@pytest.mark.parametrize(
    ("form", "english"),
    [
        ("elbiseye", "dress"),
        ("gömleğe", "shirt"),
        ("çantasına", "bag"),
        ("ayakkabıyla", "shoes"),
        ("kadınlara", "women"),
        ("düğünde", "wedding"),
        ("kazağım", "sweater"),
    ],
)
def test_turkish_endings_follow_the_vowels_of_their_word(form, english):
    assert ENGLISH_SHOP.translated(f"kırmızı {form}").startswith(f"red {english}")


@pytest.mark.parametrize("text", ["monte carlo bag", "sale dress", "kole"])
def test_endings_that_do_not_follow_the_vowels_are_no_turkish(text):
    assert ENGLISH_SHOP.translated(text) == text


@pytest.mark.parametrize("text", ["zapatos de niña", "chaussures pour filles", "scarpe per ragazza"])
def test_for_whom_is_read_behind_any_preposition(text):
    assert parse(text).filters.gender == ("Girls",)


@pytest.mark.parametrize(
    "text", ["robe", "punainen mekko", "piros ruha", "collar shirt", "sin city dress", "red dress"]
)
def test_english_and_unknown_languages_stay_as_they_are(text):
    assert ENGLISH_SHOP.translated(text) == text


def test_two_english_words_that_are_french_together_are_french():
    assert ENGLISH_SHOP.translated("robe rose") == "pink dress"


@pytest.mark.parametrize("code", codes())
def test_a_data_file_has_every_part(code):
    found = data(code)
    assert found["name"]
    assert found["prices"]["below"] or found["prices"]["below_after"]
    assert found["readings"].keys() >= {"in_stock", "on_sale", "size", "cheaper"}


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.code)
def test_a_language_knows_its_everyday_words(language):
    assert len(data(language.code)["nouns"]) > 90
    assert len(data(language.code)["colours"]) > 20
    assert all(word == fold(word) for word in language.words)


@given(st.text(max_size=80))
def test_any_text_can_be_translated(text):
    ENGLISH_SHOP.translated(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre", "oeuvre"),
        ("Ærø", "aero"),
        ("Straße", "strasse"),
        ("łódź", "lodz"),
        ("ドレス", "ドレス"),
        ("ﾄﾞﾚｽ", "ドレス"),
        ("Café", "cafe"),
        ("한국", "한국"),
    ],
)
def test_folding_takes_letters_apart_but_keeps_words(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "word"),
    [("H&M", "hm"), ("h & m", "hm"), ("A.P.C.", "apc"), ("J.Crew", "jcrew"), ("T-Shirt", "tshirt")],
)
def test_initials_are_one_word(text, word):
    assert words(text) == [word]


def test_japanese_and_chinese_are_looked_up_in_bigrams():
    assert segments("ドレス") == ["ドレ", "レス"]
    assert stems("赤いドレス nike") == ["赤い", "いド", "ドレ", "レス", "nike"]


def test_a_character_that_stands_for_a_sentence_does_not_unfold():
    assert len(fold("\ufdfa" * 500)) == 500


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("wie dieses, aber in Grün", "like this, but in green"),
        ("das gleiche in Schwarz", "the same in black"),
        ("comme ça mais en vert", "like this but in green"),
        ("le même en rouge", "the same in red"),
        ("como este pero en verde", "like this but in green"),
        ("lo mismo en negro", "the same in black"),
        ("come questo ma in verde", "like this but in green"),
        ("zoals deze maar in groen", "like this but in green"),
        ("takie jak to ale zielone", "like this but green"),
        ("o mesmo em vermelho", "the same in red"),
        ("bunun gibi ama yeşil", "like this but green"),
        ("kırmızı çantanız", "red bag"),
        ("daha şık", "more elegant"),
    ],
)
def test_wishes_about_a_picture_are_translated(text, english):
    assert TRANSLATE_ALL.translated(text) == english


@pytest.mark.parametrize(
    "text",
    [
        "Kleid nicht zu kurz",
        "vestido no demasiado corto",
        "vestito non troppo corto",
        "jurk niet te kort",
        "sukienka nie za krótka",
        "çok kısa olmayan elbise",
    ],
)
def test_not_too_short_asks_for_long_in_every_language(text):
    parsed = parse(text)
    assert (parsed.text, parsed.unwanted) == ("dress long", ())
