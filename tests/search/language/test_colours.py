"""Colours in the words of a query: which of them become a filter."""

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import Translator
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        ("red dress", ("Red",)),
        ("dress in red", ("Red",)),
        ("red summer dress", ("Red",)),
        ("same, but in red and long-sleeved", ("Red",)),
        ("something red", ("Red",)),
        ("navy blue dress", ("Navy Blue",)),
        ("Puma Men White T-Shirt", ("White",)),
        ("red or blue dress", ("Red", "Blue")),
        ("red/blue dress", ("Red", "Blue")),
        ("red, blue or black dress", ("Red", "Blue", "Black")),
        ("red, blue dress", ()),
        ("red leather shoes for women", ("Red",)),
    ],
)
def test_a_plain_colour_becomes_a_filter_and_stays_in_the_text(text, colours):
    parsed = parse(text)
    assert parsed.filters.colour == colours
    assert parsed.text == text


@pytest.mark.parametrize(
    "text",
    [
        "pink floyd tshirt",
        "red tape shoes",
        "black and white dress",
        "white noise tshirt",
        "brown bear cub print",
        "Puma Men Slim Fit White Printed Polo Tshirt",
    ],
)
def test_a_colour_that_may_mean_something_else_stays_a_word(text):
    assert parse(text).filters.colour == ()


@pytest.mark.parametrize(
    "text",
    [
        "jeans for a white shirt",
        "shorts to go with a red tshirt",
        "tshirt that matches blue jeans",
        "dress with red belt",
        "shirt under a black dress",
    ],
)
def test_the_colour_of_what_a_garment_goes_with_is_no_filter(text):
    assert parse(text).filters.colour == ()


@pytest.mark.parametrize(
    "text",
    [
        "dress with red flowers",
        "tshirt with white collar",
        "jeans with a black print",
        "shorts with blue stripes",
        "Kleid mit roten Blumen",
    ],
)
def test_the_colour_of_a_part_is_no_filter(text):
    translator = Translator(lambda _stem: 0, lambda _word: 0)
    assert parse(text, is_name=lambda _colour, _word: False, translator=translator).filters.colour == ()


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("white tshirt with blue stripes", "White"),
        ("white tshirt with red and blue stripes", "White"),
        ("blue striped white tshirt", "White"),
        ("black dress with a red belt", "Black"),
        ("black jeans to wear with a white tshirt", "Black"),
        ("weißes Kleid mit blauen Streifen", "White"),
        ("robe blanche à rayures bleues", "White"),
        ("vestido blanco con rayas azules", "White"),
        ("vestito bianco a righe blu", "White"),
        ("witte jurk met blauwe strepen", "White"),
        ("biała sukienka w niebieskie paski", "White"),
        ("vestido branco com listras azuis", "White"),
        ("mavi çizgili beyaz elbise", "White"),
    ],
)
def test_the_colour_of_a_garment_holds_beside_that_of_its_stripes(text, colour):
    translator = Translator(lambda _stem: 0, lambda _word: 0)
    parsed = parse(text, is_name=lambda _colour, _word: False, translator=translator)
    assert parsed.filters.colour == (colour,)


@pytest.mark.parametrize(
    "text",
    [
        "black and white striped tshirt",
        "red and blue dress with white collar",
        "navy blue and red checked dress",
    ],
)
def test_a_garment_of_two_colours_is_filtered_by_neither(text):
    assert parse(text).filters.colour == ()


@pytest.mark.parametrize(
    "text",
    [
        "red dress with belt",
        "shorts for men in black",
        "jeans for men black",
        "shoes for women black shoes",
        "dress with red colour",
        "shorts for men with pockets black",
    ],
)
def test_the_colour_of_the_garment_itself_is_one(text):
    assert len(parse(text).filters.colour) == 1


FAMILIES = Vocabulary.of(category=("Dresses",), colour=("Blue", "Red", "Grey", "Green", "Yellow"))
FINE = Vocabulary.of(category=("Dresses",), colour=("Navy Blue", "Charcoal", "Grey Melange", "Maroon", "Red"))


