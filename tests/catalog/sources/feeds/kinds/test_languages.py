"""Feeds that state a text in several languages, by tagged columns, elements or objects."""

import json

import pytest

from catalog.sources.feeds.languages import Languages
from catalog.sources.feeds.options import FeedOptions, InvalidOptions
from catalog.sources.feeds.rows import Row


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
    assert "--language de reads another" in notes
    (product,), _rejected, _notes = look(feed, language="de")
    assert product.title == "Kleid"


def test_one_option_chooses_the_language_of_every_text(export):
    row = {"id": "1", "price": "9.00", "material_en": "Linen", "material_de": "Leinen"}
    for field, english, german in (
        *(("title", "Dress", "Kleid"), ("description", "Airy", "Luftig"), ("category", "Dresses", "Kleider")),
        *(("color", "Red", "Rot"), ("link", "https://fern.example/en", "https://fern.example/de")),
    ):
        row |= {f"{field}_en": english, f"{field}_de": german}
    products, *_ = export(row, options=FeedOptions(language="de"))
    shown = products["1"]
    assert (shown.title, shown.description, shown.category) == ("Kleid", "Luftig", "Kleider")
    assert (shown.colour, shown.url) == ("Rot", "https://fern.example/de")
    assert shown.attributes == {"material": "Leinen"}


@pytest.mark.parametrize(
    ("plain", "german"),
    [("title", "title_de"), ("title", "name_de"), ("name", "title_de"), ("name", "product_name_de")],
)
def test_the_chosen_language_comes_before_a_column_without_one(look, plain, german):
    (product,), *_ = look(f"id,{plain},{german}\n1,Dress,Kleid\n", language="de")
    assert (product.title, product.attributes) == ("Kleid", {})


def test_without_a_choice_the_report_names_the_language_that_was_passed_over(look):
    (product,), _rejected, notes = look("id,title,title_de,price\n1,Dress,Kleid,9.00\n")
    assert product.title == "Dress"
    assert "--language de reads the others" in notes


def test_what_the_chosen_language_lacks_is_read_in_another(look):
    feed = "id,title,title_en,title_de\n1,Robe,Dress,\n2,,Hat,\n3,Sac,Bag,Tasche\n"
    products, *_ = look(feed, language="de")
    assert [each.title for each in products] == ["Robe", "Hat", "Tasche"]


def test_a_mapped_column_comes_before_the_chosen_language(look):
    (product,), *_ = look("id,label,title_de\n1,Robe,Kleid\n", columns=["label=title"], language="de")
    assert product.title == "Robe"


@pytest.mark.parametrize(
    ("header", "mapped"),
    [("id,name,title_de", "name=title"), ("id,description,description_de", "description=title")],
)
def test_a_mapped_column_of_a_known_name_comes_first_as_well(look, header, mapped):
    (product,), *_ = look(f"{header}\n1,Robe,Kleid\n", columns=[mapped], language="de")
    assert product.title == "Robe"


def test_the_column_that_tells_products_from_variants_stays():
    cells = {"type": ["variable"], "category_name_de": ["Kleider"]}
    read = Languages("de").read(Row(1, cells)).cells
    assert read["type"] == ["variable"]
    assert "Kleider" in [text for texts in read.values() for text in texts]


def test_the_report_names_the_chosen_language_and_not_the_one_with_most_texts(look):
    header = "id,title_de,title_en,description_en,brand_en"
    _products, *told = look(f"{header}\n1,Kleid,Dress,Long,Ark\n", language="DE")
    assert "de was read" in str(told)
    assert "reads another" not in str(told)


def test_attributes_in_several_languages_are_one_in_the_chosen(look):
    feed = "id,title,season_de,season_en,size_de,size_it,care_en\n1,Kleid,Sommer,Summer,38,44,Wash\n"
    (product,), *_ = look(feed, language="de")
    assert product.attributes == {"season": "Sommer", "size_de": "38", "size_it": "44", "care_en": "Wash"}


def test_a_language_that_no_column_names_is_reported(look):
    (product,), _rejected, notes = look("id,title_en,title_de\n1,Dress,Kleid\n", language="fr")
    assert product.title == "Dress"
    assert "No column states a text in fr, the language of --language; they name de, en." in notes


def test_an_unknown_language_is_refused():
    with pytest.raises(InvalidOptions, match="'deutsch' is not the code of a language"):
        FeedOptions(language="deutsch")


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
