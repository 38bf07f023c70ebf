"""The words around a price or a size tell a language, and so does how a little word is written."""

import pytest

from search.language.wording.telling import is_fashion, is_little, told


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("robe taille M", {"fr"}),
        ("robe moins de 50 €", {"fr"}),
        ("jurk onder de 50 euro", {"nl"}),
        ("elbise M beden", {"tr"}),
        ("body talla 40", {"es"}),
        ("robe 6 ans", {"fr"}),
        ("abito 18 mesi", {"it"}),
        ("robe prix 20-40", {"fr"}),
        ("rock preis: 20 €", {"de"}),
        ("puma grand prix", set()),
        ("vestido 6 anos", set()),
        ("dress 6 years", set()),
        ("dress under 50 euros", set()),
        ("dress size 40", set()),
        ("tops maximum 40", set()),
    ],
)
def test_a_phrase_of_one_language_alone_tells_it(text, codes):
    assert told(text) == codes


@pytest.mark.parametrize(
    ("typed", "code", "may_be"),
    [("la", "es", True), ("Lã", "es", False), ("É", "it", False), ("À", "fr", True)],
)
def test_a_little_word_has_the_accents_that_it_is_written_with(typed, code, may_be):
    assert is_little(typed, code) is may_be


@pytest.mark.parametrize(
    ("word", "is_english"),
    [("vest", True), ("vests", True), ("veste", False), ("presente", False), ("blouse", True)],
)
def test_a_feminine_form_of_an_english_word_is_none(word, is_english):
    assert is_fashion(word) is is_english
