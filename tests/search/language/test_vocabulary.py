"""Which values of the catalogue a query may name."""

import numpy as np
import pytest

from search.index.columns import Codes, Columns, ManyCodes
from search.language.lexicon import BROADER_NAMES
from search.language.tokenizer import tokenize
from search.language.tokens import phrase_key
from search.language.vocabulary import Vocabulary
from search.language.wording.sizes import named


def columns(colours):
    count = len(colours)
    nothing = ManyCodes.of([()] * count)
    return Columns(
        keys=np.arange(count),
        active=np.ones(count, bool),
        category=Codes.of(["Dresses"] * count),
        colour=Codes.of(colours),
        brand=Codes.of(["Fern", *[""] * (count - 1)]),
        gender=Codes.of(["Women"] * count),
        group=np.arange(count),
        price=np.full(count, 10.0),
        in_stock=np.ones(count, bool),
        created=np.zeros(count),
        generation=None,
        steps=nothing,
        size=ManyCodes.of([("M",), *[()] * (count - 1)]),
        material=nothing,
        pattern=nothing,
        attributes={},
        on_sale=np.zeros(count, bool),
    )


@pytest.mark.parametrize(("filled", "named"), [(8, True), (7, False)])
def test_a_colour_can_be_named_where_most_products_state_theirs(filled, named):
    vocabulary = columns(["Red"] * filled + [""] * (10 - filled)).vocabulary
    assert (("red",) in vocabulary.values) is named
    assert vocabulary.values["fern",] == (("brand", "Fern"),)
    assert vocabulary.values["m",] == (("size", "M"),)
    assert vocabulary.genders == {"woman": ("Women",)}


@pytest.mark.parametrize(
    ("colours", "text", "found"),
    [
        (("Lilac", "Peach"), "purple", ("Lilac",)),
        (("Blue", "Light Blue", "Navy Blue"), "blue", ("Blue", "Light Blue")),
        (("Navy Blue",), "blue", ("Navy Blue",)),
        (("Purple", "Lilac"), "purple", ("Purple",)),
        (("Blue", "Navy Blue"), "navy", ("Navy Blue",)),
        (("Green", "Mint Green"), "mint", ("Mint Green",)),
        (("Navy", "Navy Blue", "Blue"), "navy", ("Navy", "Navy Blue")),
        (("Blue", "Red"), "navy", ("Blue",)),
        (("Red", "Blue"), "crimson", ("Red",)),
    ],
)
def test_a_colour_is_its_shades_where_the_catalogue_has_no_other_name_for_it(colours, text, found):
    named = Vocabulary.of(colour=colours).match(tokenize(text), 0, fields=("colour",))
    assert named is not None
    assert named.values == found


@pytest.mark.parametrize(
    ("colours", "text", "found"),
    [
        (("Blue", "Sky blue", "Navy"), "light blue", ("Sky blue", "Blue")),
        (
            ("Blue", "Light Blue", "Sky Blue", "Baby Blue"),
            "light blue",
            ("Light Blue", "Sky Blue", "Baby Blue"),
        ),
        (("Blue", "Light Blue"), "sky blue", ("Light Blue", "Blue")),
        (("Blue", "Sky blue", "Navy"), "pale blue", ("Sky blue", "Blue")),
        (("Blue", "Navy Blue", "Sky blue"), "dark blue", ("Navy Blue", "Blue")),
        (("Blue", "Navy", "Dark Blue"), "dark blue", ("Navy", "Dark Blue")),
        (("Red", "Burgundy"), "dark red", ("Burgundy", "Red")),
        (("Red", "Maroon", "Burgundy"), "wine red", ("Maroon", "Burgundy", "Red")),
        (("Red", "Burgundy"), "maroon", ("Burgundy", "Red")),
        (("Red", "Burgundy", "Maroon"), "maroon", ("Maroon",)),
        (("Purple", "Lavender"), "light purple", ("Lavender", "Purple")),
        (("Green", "Pale Green"), "light green", ("Pale Green", "Green")),
    ],
)
def test_a_light_or_a_dark_shade_is_what_the_catalogue_calls_it(colours, text, found):
    named = Vocabulary.of(colour=colours).match(tokenize(text), 0, fields=("colour",))
    assert named is not None
    assert (named.values, named.width) == (found, len(text.split()))


