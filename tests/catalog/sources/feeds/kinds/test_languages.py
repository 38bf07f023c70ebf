"""Feeds that state a text in several languages, by tagged columns, elements or objects."""

import json

import pytest


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("title_en", "title_de"),
        ("title@en", "title@de"),
        ("name(en-gb)", "name(de-de)"),
        ("Title [EN]", "Title [DE]"),
        ("Name (English)", "Name (German)"),
        ("en_title", "de_title"),
        ("name-en_GB", "name-de_AT"),
        ("titleEN", "titleDE"),
    ],
)
def test_one_language_of_several_columns_is_read(export, english, german):
    products, _skipped, rejected, notes = export(
        {"id": "1", german: "Kleid", english: "Dress", "price": "9.00"}
    )
    assert not rejected
    assert products["1"].title == "Dress"
    assert products["1"].attributes == {}
    assert "en was read, and others (de) only where it says nothing" in notes


def test_the_report_says_how_another_language_is_read(look):
    feed = "id,title_en,title_de,price\n1,Dress,Kleid,9.00\n"
    _products, _rejected, notes = look(feed)
    assert "--map title_de=title" in notes
    (product,), _rejected, _notes = look(feed, columns=["title_de=title"])
    assert product.title == "Kleid"


def test_a_text_that_one_language_lacks_is_read_in_another(look):
    products, *_ = look("id,title_en,title_de,price\n1,,Kleid,9.00\n2,Hat,Hut,5.00\n")
    assert [each.title for each in products] == ["Kleid", "Hat"]


def test_a_single_language_is_read_whatever_it_is(look):
    (product,), _rejected, notes = look("id;title_pl;description_pl;price\n1;Sukienka;Lniana;9,00\n")
    assert (product.title, product.description) == ("Sukienka", "Lniana")
    assert "languages" not in notes


def test_a_column_without_a_language_comes_first(export):
    products, *_ = export({"id": "1", "title": "Robe", "title_en": "Dress", "price": "9.00"})
    assert products["1"].title == "Robe"


@pytest.mark.parametrize(
    "column", ["category_id", "style_no", "color_id", "size_it", "size_uk", "delivery_de"]
)
def test_a_column_that_only_looks_tagged_stays_itself(export, column):
    products, *_ = export({"id": "1", "title": "Dress", "price": "9.00", column: "77"})
    assert products["1"].attributes == {column: "77"}
    assert (products["1"].category, products["1"].colour) == ("", "")


def test_an_object_of_languages_in_json_is_one_text(look):
    record = {
        "id": 1,
        "title": {"de": "Kleid", "en": "Dress"},
        "color": {"de": "Rot", "en": "Red"},
        "price": 9,
    }
    (product,), _rejected, _notes = look(json.dumps(record))
    assert (product.title, product.colour) == ("Dress", "Red")


def test_elements_in_several_languages_are_one_text(look):
    (product,), _rejected, _notes = look(
        '<rss><channel><item><id>1</id><title xml:lang="de">Kleid</title><title xml:lang="en">Dress</title>'
        "</item></channel></rss>"
    )
    assert product.title == "Dress"
