"""The words of a query are interpreted once, and anew when what they are interpreted by has changed."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from catalog.models import Product
from search import engine
from search.models import Curated, Synonym
from search.query import SearchQuery, Sort
from search.query_builder import interpretation
from search.query_builder.interpretation import Mix

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(text, mix=Mix(), **fields):  # noqa: B008 - a value
    return interpretation.interpret(SearchQuery(text=text, **fields), engine.snapshot(), mix, now=NOW)


def test_words_that_were_read_are_not_read_again(shop):
    assert read("red dress") is read("red dress")


@pytest.mark.parametrize(
    "other",
    [
        {"ignore": ("colour:Red",)},
        {"exclude": "buttons"},
        {"curated": False},
        {"mix": Mix(has_picture=True, weight=0.5)},
        {"mix": Mix(has_picture=True, weight=1.0)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_is_asked_otherwise_is_read_by_itself(shop, other):
    assert read("red dress", **other) is not read("red dress")


def test_every_weight_between_the_ends_reads_alike(shop):
    low, high = (read("red dress", Mix(has_picture=True, weight=weight)) for weight in (0.2, 0.7))
    assert low is high
    assert (low.parsed.filters.colour, read("red dress").parsed.filters.colour) == ((), ("Red",))


@pytest.mark.parametrize(
    ("text", "sort", "colours"),
    [
        ("in red", None, ()),
        ("cheapest in red", None, ("Red",)),
        ("in red", Sort.PRICE, ("Red",)),
        ("cheapest in red", Sort.RELEVANCE, ()),
    ],
)
def test_an_order_weighs_no_colour_beside_a_picture_and_so_filters_by_it(shop, text, sort, colours):
    found = read(text, Mix(has_picture=True, weight=0.5), sort=sort)
    assert (found.parsed.filters.colour, found.words) == (colours, "in red")


def test_what_was_read_stays_when_staffs_rows_are_read_again_unchanged(shop):
    before = read("red dress")
    cache.delete(Curated.CACHE_KEY)
    assert read("red dress") is before


def test_a_synonym_of_staffs_counts_at_once(shop):
    assert not read("wrapper").synonyms
    Synonym.objects.create(term="wrapper", alternatives="dress")
    assert read("wrapper").synonyms == {"wrapper": ("dress",)}


def test_a_synonym_of_a_word_that_nothing_knows_finds_what_staff_say(shop):
    assert not read("zorp").is_known
    Synonym.objects.create(term="zorp", alternatives="dress")
    assert read("zorp").is_known
    assert not read("zorpal").is_known


def test_a_synonym_of_a_brand_that_the_shop_lacks_is_no_unknown_word(shop):
    assert read("blue levi's").spelling.unknown == ("levi's",)
    Synonym.objects.create(term="levi's", alternatives="boots")
    meant = read("blue levi's")
    assert (meant.spelling.unknown, meant.words) == ((), "blue levi's")


def test_a_colour_that_left_the_catalogue_is_no_filter_any_more(shop):
    assert read("red dress").parsed.filters.colour == ("Red",)
    Product.objects.filter(colour="Red").deactivate(NOW)
    engine.column_store().expire()
    assert read("red dress").parsed.filters.colour != ("Red",)


def test_what_was_pasted_and_what_is_listed_is_read_as_its_words(shop):
    assert read("https://shop.example.com/products/red-dress-12").words == "red dress"
    assert read("red dress, green boots").words == "red dress and green boots"
    assert read("rotes Kleid, Stiefel").words == "red dress and boots"


def test_an_article_number_is_found_behind_what_it_is_called(shop):
    number = Product.objects.values_list("product_id", flat=True).order_by("pk")[0]
    assert read(f"SKU: {number}").article == read(number).article == number
    assert read(f"SKU of {number}").article == ""
