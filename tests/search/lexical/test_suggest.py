"""Completions come from the catalogue and from past searches."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from analytics.models import SearchLog
from search import engine
from search.lexical import building as lexical
from search.lexical.completions import Completion, collect
from search.lexical.documents import LexicalDocument
from search.lexical.suggestions import Suggestions
from search.suggest import past_searches
from tests.factories import NOW, ProductFactory
from tests.search.shop import reindex

DOCUMENTS = [
    LexicalDocument(f"Fern Linen Summer Dress {number}", "Fern", colour=colour, category="Dresses")
    for number, colour in enumerate(["Red", "Red", "Red", "Blue"])
] + [
    LexicalDocument("Fern Running Shoes with Grip", "Fern", colour="Red", category="Sports Shoes"),
    LexicalDocument("Zoë Running Shoes", "Zoë", colour="Black", category="Sports Shoes"),
    LexicalDocument("Running Shoes 501", colour="Black", category="Sports Shoes"),
]


@pytest.fixture(scope="module")
def suggestions():
    return Suggestions(collect(DOCUMENTS))


def texts(found):
    return [completion.text for completion in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("fe", "Fern"),
        ("zoe", "Zoë"),
        ("dre", "Dresses"),
        ("DRES", "Dresses"),
        ("red dr", "Red dresses"),
        ("fern dr", "Fern dresses"),
        ("summer", "summer dress"),
        ("running sh", "running shoes"),
        ("shoes", "Sports Shoes"),
        ("drseses", "Dresses"),
        ("sumer dress", "summer dress"),
        ("Kleid", "Dresses"),
        ("rotes kleid", "Red dresses"),
    ],
)
def test_it_completes_from_the_start_of_any_word(suggestions, typed, first):
    assert texts(suggestions.complete(typed))[0] == first


@pytest.mark.parametrize("typed", ["", "  ", "!?", "zeppelin"])
def test_a_text_that_matches_nothing_has_no_completions(suggestions, typed):
    assert suggestions.complete(typed) == []


def test_it_offers_no_whole_titles_numbers_or_rare_combinations(suggestions):
    offered = {completion.text for completion in collect(DOCUMENTS)}
    assert "Blue dresses" not in offered
    assert not any("501" in text or len(text.split()) > 3 for text in offered)
    assert not any(text.endswith("with") for text in offered)


def test_one_search_is_offered_once(suggestions):
    found = suggestions.complete("red", [Completion("red dress", "search", 5)])
    assert texts(found).count("Red dresses") + texts(found).count("red dress") == 1


def test_a_past_search_comes_before_the_catalogues_words(suggestions):
    found = suggestions.complete("red", [Completion("red carpet gown", "search", 3)])
    assert texts(found)[0] == "red carpet gown"


@given(typed=st.text(max_size=30))
def test_it_never_offers_more_than_eight(suggestions, typed):
    found = suggestions.complete(typed)
    assert len(found) <= 8
    assert len({completion.text for completion in found}) == len(found)


def by_people(text, visitors, days_ago, **changes):
    """Each of the visitors searches on each of the days."""
    for visitor, days in product(visitors, days_ago):
        fields = {"query_type": "text", "results_count": 5, "took_ms": 1.0} | changes
        moment = NOW - timedelta(days=days)
        SearchLog.objects.create(query_text=text, visitor=visitor, timestamp=moment, **fields)


@pytest.mark.django_db
def test_past_searches_were_made_by_several_people_on_several_days_and_found_something():
    by_people("linen dress", ["a01", "a02", "a03", "a04"], [0, 1])
    by_people("rare words", ["a01", "a02"], [0, 1])
    by_people("one day's news", ["a01", "a02", "a03"], [0])
    by_people("nothing here", ["a01", "a02", "a03"], [0, 1], results_count=0)
    by_people("long ago", ["a01", "a02", "a03"], [100, 101])
    assert past_searches(NOW) == [Completion("linen dress", "search", 4)]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["ada@example.com", "call 0171 55512", "x" * 61, ""])
def test_a_text_that_looks_personal_is_not_offered(text):
    by_people(text, ["a01", "a02", "a03"], [0, 1])
    assert past_searches(NOW) == []


@pytest.mark.django_db
def test_past_searches_are_read_once(django_assert_num_queries):
    cache.clear()
    with django_assert_num_queries(1):
        past_searches(NOW)
        past_searches(NOW)


def test_completions_are_published_with_the_index(tmp_path):
    lexical.build(DOCUMENTS, tmp_path)
    assert texts(Suggestions.load(tmp_path).complete("fe"))[0] == "Fern"


def test_an_index_without_completions_suggests_nothing(tmp_path):
    assert Suggestions.load(tmp_path).complete("fe") == []


@pytest.mark.django_db
def test_the_endpoint_answers_from_the_index_in_service(client, tmp_path, monkeypatch):
    lexical.build(DOCUMENTS, tmp_path)
    monkeypatch.setattr(engine, "suggestions", lambda: Suggestions.load(tmp_path))
    answer = client.get(reverse("api-suggest"), {"q": "red d"})
    assert answer.status_code == 200
    assert answer.json()["query"] == "red d"
    assert answer.json()["suggestions"] == [{"text": "Red dresses", "kind": "category"}]


def test_a_new_index_brings_its_own_completions(shop, colour_encoder):
    before = engine.suggestions()
    assert engine.suggestions() is before
    ProductFactory.create_batch(2, title="Chartreuse dress", category="Dress", colour="Chartreuse")
    reindex(colour_encoder)
    assert engine.suggestions() is not before
    assert texts(engine.suggestions().complete("chart"))[0] == "Chartreuse dress"


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", [{}, {"q": ""}])
def test_the_endpoint_answers_before_anything_is_indexed_or_typed(client, parameters):
    answer = client.get(reverse("api-suggest"), parameters)
    assert answer.status_code == 200
    assert answer.json()["suggestions"] == []


@pytest.mark.django_db
def test_the_endpoint_refuses_a_long_text(client):
    assert client.get(reverse("api-suggest"), {"q": "x" * 101}).status_code == 400
