"""What a results page says of its answer: counts in the rail, and what is shown beside nothing."""

import re

import pytest

from search import relaxation
from search.pages import fragments
from search.pages.facets import Choice, Facet
from search.templatetags import filters


def facet(count):
    values = tuple(Choice(str(n), str(n), 1, selected=False) for n in range(count))
    return Facet("brand", "brand", "Brand", values, is_open=True)


@pytest.mark.parametrize(("values", "folded"), [(8, 0), (10, 0), (11, 3), (30, 22)])
def test_one_or_two_choices_are_not_worth_a_tap_to_unfold(values, folded):
    assert len(facet(values).rest) == folded
    assert len(facet(values).first) == values - folded


@pytest.mark.parametrize(("count", "shown"), [(7, "7"), (999, "999"), (1000, "1,000+")])
def test_where_counting_ended_a_count_says_so(count, shown):
    assert relaxation.shown_count(count) == shown


@pytest.fixture
def counting_ends_at_15(monkeypatch):
    """Parts of pages that were rendered with another end are of no use here, nor these elsewhere."""
    monkeypatch.setattr(relaxation, "CAP", 15)
    kept = (fragments.rendered.cache, filters.choices.cache)
    for each in kept:
        each.clear()
    yield
    for each in kept:
        each.clear()


def test_the_rail_shows_counts_as_people_write_them(client, shop, counting_ends_at_15):
    page = client.get("/results?text=dress").content.decode()
    assert re.search(r'id="in-stock".*?choice-count">12<', page, re.DOTALL)
    page = client.get("/results").content.decode()
    assert '<span class="choice-count">15+</span>' in page


def test_words_that_nothing_knows_show_what_is_popular_not_what_is_near_by_chance(client, shop):
    page = client.get("/results?text=punainen+mekko").content.decode()
    assert "Looser matches" not in page
    assert "Popular now" in page
    assert "Looser matches" in client.get("/results?text=red+punainen+dress").content.decode()


def test_a_word_of_another_language_is_named_with_what_it_was_read_as(client, shop):
    page = client.get("/results?text=rotes+Kleid").content.decode()
    assert "Kleid → dress" in page


@pytest.mark.parametrize("text", ["best sellers", "cheapest", "show me the newest", "red dress under 5"])
def test_a_total_of_what_no_words_matched_says_nothing_of_words(client, shop, text):
    page = client.get("/results", {"text": text}).content.decode()
    assert 'id="grid"' in page
    assert "match your words" not in page


@pytest.mark.parametrize("text", ["under 50", "best sellers under 50", "cheapest dress", "cheapest not red"])
def test_words_that_became_filters_are_matched(client, shop, text):
    assert "that match your words" in client.get("/results", {"text": text}).content.decode()
