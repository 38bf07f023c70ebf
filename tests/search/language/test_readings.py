"""Sizes, materials, patterns, sales and cheaper become filters where the catalogue has them."""

from decimal import Decimal

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import TRANSLATE_ALL
from search.query import Chip

VOCABULARY = Vocabulary.of(
    category=("Dresses", "Shirts", "Casual Shoes"),
    colour=("Red", "Blue", "Black", "Pink"),
    size=("M", "L", "XL", "41", "EU 41"),
    material=("Leather", "Genuine Leather", "Cotton"),
    pattern=("Striped", "Checked"),
    on_sale=True,
)
SIZED = Vocabulary.of(
    category=("Dresses", "Jeans", "Socks", "Sneakers"),
    size=("S", "M", "L", "XL", "XXL", "3XL", "38", "39", "40", "41", "42", "39-42", "32", "One size"),
)
BARE = Vocabulary.of(category=("Dresses", "Casual Shoes"), colour=("Red",))


def parse(text, vocabulary=VOCABULARY, **options):
    return parse_query(text, vocabulary, **options)


@pytest.mark.parametrize(
    ("text", "field", "values", "left"),
    [
        ("red shoes size 41", "size", ("41", "EU 41"), "red shoes"),
        ("shirt in size M", "size", ("M",), "shirt"),
        ("eu 41 shoes", "size", ("EU 41",), "shoes"),
        ("shoes size EU 41", "size", ("EU 41",), "shoes"),
        ("XL shirt", "size", ("XL",), "shirt"),
        ("chaussures taille 41", "size", ("41", "EU 41"), "chaussures"),
        ("shoes in leather", "material", ("Leather", "Genuine Leather"), "shoes in leather"),
        ("leather shoes", "material", ("Leather", "Genuine Leather"), "leather shoes"),
        ("striped shirt", "pattern", ("Striped",), "striped shirt"),
        ("red shoes on sale", "on_sale", True, "red shoes"),
        ("sale", "on_sale", True, ""),
        ("dress sale", "on_sale", True, "dress"),
        ("shoes at a discount", "on_sale", True, "shoes"),
        ("Sonderangebote Kleid", "on_sale", True, "Kleid"),
        ("shoes 20% off", "on_sale", True, "shoes"),
        ("up to 50% off shoes", "on_sale", True, "shoes"),
        ("shoes with a 30 percent discount", "on_sale", True, "shoes"),
        ("shoes at half price", "on_sale", True, "shoes"),
        ("-20% shoes", "on_sale", True, "shoes"),
        ("Kleid 20 % reduziert", "on_sale", True, "Kleid"),
        ("Kleid bis zu 50% Rabatt", "on_sale", True, "Kleid"),
        ("robe jusqu'à 30% de réduction", "on_sale", True, "robe"),
        ("vestido 20% de descuento", "on_sale", True, "vestido"),
        ("vestito 20% di sconto", "on_sale", True, "vestito"),
        ("jurk 20% korting", "on_sale", True, "jurk"),
        ("sukienka 20% taniej", "on_sale", True, "sukienka"),
        ("elbise %20 indirim", "on_sale", True, "elbise"),
        ("vestido 20% de desconto", "on_sale", True, "vestido"),
    ],
)
def test_a_reading_becomes_a_filter_with_a_chip(text, field, values, left):
    parsed = parse(text)
    assert getattr(parsed.filters, field) == values
    assert field in {chip.field for chip in parsed.chips}
    assert parsed.text == left


