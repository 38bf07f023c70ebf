"""Prices in a text: their limits become filters with chips, other numbers stay words."""

from decimal import Decimal

import pytest

from search.language.numerals import is_number
from search.language.parser import ParsedQuery
from search.query import Sort
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "low", "high", "left"),
    [
        ("dress under 50", None, "50", "dress"),
        ("dress under €49.90", None, "49.90", "dress"),
        ("dress, below 50 EUR please", None, "50", "dress"),
        ("dress for less than 30 dollars", None, "30", "dress"),
        ("from 20 to 40 eur", "20", "40", ""),
        ("jeans between 40 and 20", "20", "40", "jeans"),
        ("jeans 30-60€", "30", "60", "jeans"),
        ("jeans €30 - €60", "30", "60", "jeans"),
        ("jeans 30 € to 60 €", "30", "60", "jeans"),
        ("jeans over 20 under 50", "20", "50", "jeans"),
        ("jeans under 20 over 50", "20", "50", "jeans"),
        ("jeans >= 20", "20", None, "jeans"),
        ("shoes from 20 €", "20", None, "shoes"),
        ("Kleid unter 49,90 €", None, "49.90", "Kleid"),
        ("Kleid von 20 bis 40 Euro", "20", "40", "Kleid"),
        ("Schuhe ab 30 €", "30", None, "Schuhe"),
        ("jeans for 30 or less", None, "30", "jeans"),
        ("jeans $40 and under", None, "40", "jeans"),
        ("jeans 60 eur or more", "60", None, "jeans"),
        ("jeans within 60 euros", None, "60", "jeans"),
        ("jeans, budget 70", None, "70", "jeans"),
        ("jeans under Rs. 500", None, "500", "jeans"),
        ("jeans under USD 50", None, "50", "jeans"),
        ("jeans under 1k", None, "1000", "jeans"),
        ("jeans under 2.5k", None, "2500", "jeans"),
        ("jeans under 1,000", None, "1000", "jeans"),
        ("Jeans bis 1.000,50 €", None, "1000.50", "Jeans"),
        ("Jeans bis 40,- kaufen", None, "40", "Jeans"),
        ("jeans around 20 euros", "15", "25", "jeans"),
        ("Jeans für ca. 30 €", "22.50", "37.50", "Jeans"),
        ("jeans about $50", "37.50", "62.50", "jeans"),
        ("jeans not less than 30", "30", None, "jeans"),
        ("jeans not under 20 and not over 50", "20", "50", "jeans"),
        ("Hemd nicht mehr als 30 €", None, "30", "Hemd"),
        ("chemise pas plus de 30 euros", None, "30", "chemise"),
        ("camicia non più di 30 euro", None, "30", "camicia"),
        ("camisa no menos de 30 euros", "30", None, "camisa"),
        ("€40-60 jeans", "40", "60", "jeans"),
        ("jeans $40–60", "40", "60", "jeans"),
        ("jeans for 50 euros", "37.50", "62.50", "jeans"),
        ("$20 jeans", "15", "25", "jeans"),
        ("Jeans für 50 Euro", "37.50", "62.50", "Jeans"),
        ("jeans max 50", None, "50", "jeans"),
        ("jeans $50+", "50", None, "jeans"),
        ("jeans 50 €+", "50", None, "jeans"),
        ("jeans 50+ euros", "50", None, "jeans"),
        ("jeans, not more expensive than 50", None, "50", "jeans"),
        ("Schuhe nicht teurer als 50 Euro", None, "50", "Schuhe"),
        ("Schuhe billiger als 50", None, "50", "Schuhe"),
        ("Schuhe ab 40", None, None, "Schuhe ab 40"),
        ("Schuhe ab 50 €", "50", None, "Schuhe"),
        ("jeans over 100 or under 50", None, None, "jeans"),
        ("jeans unter 50 oder über 100 Euro", None, None, "jeans"),
    ],
)
def test_a_price_becomes_a_filter_and_leaves_the_text(text, low, high, left):
    parsed = parse(text)
    assert parsed.filters.price_min == (low and Decimal(low))
    assert parsed.filters.price_max == (high and Decimal(high))
    assert parsed.text == left
    assert {chip.field for chip in parsed.chips} == {
        name for name, value in (("price_min", low), ("price_max", high)) if value
    }


@pytest.mark.parametrize(
    "text",
    [
        "tights under 40 denier",
        "levis 501",
        "from 1969",
        "size 20-40",
        "100% cotton",
        "at least 50 percent cotton",
        "at least fifty percent cotton",
        "mindestens fünfzig prozent polyester",
        "forty niners jersey",
        "heels under 5cm",
        "heels under 3 inches",
        "air max 90",
        "bag with more than 2 pockets",
        "jacket below 0 degrees",
        'bag max 15.6"',
        "max 3 pairs",
        "delivered within 2 days",
        "jeans around 32",
        "jeans size 40 or more",
        "under",
        "50",
    ],
)
def test_a_number_that_is_no_price_stays_a_word(text):
    assert parse(text) == ParsedQuery(text=text)