@pytest.mark.parametrize("text", ["light red", "dark yellow", "light, blue", "dark"])
def test_a_grade_that_the_catalogue_does_not_know_is_no_value(text):
    vocabulary = Vocabulary.of(colour=("Red", "Yellow", "Blue", "Sky blue"))
    assert vocabulary.match(tokenize(text), 0, fields=("colour",)) is None


@pytest.mark.parametrize(("text", "excluded"), [("dark blue", "Navy"), ("maroon", "Burgundy")])
def test_what_is_not_dark_may_be_the_colour(text, excluded):
    vocabulary = Vocabulary.of(colour=("Blue", "Navy", "Red", "Burgundy"))
    named = vocabulary.match(tokenize(text), 0, fields=("colour",))
    assert named is not None
    assert vocabulary.values_containing(named) == (excluded,)


@pytest.mark.parametrize(
    ("patterns", "text", "found"),
    [
        (("polka dot", "floral"), "spotted", ("polka dot",)),
        (("Polka Dots",), "dotted", ("Polka Dots",)),
        (("Polka Dots",), "dots", ("Polka Dots",)),
        (("floral",), "flower", ("floral",)),
        (("floral",), "flowery", ("floral",)),
        (("floral",), "flower print", ("floral",)),
        (("plaid",), "check", ("plaid",)),
        (("Checked", "Plaid"), "tartan", ("Checked", "Plaid")),
        (("Checked", "Plaid"), "plaid", ("Plaid",)),
        (("striped",), "stripy", ("striped",)),
    ],
)
def test_a_pattern_has_other_names(patterns, text, found):
    named = Vocabulary.of(pattern=patterns).match(tokenize(text), 0, fields=("pattern",))
    assert named is not None
    assert (named.values, named.width) == (found, len(text.split()))


def test_a_flower_girl_wears_no_flowers():
    tokens = tokenize("flower girl dress")
    assert Vocabulary.of(pattern=("floral",)).match(tokens, 0, fields=("pattern",)) is None


@pytest.mark.parametrize(
    ("colours", "text"),
    [
        # A part of a shade's name that means no colour alone.
        (("Off White", "Sea Green", "Fluorescent Green"), "off"),
        (("Sea Green", "Green"), "sea"),
        # Words of things: a steel watch, a wine bag.
        (("Grey", "Red"), "steel"),
        (("Grey", "Red"), "wine"),
    ],
)
def test_what_may_mean_a_thing_is_no_shade(colours, text):
    assert Vocabulary.of(colour=colours).match(tokenize(text), 0, fields=("colour",)) is None


def test_a_colour_that_the_catalogue_has_no_shade_of_is_no_value():
    assert Vocabulary.of(colour=("Lilac",)).match(tokenize("green"), 0, fields=("colour",)) is None


@pytest.mark.parametrize("name", ["saree", "lehenga choli", "anarkali", "sherwani"])
def test_ethnic_wear_that_a_shop_lacks_is_near_its_kurtas(name):
    assert "kurta" in BROADER_NAMES[phrase_key(name)]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("5", ("5", "5-6 years", "UK 5")),
        ("36", ("36", "EU 36")),
        ("36,5", ("36.5",)),
        ("36 2/3", ("36 2/3",)),
    ],
)
def test_half_a_size_more_is_another_size(asked, meant):
    sizes = ("5", "36.5", "10.5", "UK 5", "5-6 years", "36", "36 2/3", "EU 36")
    assert named(asked, sizes) == meant
