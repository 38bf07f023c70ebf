"""An answer says which size in the words was let go because the shop has none of it."""

import pytest

from search import retrieval
from search.query import SearchQuery
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


def search(text, **query):
    return retrieval.search(SearchQuery(text=text, **query), user=None, now=NOW, track=False)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("size 8 dress", "8"),
        ("dress size 8", "8"),
        ("dress 6 years", "6 years"),
        ("Kleid Größe 42", "42"),
        ("dress uk 12", "uk 12"),
        ("robe 6 ans", "6 ans"),
        ("robe taille 42", "42"),
    ],
)
def test_a_size_that_nothing_has_is_let_go_and_the_thing_is_read(shop, text, size):
    found = search(text)
    assert (found.relaxed.field, found.relaxed.value) == ("size", size)
    assert found.relaxed.text == f"{found.total} without size {size}"
    assert found.total == search("dress").total
    assert [chip.value for chip in found.chips if chip.field == "kind"] == ["Dress"]


@pytest.mark.parametrize("text", ["size 8 women's dress", "womens size 8 dress", "women's dress size 8"])
def test_a_gender_beside_it_is_read_too(shop, text):
    found = search(text)
    assert {(chip.field, chip.value) for chip in found.chips} == {("gender", "Women"), ("kind", "Dress")}
    assert found.relaxed.value == "8"


def test_a_size_that_something_has_is_a_filter(shop):
    found = search("dress size M")
    assert (found.relaxed, [chip.value for chip in found.chips if chip.field == "size"]) == (None, ["M"])


@pytest.mark.parametrize("ignored", [("size:8",), ("all",)])
def test_of_a_size_that_was_taken_back_nothing_is_said(shop, ignored):
    assert search("dress size 8", ignore=ignored).relaxed is None


def test_an_age_that_says_for_whom_a_thing_is_stays(shop):
    assert search("dress for my 8 year old niece").relaxed is None


def test_a_size_alone_is_searched_as_it_is(shop):
    assert search("size 8").relaxed is None
