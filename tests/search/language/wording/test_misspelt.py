"""Misspelt words of the languages that are translated."""

import pytest

from search.language.languages import languages
from search.language.wording.misspelt import in_language

LANGUAGES = {language.code: language for language in languages()}


def doubtful(_word):
    return True


@pytest.mark.parametrize(
    ("code", "text", "meant"),
    [
        ("de", "Kleit", "kleid"),
        ("de", "rote Jakke", "rote jacke"),
        ("de", "schwartzes T-Shirt", "schwarzes T-Shirt"),
        ("de", "blauses Hemd", "blaues Hemd"),
        ("de", "Winterjakke", "winterjacke"),
        ("de", "Gürttel", "gürtel"),
        ("de", "Röckke", "röcke"),
        ("de", "Hossen", "hosen"),
        ("de", "Schue, Jakke?", "schuh, jacke?"),
        ("fr", "chausure noire", "chaussure noire"),
        ("es", "vestdo rojo", "vestido rojo"),
        ("es", "pantalonnes", "pantalones"),
        ("it", "scarppe", "scarpe"),
        ("nl", "rode schoennen", "rode schoenen"),
        ("pl", "sukinka", "sukienka"),
        ("pt", "sapatso", "sapato"),
        ("tr", "kirmzi", "kırmızı"),
    ],
)
def test_a_misspelt_word_becomes_the_nearest_of_its_language(code, text, meant):
    assert in_language(LANGUAGES[code], text, doubtful) == meant


@pytest.mark.parametrize(
    ("code", "text"), [("de", "Kleid, rote Jacke?"), ("de", "asdfgh"), ("de", "Jake"), ("fr", "Tottenham")]
)
def test_other_words_stay(code, text):
    assert in_language(LANGUAGES[code], text, doubtful) == ""


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Damenkleid"),
        ("de", "Damenröcke"),
        ("de", "Damenjacken"),
        ("de", "Herrenhemd"),
        ("de", "Herrenuhr"),
        ("de", "Winterschuhe"),
        ("nl", "damesjurk"),
    ],
)
def test_a_compound_of_two_known_words_is_not_misspelt(code, text):
    assert in_language(LANGUAGES[code], text, doubtful) == ""


def test_only_doubtful_words_change():
    assert in_language(LANGUAGES["de"], "Kleit Jakke", lambda word: word == "jakke") == "Kleit jacke"


def test_two_mistakes_are_too_many_where_the_language_is_a_guess():
    dutch = LANGUAGES["nl"]
    assert in_language(dutch, "kettering", doubtful) == "ketting"
    assert in_language(dutch, "kettering", doubtful, most_edits=1) == ""
