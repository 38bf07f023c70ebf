"""The kinds that words mean, from what the categories of a catalogue have in common with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.index.categories import SAMPLE, Categories, CategoryNames, stored_names
from search.index.columns import Codes, Columns, ManyCodes
from search.ranking.kind_names import named_as
from search.ranking.kinds import (
    LEAST_PRODUCTS,
    MARGIN,
    ignored_kinds,
    is_readable,
    kind_words,
    kinds_of,
    with_picture,
)
from tests.search.ranking.kinds_shop import COUNT, columns, encode, labels, read, scores, shop_categories


@pytest.fixture(scope="module")
def categories():
    return shop_categories()


def test_the_nearest_category_is_meant_and_those_just_below_it(categories):
    kinds = read(categories, "frock", Dresses=0.8, Shirts=0.8 - MARGIN, Tights=0.1)
    assert labels(categories, kinds.meant) == {"Dresses", "Shirts"}
    assert kinds.label == ""
    assert read(categories, "frock", Dresses=0.9, Shirts=0.5).label == "Dresses"


def test_what_products_say_is_evidence_for_their_category(categories):
    shirts = np.flatnonzero(categories.of_row == categories.labels.index("Shirts"))
    kinds = read(categories, "chambray", saying=shirts, Dresses=0.5, Shirts=0.5)
    assert kinds.label == "Shirts"


def test_a_thing_of_another_kind_that_says_a_describing_word_answers_it(categories):
    synonyms = {"hood": ("shirt",)}
    boots = np.flatnonzero(categories.of_row == categories.labels.index("Rain Boots"))[:1]
    kinds = read(categories, "hooded", saying=boots, synonyms=synonyms, Shirts=0.9)
    named = read(categories, "hoods", saying=boots, synonyms=synonyms, Shirts=0.9)
    assert labels(categories, named.meant) == {"Shirts"}
    assert labels(categories, kinds.meant) == {"Shirts", "Rain Boots"}
    assert np.count_nonzero(kinds.meant) == 21


def test_a_head_noun_beats_its_modifier(categories):
    kinds = read(categories, "dress shirts", Dresses=0.6, Shirts=0.5)
    assert kinds.label == "Shirts"
    assert read(categories, "shirts for a dress", Dresses=0.6, Shirts=0.5).label == "Shirts"


def test_a_kind_of_hardly_any_products_does_not_leave_out_the_next(categories):
    kinds = read(categories, "pantyhose", Tights=0.9, Shirts=0.5)
    assert labels(categories, kinds.meant) == {"Tights", "Shirts"}
    assert np.count_nonzero(kinds.meant) >= LEAST_PRODUCTS


@pytest.mark.parametrize(
    ("text", "label", "count"),
    [("rain boots", "Rain Boots", 12), ("boots rain", "Rain Boots", 12), ("clothes", "Clothes", 50)],
)
def test_the_name_of_a_category_or_of_a_step_to_it_is_that_kind(categories, text, label, count):
    kinds = read(categories, text, Dresses=0.9)
    assert (kinds.label, kinds.is_named, np.count_nonzero(kinds.meant)) == (label, True, count)
    assert kinds.certainty == 1.0


def test_words_that_no_category_is_called_name_no_kind_for_sure(categories):
    assert read(categories, "striped", names=0.3).certainty == 0.0
    assert 0.0 < read(categories, "frock", names=0.5).certainty < 1.0
    assert read(categories, "dress like", names=0.9).certainty == 1.0


def test_colours_and_genders_are_no_part_of_a_kind(categories):
    assert kind_words("red rain boots for women", categories) == "rain boots for"
    assert kind_words("navy blue dress", categories) == "dress"
    assert kind_words("red", categories) == "red"
    assert kind_words("cheap kids dress", categories) == "dress"
    assert kind_words("cheap", categories) == "cheap"


def test_a_category_may_be_named_by_whose_things_it_holds():
    named = shop_categories({"Kids Shoes": 30, "Dresses": 30}, {})
    assert kind_words("cheap kids shoes", named) == "kids shoes"
    assert kind_words("baby dress", named) == "dress"


def test_a_picture_moves_the_kinds_that_are_meant(categories):
    kinds = read(categories, "in red", Dresses=0.5, Shirts=0.45)
    picture = scores(categories, **{"Rain Boots": 0.9})
    assert labels(categories, with_picture(kinds, categories, picture, 0.9)) == {"Rain Boots"}
    assert labels(categories, with_picture(kinds, categories, picture, 0.1)) >= {"Dresses", "Shirts"}


def test_a_catalogue_without_categories_has_no_kinds():
    empty = Categories.of(
        Columns(**vars(columns()) | {"category": Codes.of([""] * COUNT)}),
        np.zeros((COUNT, 8), np.float32),
        CategoryNames({}),
        encode,
    )
    assert read(empty, "dress") is None


@given(
    likeness=arrays(np.float32, 4, elements=st.floats(-0.5, 1.25, width=32)),
    names=arrays(np.float32, 4, elements=st.floats(-0.5, 1.25, width=32)),
    saying=st.sets(st.integers(0, COUNT - 1)),
)
def test_evidence_is_a_term_and_something_is_always_meant(categories, likeness, names, saying):
    sample = scores(categories, **dict(zip(categories.labels, likeness.tolist(), strict=True)))
    arguments = {"likeness": sample, "names": names, "saying": np.array(sorted(saying), np.int64)}
    kinds, again = (kinds_of("frock", categories, **arguments) for _time in range(2))
    evidence = kinds.evidence(np.arange(COUNT))
    assert ((evidence >= 0) & (evidence <= 1)).all()
    assert np.count_nonzero(kinds.meant) >= LEAST_PRODUCTS
    assert 0 <= kinds.certainty <= 1
    assert np.array_equal(evidence, again.evidence(np.arange(COUNT)))
    assert np.array_equal(kinds.meant, again.meant)


def test_a_large_category_is_compared_by_a_sample():
    many = SAMPLE * 3
    nothing = ManyCodes.of([()] * many)
    big = Columns(
        **vars(columns())
        | {
            "keys": np.arange(many),
            "active": np.ones(many, bool),
            **{name: Codes.of(["x"] * many) for name in ("category", "colour", "brand", "gender")},
            **dict.fromkeys(("steps", "size", "material", "pattern"), nothing),
            "group": np.arange(many),
            "price": np.ones(many),
            "in_stock": np.ones(many, bool),
            "on_sale": np.zeros(many, bool),
            "created": np.zeros(many),
        }
    )
    vectors = np.arange(many * 2, dtype=np.float32).reshape(many, 2)
    found = Categories.of(big, vectors, CategoryNames({}), lambda texts: np.ones((len(texts), 2), np.float32))
    assert len(found.sample_vectors) == SAMPLE
    assert np.isin(found.sample_vectors[[0, -1], 0], vectors[[0, -1], 0]).all()


def test_names_of_a_version_are_not_encoded_again(tmp_path):
    (tmp_path / "category-names.npz").write_bytes(stored_names(["Dresses", "T-Shirts", ""], encode))
    asked = []

    def counted(texts):
        asked.extend(texts)
        return encode(texts)

    names = CategoryNames.load(tmp_path)
    assert names.vectors(["t-shirts", "DRESSES"], counted).shape == (2, 8)
    assert names.vectors(["Hats", "Hats"], counted).shape == (2, 8)
    assert asked == ["hats"]


@pytest.mark.parametrize(
    ("ignore", "expected"),
    [
        ((), ()),
        (("kind",), None),
        (("all",), None),
        (("Kind:Dresses", "colour:Red"), ("dresses",)),
    ],
)
def test_kinds_are_taken_back_by_name_or_altogether(ignore, expected):
    assert ignored_kinds(ignore) == expected


@pytest.mark.parametrize(
    ("word", "readable"),
    [
        ("skirt", True),
        ("skirts", True),
        ("miniskirts", True),
        ("skirtzz", False),
        ("xyzskirt", False),
        ("skirtmini", True),
        ("primark", False),
    ],
)
def test_an_encoder_reads_words_that_end_on_a_word_of_fashion_that_it_knows(word, readable):
    assert is_readable(word, {"mini", "skirt", "prim", "ark"}.__contains__) is readable


def test_everyday_names_are_the_kinds_that_the_catalogue_has(categories):
    names = {"frock": ("dress",), "welli": ("rain boot",), "garb": ("dress", "clothes")}
    assert named_as("frocks", categories, names)[0] == ["Dresses"]
    assert named_as("garb", categories, names)[0] == ["Dresses"]
    assert named_as("shirt", categories, {"shirt": ("dress",)})[0] == ["Shirts"]
    assert named_as("hat", categories, names) == ([], None)


def test_a_kind_of_one_product_is_named_with_what_it_is_another_name_of(categories):
    assert named_as("tights", categories, {"tight": ("dress",)})[0] == ["Tights", "Dresses"]
    assert named_as("tights", categories, {})[0] == ["Tights"]


def test_a_category_hardly_less_meant_than_those_of_an_everyday_name_answers_too(categories):
    names = {"frock": ("dress",)}
    near = read(categories, "frock", synonyms=names, Dresses=0.8, Shirts=0.7)
    assert labels(categories, near.meant) == {"Dresses", "Shirts"}
    far = read(categories, "frock", synonyms=names, Dresses=0.8, Shirts=0.5)
    assert labels(categories, far.meant) == {"Dresses"}
    unknown = read(categories, "frock", synonyms=names, Dresses=0.4, Shirts=0.8)
    assert labels(categories, unknown.meant) == {"Dresses"}
    own = read(categories, "dress", synonyms=names, Dresses=0.8, Shirts=0.8)
    assert labels(categories, own.meant) == {"Dresses"}


def test_a_need_means_the_things_that_serve_it(categories):
    kinds = read(categories, "something dry for rainy days", Dresses=0.5, Shirts=0.5, **{"Rain Boots": 0.4})
    assert labels(categories, kinds.meant) == {"Rain Boots"}


def test_a_need_says_which_of_the_things_asked_for_are_meant(categories):
    kinds = read(categories, "shirt for rainy days", Dresses=0.4, Shirts=0.4, **{"Rain Boots": 0.4})
    assert labels(categories, kinds.meant) == {"Shirts"}