@pytest.mark.parametrize(
    ("text", "values", "left"),
    [
        ("dress size S or M", ("S", "M"), "dress"),
        ("dress size S, M or L", ("S", "M", "L"), "dress"),
        ("S or M dress", ("S", "M"), "dress"),
        ("dress size S/M", ("S", "M"), "dress"),
        ("Kleid Größe S oder M", ("S", "M"), "Kleid"),
        ("Größe S oder M Kleid", ("S", "M"), "Kleid"),
        ("robe taille S ou M", ("S", "M"), "robe"),
        ("vestido talla S o M", ("S", "M"), "vestido"),
        ("vestito taglia S o M", ("S", "M"), "vestito"),
        ("jurk maat S of M", ("S", "M"), "jurk"),
        ("sukienka rozmiar S lub M", ("S", "M"), "sukienka"),
        ("vestido tamanho S ou M", ("S", "M"), "vestido"),
        ("elbise S veya M beden", ("S", "M"), "elbise"),
        ("sneakers size 40 or 41", ("40", "41"), "sneakers"),
        ("sneakers size 40 to 42", ("40", "41", "42"), "sneakers"),
        ("sneakers size 38-40", ("38", "39", "40"), "sneakers"),
        ("Schuhe Größe 40 bis 42", ("40", "41", "42"), "Schuhe"),
        ("XL or larger dress", ("XL", "XXL", "3XL"), "dress"),
        ("dress size XL and up", ("XL", "XXL", "3XL"), "dress"),
        ("Kleid XL oder größer", ("XL", "XXL", "3XL"), "Kleid"),
        ("dress size M or smaller", ("S", "M"), "dress"),
        ("sneakers size 41 or more", ("41", "42"), "sneakers"),
        ("2XL dress", ("XXL",), "dress"),
        ("dress XL", ("XL",), "dress"),
        ("sneakers eu 38", ("38",), "sneakers"),
        ("Schuhe EU 38", ("38",), "Schuhe"),
        ("39-42 socks", ("39-42",), "socks"),
        ("boots in 39", ("39", "39-42"), "boots"),
        ("boots in 39 for women", ("39", "39-42"), "boots for women"),
        ("dress in M", ("M",), "dress"),
        ("robe en M", ("M",), "robe"),
        ("jeans W32 L34", ("32",), "jeans"),
        ("jeans w32/l34", ("32",), "jeans"),
    ],
)
def test_every_size_that_the_words_name_is_read(text, values, left):
    parsed = parse(text, SIZED)
    assert parsed.filters.size == values
    assert parsed.text == left
    assert (parsed.filters.price_min, parsed.filters.price_max) == (None, None)


def test_alternative_sizes_have_a_chip_each_and_a_span_of_sizes_has_one():
    assert parse("dress size S or M", SIZED).chips == (Chip("size", "S", "size S"), Chip("size", "M", "M"))
    assert parse("XL or larger", SIZED).chips == (Chip("size", "XL – 3XL", "XL or larger"),)
    assert parse("dress size S or M", SIZED, ignore=("size:s",)).filters.size == ("M",)


@pytest.mark.parametrize(
    "text", ["shirt in 40 colours", "dress in 5", "20-40 dress", "levi's 501", "l'oréal m", "boots in 52"]
)
def test_a_number_that_may_be_no_size_is_none(text):
    assert parse(text, SIZED).filters.size == ()


@pytest.mark.parametrize("text", ["shirt m", "us 41 shoes", "shoes 41", "xs-tra shirt", "menus 41"])
def test_what_may_be_no_size_is_none(text):
    assert parse(text).filters.size == ()


@pytest.mark.parametrize("text", ["100% cotton shirt", "50% wool", "take off shoes", "20 % lighter dress"])
def test_a_share_of_something_else_is_no_sale(text):
    assert not parse(text).filters.on_sale


