"""The maintained tables: complete, free of contradictions, and what docs/ranking.md says of them."""

from itertools import combinations
from pathlib import Path

import pytest

from catalog.glossary.categories import CATEGORIES
from catalog.sources import colour_families
from search.looks import harmony
from search.looks.garments import garment_of_title, garments_of
from search.looks.harmony import Relation
from search.looks.table import data, table

DOCS = (Path(__file__).parents[3] / "docs/ranking.md").read_text()
# Names that say nothing about the kind of garment.
VAGUE = {"Accessories", "Apparel", "Clothing", "Home Wear", "Sportswear", "Lingerie Set"}


def test_every_garment_of_the_table_is_known():
    known = table().garments.keys()
    for name, slots in table().complements.items():
        assert {name, *(each for listed in slots.values() for each in listed)} <= known


def test_every_slot_holds_garments_of_that_slot_alone():
    for slots in table().complements.values():
        for slot, listed in slots.items():
            assert slot in table().slots
            assert {table().garments[name].slot for name in listed} == {slot}


def test_no_garment_complements_itself():
    assert [
        name for name, slots in table().complements.items() if any(name in each for each in slots.values())
    ] == []


def test_every_garment_that_is_part_of_an_outfit_has_complements():
    assert {name for name, each in table().garments.items() if each.slot} == set(table().complements)


def test_words_of_titles_lead_to_parts_of_an_outfit():
    assert all(table().garments[name].slot for name in table().by_title.values())


def test_every_category_of_the_glossary_is_a_garment():
    found = dict(zip(CATEGORIES, garments_of(CATEGORIES, {}), strict=True))
    assert {name for name, garment in found.items() if not garment} == VAGUE


@pytest.mark.parametrize(
    ("labels", "garments"),
    [
        (
            ["Kleider", "Hosen", "Röcke", "Herrenhemden", "Schuhe"],
            ["dress", "trousers", "skirt", "shirt", "sneakers"],
        ),
        (
            ["Robes", "Pantalons", "Jupes", "Chemises", "Baskets"],
            ["dress", "trousers", "skirt", "shirt", "sneakers"],
        ),
        (["Vestidos largos", "Faldas", "Camisas de hombre"], ["dress", "skirt", "shirt"]),
        (["Robes", "Shirts", "Skirts"], ["robe", "shirt", "skirt"]),
        (["Maxi dresses", "Dress shirts", "Tees", "Shoes for men"], ["dress", "shirt", "tshirt", "sneakers"]),
        (["Jackets & Coats", "Ties and Cufflinks"], ["coat", "tie"]),
        (["Footballs", "Gift Sets", "Mystery"], ["none", "none", ""]),
    ],
)
def test_shops_call_their_categories_otherwise(labels, garments):
    assert garments_of(labels, {}) == garments


def test_a_synonym_of_staff_names_a_garment():
    assert garments_of(["Bottoms"], {"bottom": ("trousers",)}) == ["trousers"]


def test_a_title_names_the_garment_where_the_category_does_not():
    assert garment_of_title("Fern Men Slim Fit Shirt with stripes") == "shirt"


def test_every_family_of_colours_is_a_neutral_or_on_the_wheel():
    neutrals, wheel = data("harmony")["neutrals"]["families"], data("harmony")["wheel"]
    assert {*neutrals, *wheel, harmony.MULTI} == set(colour_families.FAMILIES)


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("Beige", "Navy Blue", Relation.NEUTRAL),
        ("Red", "Black", Relation.NEUTRAL),
        ("Red", "Maroon", Relation.TONAL),
        ("Sky Blue", "Navy", Relation.TONAL),
        ("Red", "Orange", Relation.ANALOGOUS),
        ("Red", "Green", Relation.COMPLEMENTARY),
        ("Blue", "Orange", Relation.COMPLEMENTARY),
        ("Red", "Yellow", Relation.TRIADIC),
        ("Multi", "Red", Relation.PATTERNED),
        ("Multi", "White", Relation.NEUTRAL),
        ("", "Red", Relation.UNKNOWN),
    ],
)
def test_colours_relate_as_on_the_painters_wheel(one, other, relation):
    assert harmony.harmony(harmony.tone(one), harmony.tone(other)).relation is relation


def test_harmony_does_not_depend_on_the_order():
    for one, other in combinations(("", *harmony.tones()), 2):
        assert harmony.harmony(one, other) == harmony.harmony(other, one)
        assert 0.0 <= harmony.harmony(one, other).score <= 1.0


def test_the_documented_scores_are_those_of_the_table():
    for relation, score in data("harmony")["scores"].items():
        assert f"| {relation} | {score:g} |" in DOCS
    for pair, score in data("harmony")["pairs"].items():
        assert f"| {' and '.join(pair.split())} | {score:g} |" in DOCS
