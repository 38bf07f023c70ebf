"""Negated words: values of the catalogue are excluded, other things are unwanted."""

import pytest

from search.language.parser import ParsedQuery
from search.language.translation import TRANSLATE_ALL
from search.query import Filters
from tests.search.language.parsing import parse


@pytest.mark.parametrize(
    ("text", "excluded", "left"),
    [
        ("dress not red", {"colour": ("Red",)}, "dress"),
        ("not red dress", {"colour": ("Red",)}, "dress"),
        ("dress -red", {"colour": ("Red",)}, "dress"),
        ("dress, not in red, under 50", {"colour": ("Red",)}, "dress"),
        ("dress but not blue", {"colour": ("Blue", "Navy Blue")}, "dress"),
        ("dress not red or blue", {"colour": ("Red", "Blue", "Navy Blue")}, "dress"),
        ("shoes except red and black ones", {"colour": ("Red", "Black")}, "shoes ones"),
        ("Kleid nicht Navy Blue", {"colour": ("Navy Blue",)}, "Kleid"),
        ("shoes without nike", {"brand": ("Nike",)}, "shoes"),
        ("no jeans but dresses", {"category": ("Jeans",)}, "dresses"),
        ("not shorts and not red", {"category": ("Shorts",), "colour": ("Red",)}, ""),
        ("bag not for men", {"gender": ("Men",)}, "bag"),
        ("dress that isn't red", {"colour": ("Red",)}, "dress"),
        ("dresses which are not red for women", {"colour": ("Red",)}, "dresses for women"),
        ("I don't want red, a dress", {"colour": ("Red",)}, "a dress"),
        ("dress other than red", {"colour": ("Red",)}, "dress"),
        ("anything but black shoes", {"colour": ("Black",)}, "shoes"),
        ("dresses apart from red ones", {"colour": ("Red",)}, "dresses ones"),
        ("plain tee, never red", {"colour": ("Red",)}, "plain tee"),
        ("dress instead of jeans", {"category": ("Jeans",)}, "dress"),
        ("non-red dress", {"colour": ("Red",)}, "dress"),
        ("everything except jeans", {"category": ("Jeans",)}, ""),
        ("navy blue excluded, dress", {"colour": ("Navy Blue",)}, "dress"),
        ("neither red nor blue dress", {"colour": ("Red", "Blue", "Navy Blue")}, "dress"),
        ("dress any colour but red", {"colour": ("Red",)}, "dress"),
        ("shoes not made from denim", {"material": ("Denim",)}, "shoes"),
        ("denim-free shoes", {"material": ("Denim",)}, "shoes"),
    ],
)
def test_a_negated_value_of_the_catalogue_is_excluded(text, excluded, left):
    parsed = parse(text)
    assert parsed.excluded == Filters(**excluded, exact_colour=True)
    assert parsed.text == left
    # A product that states no material may name it elsewhere.
    assert parsed.unwanted == (("denim",) if "material" in excluded else ())


def test_what_follows_a_negated_colour_is_still_wanted():
    parsed = parse("not red and long")
    assert parsed.excluded.colour == ("Red",)
    assert parsed.text == "long"


