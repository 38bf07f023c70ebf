"""What of a product is embedded, and how its two vectors become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from search.encoding.documents import LONGEST_TEXT, document_vectors, embedding_hash, embedding_text


def product(**fields):
    defaults = {"title": "Mojito", "colour": "Blue", "category": "Shirts", "gender": "Men", "brand": "Puma"}
    return Product(**defaults | fields)


def unit(*rows):
    rows = np.array(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_text_has_title_colour_category_gender_brand_and_descriptive_attributes():
    text = embedding_text(product(attributes={"Material": "Cotton", "size": "XL", "season": "Summer"}))
    assert text == "Mojito, Blue Shirts, Men, Puma, Cotton, Summer"


def test_words_of_the_title_are_not_repeated():
    assert embedding_text(product(title="Puma Men Blue Shirts")) == "Puma Men Blue Shirts"


def test_empty_parts_and_attributes_of_other_types_are_left_out():
    bare = product(colour="", category="", gender="", brand="", attributes={"material": ["a"], "fit": 3})
    assert embedding_text(bare) == "Mojito"


def test_a_long_title_is_cut():
    assert len(embedding_text(product(title="word " * 60, brand="b" * 120))) == LONGEST_TEXT


def test_the_hash_changes_with_text_picture_and_version_of_the_text(monkeypatch):
    before = embedding_hash("red shirt", "a")
    assert embedding_hash("red shirt", "b") != before
    assert embedding_hash("red shirts", "a") != before
    monkeypatch.setattr("search.encoding.documents.TEXT_VERSION", 2)
    assert embedding_hash("red shirt", "a") != before


@pytest.mark.parametrize(("share", "expected"), [(1.0, [1, 0]), (0.0, [0, 1]), (0.5, [0.7071, 0.7071])])
def test_the_share_mixes_picture_and_text(share, expected):
    mixed = document_vectors(unit([1, 0]), unit([0, 1]), np.array([True]), share)
    assert mixed[0] == pytest.approx(expected, abs=1e-4)


def test_without_a_picture_the_text_is_used_alone():
    mixed = document_vectors(np.zeros((1, 2), np.float32), unit([0.6, 0.8]), np.array([False]), 0.9)
    assert mixed[0] == pytest.approx([0.6, 0.8])


def test_of_a_picture_opposite_to_its_text_the_text_is_used():
    mixed = document_vectors(unit([-1, 0]), unit([1, 0]), np.array([True]), 0.5)
    assert mixed[0].tolist() == [1, 0]


@given(seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_every_document_vector_has_length_1(seed, share):
    generator = np.random.default_rng(seed)
    images, texts = unit(*generator.standard_normal((9, 5))), unit(*generator.standard_normal((9, 5)))
    mixed = document_vectors(images, texts, generator.random(9) < 0.7, share)
    assert mixed.dtype == np.float32
    assert np.linalg.norm(mixed, axis=1) == pytest.approx(np.ones(9), abs=1e-5)
