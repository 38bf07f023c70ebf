"""Captions, and which caption is true of which picture."""

import pytest

from tests.training.items import item, truth
from training.captions.truth import FALSE, KIND_WORDS, TRUE, UNKNOWN, brand_of, title_key
from training.captions.writer import CaptionWriter

ITEMS = [
    item(1, "Tshirts", "Nike Men Striped Red Tshirt", "Red", "Men", "Sports"),
    item(2, "Shirts", "Arrow Men Check Blue Shirts", "Blue", "Men", "Formal"),
    item(3, "Sweatshirts", "Puma Women Hooded Black Sweatshirt", "Black", "Women", "Casual"),
    item(4, "Sweatshirts", "Puma Women Black Sweatshirt", "Black", "Women", "Casual"),
    item(5, "Handbags", "Baggit Women Maroon Handbag", "Maroon", "Women", "Casual"),
    item(6, "longsleeve", source="clothing"),
    item(7, "Track Pants", "Nike Men Grey Track Pants", "Grey", "Men", "Sports"),
]


@pytest.fixture(scope="module")
def writer():
    return CaptionWriter(ITEMS, per_slot=5, seed=1)


@pytest.fixture(scope="module")
def caption_set(writer):
    return writer.write()


def test_every_caption_written_for_a_picture_is_true_of_it(caption_set):
    for number, slots in enumerate(caption_set.by_item):
        for caption in (c for written in slots.values() for c in written):
            rows = caption_set.truth[list(caption_set.captions[caption].components), number]
            assert rows.min() == TRUE, caption_set.captions[caption].text


def test_captions_use_the_words_of_other_shops(caption_set):
    texts = {caption.text for caption in caption_set.captions}
    assert any("trousers" in text or "joggers" in text or "sweatpants" in text for text in texts)
    assert any("hood" in text.lower() for text in texts)


def test_a_synonym_is_true_of_all_kinds_that_it_names(writer):
    assert truth(writer, "kind", "tee") == [TRUE, FALSE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]
    assert truth(writer, "kind", "joggers")[6] == TRUE


def test_a_photo_without_a_label_counts_neither_way(writer):
    assert truth(writer, "kind", "jumper")[5] == UNKNOWN
    assert truth(writer, "colour", "red")[5] == UNKNOWN


def test_a_catalogues_own_label_is_exact_on_its_own_pictures(writer):
    assert truth(writer, "kind", "Shirts") == [FALSE, TRUE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]


def test_products_that_only_a_models_name_tells_apart_are_unknown():
    twins = [
        item(1, "Tshirts", "Puma Men Rugby Grey Tshirt", "Grey", "Men"),
        item(2, "Tshirts", "Puma Men Ducati Grey Tshirt", "Grey", "Men"),
        item(3, "Tshirts", "Puma Men Striped Grey Tshirt", "Grey", "Men"),
        item(4, "Tshirts", "Nike Men Club Grey Tshirt", "Grey", "Men"),
    ]
    writer = CaptionWriter(twins, per_slot=2, seed=1)
    assert truth(writer, "title", title_key(twins[0].title)) == [TRUE, UNKNOWN, FALSE, FALSE]


def test_a_brand_is_false_of_others_and_unknown_where_no_title_names_one(writer):
    assert truth(writer, "brand", "puma") == [FALSE, FALSE, TRUE, TRUE, FALSE, UNKNOWN, FALSE]


def test_every_title_with_a_brand_gets_captions_that_name_it(caption_set):
    texts = [caption_set.captions[number].text for number in caption_set.by_item[0]["brand"]]
    assert "nike" in texts
    assert caption_set.by_item[5]["brand"] == []


def test_a_hood_is_told_from_none(writer):
    assert truth(writer, "detail", "hoodie")[2:4] == [TRUE, FALSE]


def test_colours_that_people_confuse_are_unknown(writer):
    assert truth(writer, "colour", "burgundy")[4] == TRUE
    assert truth(writer, "colour", "red") == [TRUE, FALSE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]


def test_an_occasion_is_true_of_what_serves_it(writer):
    gym = truth(writer, "occasion", "something for the gym")
    assert (gym[0], gym[1], gym[4], gym[6]) == (TRUE, UNKNOWN, FALSE, TRUE)


def test_a_title_is_true_of_the_same_words_in_another_order():
    assert title_key("Arrow Men Check Blue Shirts") == title_key("Arrow Men Blue Check Shirt")


def test_the_brand_stands_before_the_gender():
    assert brand_of("Lino Perros Women Sequin Gold Wallet") == "lino perros"
    assert brand_of("Sunglasses") == ""


def test_every_kind_has_its_label_among_its_words():
    assert all(kind in called for kind, called in KIND_WORDS.items())
