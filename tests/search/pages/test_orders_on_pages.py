"""An order that the words ask for, on the page: said, kept by links and forms, and taken back."""

import pytest
from django.http import QueryDict

from search.pages.next_query import read_next_query
from search.query import Sort
from search.templatetags.search_pages import chip_url
from tests.search.answers.asking import ask, ids
from tests.search.pages.ordered import is_rising, options, order_chips, results

pytestmark = pytest.mark.django_db


def test_the_page_says_the_order_and_takes_it_back(client, shop):
    page = client.get("/results", {"text": "cheapest dress"})
    assert options(page) == [
        '<option value="relevance">Best match</option>',
        '<option value="newest">Newest</option>',
        '<option value="" selected>Price, low to high</option>',
        '<option value="-price">Price, high to low</option>',
    ]
    result = page.context["result"]
    chip = next(each for each in result.chips if each.field == "sort")
    without = client.get(chip_url(result.query, chip)).context["result"]
    assert (without.order, order_chips(without), without.total) == ("relevance", [], result.total)


def test_without_an_order_in_the_words_the_best_match_needs_no_choice(client, shop):
    page = client.get("/results", {"text": "dress", "sort": ""})
    assert options(page)[0] == '<option value="" selected>Best match</option>'
    assert page.context["result"].query.sort is None


def test_an_order_that_was_chosen_too_goes_with_that_of_the_words(client, shop):
    result = results(client, text="cheapest dress", sort="price")
    chip = next(each for each in result.chips if each.field == "sort")
    assert chip_url(result.query, chip) == "/results?text=cheapest+dress&ignore=sort%3Aprice"


def test_links_keep_what_was_chosen_and_leave_the_words_their_order(client, shop):
    page = client.get("/results", {"text": "cheapest dress", "top_k": 5})
    links = [link.url for link in page.context["pages"] if link.url]
    assert links
    assert not any("sort" in link for link in links)
    assert is_rising(client.get(links[-1]).context["result"])
    chosen = client.get("/results", {"text": "cheapest dress", "top_k": 5, "sort": "relevance"})
    links = [link.url for link in chosen.context["pages"] if link.url]
    assert all("sort=relevance" in link for link in links)
    # The select in the form of filters says it.
    assert "sort" not in dict(chosen.context["unfiltered"])


def test_a_chosen_order_stays_in_the_form_where_there_is_nothing_to_order(client, shop):
    page = client.get("/results", {"text": "cheapest dress", "price_max": "1", "sort": "relevance"})
    assert dict(page.context["unfiltered"])["sort"] == "relevance"


def test_new_words_beside_a_picture_are_asked_in_their_own_order():
    carried = "image_id=x&previous=cheapest+dress&text=newest+dress"
    assert read_next_query(QueryDict(f"{carried}&sort=relevance")).query.sort is None
    assert read_next_query(QueryDict(f"{carried}&sort=price")).query.sort is Sort.PRICE


def test_words_at_a_place_are_not_held_to_its_order(client, shop):
    assert client.get("/new?text=cheapest+dress")["Location"] == "/results?text=cheapest+dress"
    assert client.get("/new?text=dress&sort=price")["Location"] == "/results?text=dress&sort=price"


def test_an_order_alone_leaves_out_what_it_is_to_resemble(client, shop):
    found = ask(client, text="cheapest", like=[shop[0].product_id], weight=0.0, top_k=100).json()
    assert found["total"]
    assert shop[0].product_id not in ids(found)