@pytest.mark.parametrize(
    ("text", "unwanted", "left"),
    [
        ("shirt without logos", ("logos",), "shirt"),
        ("shirt ohne Muster", ("muster",), "shirt"),
        ("shirt no stripes and no dots", ("stripes", "dots"), "shirt"),
        ("shirt without flower print on the front", ("flower print",), "shirt on the front"),
        ("no sleeves top", ("sleeves",), "top sleeveless"),
        ("sweater no roll neck", ("roll neck",), "sweater"),
        ("dress not sleeveless", ("sleeveless",), "dress"),
        ("shoes with no laces for the gym", ("laces",), "shoes for the gym"),
        ("shoes that don't have laces", ("laces",), "shoes"),
        ("shirt without long sleeves", ("long sleeves",), "shirt"),
    ],
)
def test_any_other_negated_thing_is_unwanted(text, unwanted, left):
    parsed = parse(text)
    assert parsed.unwanted == unwanted
    assert parsed.text == left
    assert parsed.excluded == Filters()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("dress not too short", "dress long"),
        ("dress not to short", "dress long"),
        ("not very long dress", "dress short"),
        ("skirt, nothing too short", "skirt long"),
        ("not short dress", "dress long"),
        ("not too expensive shoes", "shoes"),
        ("not expensive shoes", "shoes"),
        ("nothing fancy dress", "dress"),
        ("not boring stuff", "stuff"),
        ("dress not too tight or short", "dress loose long"),
        ("dress that is not too short for the gym", "dress for the gym long"),
        ("dress with not too many buttons", "dress"),
        ("dress not too colourful, red", "dress, red"),
        ("dress not too red", "dress"),
    ],
)
def test_what_is_only_wanted_less_excludes_nothing(text, left):
    parsed = parse(text)
    assert parsed.unwanted == ()
    assert parsed.excluded == Filters()
    assert parsed.text == left
    assert not any(chip.field == "exclude" for chip in parsed.chips)


def test_what_is_excluded_beside_it_still_is():
    parsed = parse("dress not too short or red")
    assert (parsed.excluded.colour, parsed.text) == (("Red",), "dress long")
    assert [chip.words for chip in parsed.chips] == ["not too short or red"]


@pytest.mark.parametrize(
    "text", ["dress not to wear with jeans", "dress not to a wedding", "dress not to jeans"]
)
def test_a_to_before_a_thing_is_no_too(text):
    assert parse(text).chips != ()


@pytest.mark.parametrize(
    ("text", "unwanted", "kept"),
    [
        ("jacket without hood black", "hood", {"colour": ("Black",)}),
        ("Jacke ohne Kapuze black", "kapuze", {"colour": ("Black",)}),
        ("jacket no hood women", "hood", {"gender": ("Women", "Unisex")}),
    ],
)
def test_what_stands_behind_an_unwanted_thing_is_no_part_of_it(text, unwanted, kept):
    parsed = parse(text)
    assert parsed.unwanted == (unwanted,)
    assert parsed.filters == Filters(**kept, exact_colour=True)


@pytest.mark.parametrize(
    "text",
    [
        "denim free shipping",
        "dress free size",
        "no show socks",
        "non iron shirt",
        "nothing but dresses",
        "not only long dress",
        "no nonsense socks",
        "not",
        "no",
        "other than",
        "excluded",
        "knot dress",
        "dress - long",
        "-",
        "coat for -10 degrees",
        "coat for minus 10 degrees",
    ],
)
def test_what_only_looks_like_a_negation_stays_a_word(text):
    assert parse(text) == ParsedQuery(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "dress, black and blue excluded",
        "siyah ve mavi olmayan elbise",
        "ELBİSE SİYAH VE MAVİ DEĞİL",
        "robe ni noire ni bleue",
        "vestido ni negro ni azul",
        "vestito né nero né blu",
        "vestido nem preto nem azul",
        "sukienka ani czarna ani niebieska",
        "dress nor black nor blue",
    ],
)
def test_several_colours_are_excluded_together(text):
    parsed = parse(text, translator=TRANSLATE_ALL)
    assert set(parsed.excluded.colour) >= {"Black", "Blue"}
    assert (parsed.text.strip(", "), parsed.filters.colour) == ("dress", ())


def test_a_single_joiner_negates_nothing():
    assert parse("noch rote Kleider", translator=TRANSLATE_ALL).filters.colour == ("Red",)


@pytest.mark.parametrize("text", ["unpadded jacket", "un-padded jacket", "jacket, unpadded"])
def test_a_word_may_say_itself_that_something_is_lacking(text):
    parsed = parse(text)
    assert (parsed.unwanted, parsed.text) == (("padded",), "jacket")
    assert [(chip.field, chip.value) for chip in parsed.chips] == [("exclude", "padded")]


@pytest.mark.parametrize("text", ["united tee", "unisex jacket", "undershirt", "unrelated jacket"])
def test_other_words_that_begin_alike_exclude_nothing(text):
    assert parse(text).unwanted == ()
