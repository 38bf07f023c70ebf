import pytest

from catalog.sources.colour_families import FAMILIES, SHADES, choices, families, family, meant
from tests.factories import ProductFactory


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("Midnight Navy", "Blue"),
        ("Navy/White", "Blue"),
        ("dunkelblau", "Blue"),
        ("Rose Gold", "Gold"),
        ("Off White", "White"),
        ("bordeaux", "Red"),
        ("Olive Green", "Green"),
        ("weiß", "White"),
        ("Red, Green and Blue", "Multi"),
        ("Multicolor", "Multi"),
        ("Xanthic", ""),
        ("", ""),
    ],
)
def test_a_colour_name_belongs_to_a_family(colour, expected):
    assert family(colour) == expected


def test_every_family_is_its_own():
    assert [family(name) for name in FAMILIES] == list(FAMILIES)


def test_every_shade_that_a_query_may_name_belongs_to_its_family():
    assert [
        (each, name) for name, shades in SHADES.items() for each in shades if name not in families(each)
    ] == []


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("Red & White", ("Red", "White")),
        ("schwarz-weiß", ("White", "Black")),
        ("Navy with Gold", ("Blue", "Gold")),
        ("Navy Blue White", ("White", "Blue")),
        ("Teal", ("Green", "Blue")),
        ("Red, Green and Blue", ("Red", "Green", "Blue", "Multi")),
        ("bleu ciel", ("Blue",)),
        ("Azul-marinho", ("Blue",)),
        ("ネイビーブルー", ("Blue",)),
        ("Navy Heather", ("Blue",)),
        ("Black Denim", ("Black",)),
        ("Black Print", ("Black",)),
    ],
)
def test_a_name_belongs_to_the_family_of_every_colour_in_it(colour, expected):
    assert families(colour) == expected


@pytest.mark.parametrize("colour", ["Galaxy", "Tartan", "Weathered", "Tri-coloured", "#FF0000"])
def test_a_name_that_no_family_claims_stays_itself(colour):
    assert choices(colour) == (colour,)


def test_only_the_name_of_a_family_means_it_as_a_filter():
    assert [meant(value) for value in ("Blau", "GRAY", "Navy Blue", "Marineblau", "Galaxy")] == [
        *("Blue", "Grey", "Navy Blue", "Marineblau", "Galaxy")
    ]


def test_a_product_keeps_its_shops_own_word():
    product = ProductFactory.build(colour="Petrol")
    assert (product.colour, product.colour_family) == ("Petrol", "Blue")