@pytest.mark.parametrize(
    ("text", "values", "left"),
    [
        ("shoes size 8.5 uk", ("UK 8.5",), "shoes"),
        ("shoes 8uk", ("UK 8",), "shoes"),
        ("shoes size 8-9 uk", ("UK 8", "UK 8.5", "UK 9"), "shoes"),
        ("shirt size medium", ("Medium",), "shirt"),
        ("small or medium shirt", ("Small", "Medium"), "shirt"),
        ("extra large shirt", ("X-Large",), "shirt"),
        ("shirt XL", ("X-Large",), "shirt"),
        ("shirt size M", ("Medium",), "shirt"),
        ("jeans 32x34", ("W32 L34",), "jeans"),
        ("jeans 32/34", ("W32 L34",), "jeans"),
        ("12-18m dress", ("12-18 months",), "dress"),
        ("dress 12-18 months", ("12-18 months",), "dress"),
        ("5 year warranty watch", (), "5 year warranty watch"),
        ("Schuhe ab 5 Jahre", (), "Schuhe ab 5 Jahre"),
        ("bag 32 x 40", (), "bag 32 x 40"),
        ("Kleid 12-18 Monate", ("12-18 months",), "Kleid"),
        ("robe 5 ans", ("5Y",), "robe"),
        ("dress for a 5 year old", ("5Y",), "dress"),
        ("dress size 12", (), "dress size 12"),
    ],
)
def test_a_size_is_read_in_the_forms_that_shoppers_write(text, values, left):
    sizes = ("UK 8", "UK 8.5", "UK 9", "Small", "Medium", "X-Large", "W32 L34", "12-18 months", "5Y")
    parsed = parse(text, Vocabulary.of(category=("Dresses", "Jeans"), size=sizes))
    assert (set(parsed.filters.size), parsed.text) == (set(values), left)


@pytest.mark.parametrize("text", ["shoes size 41", "leather shoes", "striped dress", "dress on sale"])
def test_nothing_is_read_that_the_catalogue_does_not_have(text):
    parsed = parse(text, BARE)
    assert parsed.chips == ()
    assert parsed.text == text


def test_a_removed_chip_takes_the_reading_back():
    parsed = parse("striped shirt size m", ignore=("size:M", "pattern:Striped"))
    assert parsed.chips == ()


def test_cheaper_means_below_the_price_of_the_product_asked_with():
    parsed = parse("cheaper in red", price=Decimal("49.90"))
    assert parsed.filters.price_max == Decimal("49.89")
    assert Chip("price_max", "49.89", "cheaper") in parsed.chips
    assert parse("cheaper in red").filters.price_max is None


def test_what_is_without_a_material_neither_states_nor_names_it():
    parsed = parse("shoes without leather")
    assert parsed.excluded.material == ("Leather", "Genuine Leather")
    assert parsed.unwanted == ("leather",)


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("leather or cotton shirt", "material", ("Leather", "Genuine Leather", "Cotton")),
        ("shirt in cotton/leather", "material", ("Cotton", "Leather", "Genuine Leather")),
        ("striped or checked shirt", "pattern", ("Striped", "Checked")),
        ("cotton and leather shirt", "material", ()),
        ("vegan leather shoes", "material", ()),
        ("shoes in faux leather", "material", ()),
        ("cotton or vegan leather shoes", "material", ()),
    ],
)
def test_alternative_materials_and_patterns_are_read_but_no_imitation(text, field, values):
    assert getattr(parse(text).filters, field) == values


@pytest.mark.parametrize("text", ["red stiletto shoes", "black wristwatch", "blue rain jacket"])
def test_a_colour_before_plain_words_is_read(text):
    assert len(parse(text).filters.colour) == 1


def test_a_colour_before_a_name_is_read_unless_titles_use_the_pair():
    names = {("pink", "floyd")}
    pair = lambda colour, word: (colour, word) in names  # noqa: E731
    assert parse("pink floyd shirt", is_name=pair).filters.colour == ()
    assert parse("pink zorbing shirt", is_name=pair).filters.colour == ("Pink",)


@pytest.mark.parametrize(
    "text",
    [
        "camicia di cotone bianca",
        "camisa de algodón azul",
        "camisa de algodão azul",
        "chemise en coton bleue",
    ],
)
def test_a_material_behind_its_garment_is_read_in_every_language(text):
    assert parse(text, translator=TRANSLATE_ALL).filters.material == ("Cotton",)