@pytest.mark.parametrize(
    ("decimals", "text", "high"),
    [
        (3, "shoes under 12.345", "12.345"),
        (3, "shoes under 12,345", "12345"),
        (3, "shoes under 1,234,567", "1234567"),
        (3, "shoes under KWD 1,234.500", "1234.500"),
        (3, "shoes under 1234.500", "1234.500"),
        (3, "shoes under 1.234.567", "1234567"),
        (3, "shoes under 12.5", "12.5"),
        (2, "shoes under 12.345", "12345"),
        (2, "shoes under 0.750", "0.750"),
        (0, "shoes under 5,000", "5000"),
        (0, "shoes under 5.000", "5000"),
        (0, "shoes under ¥5,000", "5000"),
        (0, "shoes under 5000 yen", "5000"),
        (2, "shoes under A$50", "50"),
        (2, "shoes under 299 kr", "299"),
    ],
)
def test_a_shop_s_currency_says_whether_three_digits_are_thousands(decimals, text, high):
    parsed = parse(text, decimals=decimals)
    assert (parsed.filters.price_max, parsed.text) == (Decimal(high), "shoes")


def test_about_a_price_is_rounded_to_the_smallest_step():
    limits = parse("shoes around KWD 5.125", decimals=3).filters
    assert (limits.price_min, limits.price_max) == (Decimal("3.844"), Decimal("6.406"))
    assert parse("ron 10 tee") == ParsedQuery(text="ron 10 tee")


@pytest.mark.parametrize(
    ("decimals", "price", "below"), [(3, "12.345", "12.344"), (2, "12.50", "12.49"), (0, "5000", "4999")]
)
def test_cheaper_is_the_smallest_step_below_a_price(decimals, price, below):
    assert parse("cheaper", decimals=decimals, price=Decimal(price)).filters.price_max == Decimal(below)


@pytest.mark.parametrize(
    ("text", "low", "high", "left"),
    [
        ("shoes under fifty", None, "50", "shoes"),
        ("shoes forty to sixty dollars", "40", "60", "shoes"),
        ("shoes under twenty ninety", None, "20", "shoes ninety"),
        ("shoes twenty - fifty euro", "20", "50", "shoes"),
        ("shoes below a hundred", None, "100", "shoes"),
        ("shoes under thirty-five euros", None, "35", "shoes"),
        ("shoes fifty or less", None, "50", "shoes"),
        ("shoes under five dollars", None, "5", "shoes"),
        ("shoes for less than two hundred and fifty", None, "250", "shoes"),
        ("shoes over one thousand two hundred", "1200", None, "shoes"),
        ("shoes between a hundred and two hundred", "100", "200", "shoes"),
        ("shoes between fifty and sixty", "50", "60", "shoes"),
        ("shoes from twenty to 40 euros", "20", "40", "shoes"),
        ("Schuhe unter fünfzig Euro", None, "50", "Schuhe"),
        ("Schuhe bis fünfunddreissig", None, "35", "Schuhe"),
        ("Schuhe unter zweihundertfünfzig", None, "250", "Schuhe"),
        ("Schuhe zwischen fünfzig und hundert", "50", "100", "Schuhe"),
        ("three piece suit under fifty", None, "50", "three piece suit"),
    ],
)
def test_a_number_in_words_is_a_price_where_the_words_beside_it_say_so(text, low, high, left):
    parsed = parse(text)
    assert parsed.filters.price_min == (low and Decimal(low))
    assert parsed.filters.price_max == (high and Decimal(high))
    assert parsed.text == left


@pytest.mark.parametrize(
    "text",
    [
        *("forever twenty one", "twenty one pilots tee", "nine west", "fifty shades", "air max ninety"),
        *("under one roof", "coat under two layers", "tights under forty denier", "size under forty"),
        *("bag with more than twenty pockets", "seven for all", "zwei oder drei", "elf tee"),
    ],
)
def test_a_number_in_words_that_is_no_price_stays_a_word(text):
    assert parse(text) == ParsedQuery(text=text)


def test_the_chip_of_a_price_in_words_has_these_words():
    assert [chip.words for chip in parse("shoes fifty or less").chips] == ["fifty or less"]


@pytest.mark.parametrize(
    ("text", "low", "high", "left"),
    [
        ("price under 50", None, "50", ""),
        ("dress price 20-40", "20", "40", "dress"),
        ("dress 20-40 euro price range", "20", "40", "dress"),
        ("dress that costs less than 50", None, "50", "dress"),
        ("my budget is under 50", None, "50", ""),
        ("preis unter 100 euro", None, "100", ""),
        ("Kleid, Preis bis 50", None, "50", "Kleid"),
        ("Kleid zum Preis von 20 Euro", "15", "25", "Kleid"),
        ("prix moins de 50", None, "50", ""),
        ("precio menos de 50", None, "50", ""),
        ("prezzo sotto 50", None, "50", ""),
        ("prijs onder 50", None, "50", ""),
        ("cena do 50", None, "50", ""),
        ("preço até 50", None, "50", ""),
        ("fiyatı 50 altında elbise", None, "50", "elbise"),
    ],
)
def test_what_a_price_is_called_belongs_to_it(text, low, high, left):
    parsed = parse(text)
    limits = (parsed.filters.price_min, parsed.filters.price_max)
    assert limits == (low and Decimal(low), high and Decimal(high))
    assert parsed.text == left


def test_the_name_of_a_price_may_belong_to_an_order():
    parsed = parse("dress lowest price under 50")
    assert (parsed.sort, parsed.filters.price_max, parsed.text) == (Sort.PRICE, Decimal(50), "dress")


@pytest.mark.parametrize("word", ["zweihundert", "funfzig", "thirtyfive"])
def test_a_word_for_a_number_is_known(word):
    assert is_number(word)


def test_a_word_with_the_letters_of_a_number_is_none():
    assert not is_number("achtung")
