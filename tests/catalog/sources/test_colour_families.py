import pytest

from catalog.sources.colour_families import FAMILIES, families, family
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


def test_a_name_of_two_colours_has_two():
    assert families("Red & White") == ("Red", "White")


def test_a_product_keeps_its_shops_own_word():
    product = ProductFactory.build(colour="Petrol")
    assert (product.colour, product.colour_family) == ("Petrol", "Blue")
