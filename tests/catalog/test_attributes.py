"""Attributes under one name and values under one spelling, whatever a shop calls them."""

import pytest

from catalog.attributes import attribute_name, category_steps, choices, sizes, value_key


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Material", "material"),
        ("material", "material"),
        ("Fabric", "material"),
        ("g:material", "material"),
        ("Stoff", "material"),
        ("Pattern", "pattern"),
        ("printType", "pattern"),
        ("Größe", "size"),
        ("Sleeve Length", "sleeve_length"),
    ],
)
def test_an_attribute_has_one_name(stated, name):
    assert attribute_name(stated) == name


@pytest.mark.parametrize(
    "spellings",
    [("NAVY", "Navy", " navy "), ("women's", "Women’s"), ("polka-dot", "Polka  dot"), ("A>B", "a > b")],
)
def test_spellings_of_a_value_are_one(spellings):
    assert len(set(map(value_key, spellings))) == 1


@pytest.mark.parametrize(("one", "other"), [("7-8", "78"), ("-2", "2"), ("S", "XS"), ("Wool", "Wollen")])
def test_different_values_stay_apart(one, other):
    assert value_key(one) != value_key(other)


@pytest.mark.parametrize(
    ("stated", "materials"),
    [
        ("80% Cotton, 20% Elastane", ["Cotton", "Elastane"]),
        ("cotton/polyester", ["cotton", "polyester"]),
        ("Linen & silk", ["Linen", "silk"]),
        ("Baumwolle und Leinen", ["Baumwolle", "Leinen"]),
        (["Wool", "Cashmere"], ["Wool", "Cashmere"]),
        ("100 % Wool", ["Wool"]),
        ("Brushed cotton", ["Brushed cotton"]),
    ],
)
def test_a_product_may_be_of_several_materials(stated, materials):
    assert [value for _name, value in choices({"Fabric": stated})] == materials


def test_other_attributes_are_values_as_they_stand():
    stated = {"fit": "Slim, long", "year": 2012, "new": True, "sizes": ["M"], "care": None, "tags": ["a", ""]}
    assert list(choices(stated)) == [("fit", "Slim, long"), ("year", "2012"), ("tags", "a")]


@pytest.mark.parametrize(
    ("stated", "there"),
    [
        ({"sizes": ["S", "M"]}, ["S", "M"]),
        ({"size": "S / M"}, ["S", "M"]),
        ({"Größe": {"S": 2, "M": 0}}, ["S"]),
        ({"sizes": ["S", "m"], "sold_out_sizes": ["M"]}, ["S"]),
        ({"material": "Wool"}, []),
    ],
)
def test_only_sizes_that_can_be_bought_are_there(stated, there):
    assert [size for size, is_there in sizes(stated, in_stock=True) if is_there] == there
    assert not any(is_there for _size, is_there in sizes(stated, in_stock=False))


def test_the_category_is_the_last_step_of_its_path():
    assert category_steps("Apparel >  Tops", "tops") == ("Apparel", "Tops")
    assert category_steps("Apparel", "Tops") == ("Apparel", "Tops")
    assert category_steps("", "Tops") == ("Tops",)
    assert category_steps("") == ()