@pytest.mark.parametrize(
    ("vocabulary", "text", "colours"),
    [
        (FAMILIES, "navy blue dress", ("Blue",)),
        (FAMILIES, "dress in emerald green", ("Green",)),
        (FAMILIES, "mustard yellow", ("Yellow",)),
        (FAMILIES, "navy blue or maroon red dress", ("Blue", "Red")),
        (FINE, "charcoal grey dress", ("Charcoal",)),
        (FINE, "maroon red dress", ("Maroon",)),
        (FINE, "navy blue dress", ("Navy Blue",)),
    ],
)
def test_a_shade_with_its_colour_behind_it_is_one_colour(vocabulary, text, colours):
    assert parse_query(text, vocabulary).filters.colour == colours


@pytest.mark.parametrize("text", ["dress not navy", "dress, no navy blue", "dress -navy"])
def test_a_shade_that_the_catalogue_does_not_name_excludes_no_whole_colour(text):
    parsed = parse_query(text, FAMILIES)
    assert (parsed.filters.colour, parsed.excluded.colour) == ((), ())
    assert parsed.unwanted[0].startswith("navy")


def test_a_colour_that_the_catalogue_has_one_shade_of_excludes_that():
    assert parse_query("dress not purple", Vocabulary.of(colour=("Lilac", "Red"))).excluded.colour == (
        "Lilac",
    )


@pytest.mark.parametrize("other", ["Light Blue", "Dark Blue"])
def test_a_shade_is_no_filter_where_the_catalogue_sorts_a_colour_into_light_and_dark(other):
    vocabulary = Vocabulary.of(category=("Dresses",), colour=("Blue", other))
    assert parse_query("navy dress", vocabulary).filters.colour == ()


def test_a_pattern_of_the_whole_garment_is_stated_by_with_too():
    vocabulary = Vocabulary.of(category=("Dresses",), pattern=("Floral",))
    assert parse_query("dress with floral print", vocabulary).filters.pattern == ("Floral",)


@pytest.mark.parametrize("text", ["sapphire ring", "emerald and gold necklace", "lavender perfume"])
def test_a_stone_or_a_scent_is_no_colour(text):
    vocabulary = Vocabulary.of(category=("Rings", "Perfume"), colour=("Blue", "Green", "Purple"))
    assert parse_query(text, vocabulary).filters.colour == ()


def test_a_stone_is_a_colour_of_other_things():
    vocabulary = Vocabulary.of(category=("Rings",), colour=("Blue", "Green"))
    assert parse_query("emerald dress", vocabulary).filters.colour == ("Green",)
    assert parse_query("emerald green ring", vocabulary).filters.colour == ("Green",)


GERMAN = Vocabulary.of(
    category=("Kleid", "Rock", "Hemd"),
    colour=("Rot", "Blau", "Hellblau", "Dunkelblau", "Schwarz"),
    pattern=("Gestreift",),
)


@pytest.mark.parametrize(
    ("text", "colours", "left"),
    [
        ("rotes kleid", ("Rot",), "kleid Rot"),
        ("roter rock", ("Rot",), "rock Rot"),
        ("roten rock", ("Rot",), "rock Rot"),
        ("schwarzer rock", ("Schwarz",), "rock Schwarz"),
        ("rotes", ("Rot",), "Rot"),
        ("blauer rock", ("Blau", "Hellblau"), "rock Blau"),
        ("rock blau", ("Blau", "Hellblau"), "rock blau"),
        ("dunkelblauer rock", ("Dunkelblau",), "rock Dunkelblau"),
    ],
)
def test_a_colour_in_the_catalogues_own_language_is_read_in_all_its_forms(text, colours, left):
    parsed = parse_query(text, GERMAN)
    assert (parsed.filters.colour, parsed.text) == (colours, left)


@pytest.mark.parametrize(
    ("colour", "category", "text"),
    [
        ("Rojo", "Falda", "falda roja"),
        ("Blanc", "Jupe", "jupe blanche"),
        ("Czarny", "Kurtka", "czarna kurtka"),
    ],
)
def test_other_languages_bend_their_colours_too(colour, category, text):
    vocabulary = Vocabulary.of(category=(category,), colour=(colour,))
    assert parse_query(text, vocabulary).filters.colour == (colour,)


def test_a_form_of_a_pattern_and_of_an_exclusion_is_read():
    parsed = parse_query("gestreifter rock, kein roter", GERMAN)
    assert (parsed.filters.pattern, parsed.excluded.colour) == (("Gestreift",), ("Rot",))
