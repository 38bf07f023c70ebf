"""The answer and the looser matches behind it, and what is let go where nothing is left."""

from decimal import Decimal

import pytest
from django.core.cache import caches

from search import retrieval
from search.candidates import generator
from search.images import product_image_id
from search.query import Filters, SearchQuery, Sort
from tests.search.shop import COLOURS, KINDS, NOW, reindex

pytestmark = pytest.mark.django_db


def ask(**query):
    return retrieval.search(SearchQuery(**query), user=None, now=NOW, track=True)


def ids(hits):
    return [hit.product.product_id for hit in hits]


def chips(result):
    return {(chip.field, chip.value) for chip in result.chips}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_named_is_the_whole_answer_and_a_chip(shop, kind):
    result = ask(text=f"{kind}s", top_k=100)
    assert result.total == 15
    assert {hit.product.category for hit in result.hits} == {kind.title()}
    assert chips(result) == {("kind", kind.title())}


@pytest.mark.parametrize("ignored", ["kind", "kind:Dress", "kind:dress", "all"])
def test_a_kind_can_be_taken_back(shop, ignored):
    limited, free = ask(text="dress", top_k=100), ask(text="dress", ignore=(ignored,), top_k=100)
    assert ("kind", "Dress") not in chips(free)
    assert set(ids(limited.hits)) <= set(ids(free.hits))
    assert all("kind" not in hit.terms for hit in free.hits)


def test_taking_back_another_kind_changes_nothing(shop):
    assert ids(ask(text="dress", ignore=("kind:Bag",)).hits) == ids(ask(text="dress").hits)


def test_the_kind_is_a_part_of_the_words_in_the_terms_of_a_hit(shop):
    hit = ask(text="dress").hits[0]
    assert 0 < hit.terms["kind"] <= hit.terms["words"] + 1e-6


@pytest.mark.parametrize(
    "query",
    [
        {"text": "dress"},
        {"text": "red dress"},
        {"text": "red"},
        {"text": "green bag", "filters": Filters(brand=("Fern",))},
        {"text": "boots under 35"},
    ],
)
def test_looser_matches_stand_outside_everything_that_counts(shop, query):
    whole = ask(**query, top_k=100)
    assert len(whole.close) <= 24
    assert not set(ids(whole.close)) & set(ids(whole.hits))
    assert [hit.rank for hit in whole.close] == list(range(1, len(whole.close) + 1))
    scores = [hit.score for hit in whole.close]
    assert scores == sorted(scores, reverse=True)
    assert len(whole.hits) == whole.total


def test_looser_matches_pass_the_filters(shop):
    close = ask(text="dress", filters=Filters(colour=("Blue",), price_max=Decimal(30))).close
    assert close
    assert all(hit.product.colour == "Blue" and hit.product.price <= 30 for hit in close)


def test_no_sort_and_no_page_changes_the_looser_matches(shop):
    close = ids(ask(text="red dress").close)
    assert close == ids(ask(text="red dress", sort=Sort.PRICE).close)
    assert close == ids(ask(text="red dress", top_k=3, offset=3).close)


def test_they_come_with_the_first_page_and_behind_the_last(shop):
    assert ask(text="dress", top_k=5).close
    assert not ask(text="dress", top_k=5, offset=5).close
    assert ask(text="dress", top_k=5, offset=10).close


def test_nothing_looser_stands_behind_an_answer_that_is_cut_off(shop, monkeypatch):
    whole = ask(text="dress", top_k=100)
    assert whole.close
    assert not whole.total_is_capped
    monkeypatch.setattr(generator, "CAP", whole.total - 1)
    caches["answers"].clear()
    cut = ask(text="dress", top_k=100)
    assert cut.total_is_capped
    assert set(ids(cut.hits)) < set(ids(whole.hits))
    assert cut.close == ()


def test_a_chosen_filter_that_leaves_nothing_is_let_go_in_the_looser_matches_only(shop):
    result = ask(text="red dress", filters=Filters(brand=("Nobody",)))
    assert (result.total, result.hits) == (0, ())
    assert {(hit.product.colour, hit.product.category) for hit in result.close} == {("Red", "Dress")}
    assert (result.relaxed.field, result.relaxed.value) == ("brand", "Nobody")
    assert result.relaxed.text == "5 without brand Nobody"


def test_a_reading_that_leaves_nothing_is_let_go_and_the_rest_answers(shop):
    result = ask(text="red dress under 5")
    assert {(hit.product.colour, hit.product.category) for hit in result.hits} == {("Red", "Dress")}
    assert (result.relaxed.field, result.relaxed.text) == ("price_max", "5 without a price up to €5.00")
    assert ("price_max", "5") not in chips(result)


def test_readings_that_leave_nothing_each_are_let_go_together(shop):
    # What is reduced is for men, and nothing costs so much.
    result = ask(text="red dress for women on sale over 2000")
    assert {(hit.product.colour, hit.product.category) for hit in result.hits} == {("Red", "Dress")}
    assert {hit.product.gender for hit in result.hits} == {"Women"}
    assert result.relaxed.text == "3 without “on sale”, a price from €2,000.00"


def test_what_is_unwanted_stays_away_when_several_readings_are_let_go(shop):
    result = ask(text="dress for women on sale over 2000 not red")
    assert {hit.product.colour for hit in result.hits} == {"Green", "Blue"}


def test_words_of_another_language_stay_translated_when_several_readings_are_let_go(shop):
    result = ask(text="rotes Kleid für Damen im Angebot über 2000 Euro")
    assert {chip.field for chip in result.chips} >= {"word", "gender"}
    assert {(hit.product.colour, hit.product.category) for hit in result.hits} == {("Red", "Dress")}


def test_the_reading_let_go_does_not_depend_on_a_chosen_filter(shop):
    free = ask(text="red dress under 5")
    for choice in free.facets.brand:
        chosen = ask(text="red dress under 5", filters=Filters(brand=(choice.value,)))
        assert (chosen.total, chosen.relaxed.field) == (choice.count, "price_max")


def test_an_answer_lets_nothing_go(shop):
    assert ask(text="red dress", filters=Filters(brand=("Fern",))).relaxed is None


@pytest.mark.parametrize("text", ["culottes", "espadrille sandals", "something for the beach", "zzzq"])
def test_no_words_leave_an_empty_page(shop, text):
    result = ask(text=text)
    assert result.hits or result.close


@pytest.mark.parametrize("text", ["more elegant", "like this please", "tank", "in red", "dresser"])
def test_a_picture_with_any_words_has_an_answer_or_looser_matches(shop, text):
    result = ask(text=text, image_id=product_image_id(shop[0]))
    assert result.hits or result.close


@pytest.mark.parametrize("colour", COLOURS)
def test_sorting_by_price_stays_with_what_was_asked_for(shop, colour):
    result = ask(text=f"{colour} boots", sort=Sort.PRICE)
    assert {(hit.product.colour, hit.product.category) for hit in result.hits} == {(colour.title(), "Boots")}


def test_the_page_shows_the_looser_matches_behind_its_last_results(shop, client):
    page = client.get("/results", {"text": "red dress"}).content.decode()
    assert page.index('id="grid"') < page.index('id="close-title"')
    first = client.get("/results", {"text": "dress", "top_k": "5"}).content.decode()
    assert 'id="close-title"' not in first


def test_without_a_colour_that_no_product_of_the_kind_has_the_whole_kind_answers(shop, colour_encoder):
    for product in shop:
        if (product.category, product.colour) == ("Dress", "Green"):
            product.colour = "Red"
            product.save()
    reindex(colour_encoder)
    result = ask(text="green dress", top_k=100)
    assert (result.total, result.relaxed.field, result.relaxed.value) == (15, "colour", "Green")
    assert {hit.product.category for hit in result.hits} == {"Dress"}


def test_the_page_says_which_filter_was_let_go_and_links_to_the_results_without_it(shop, client):
    page = client.get("/results", {"text": "red dress", "brand": "Nobody"}).content.decode()
    assert "5 without brand Nobody" in page
    assert 'href="/results?text=red+dress"' in page


def test_the_page_shows_the_kind_as_a_chip_that_takes_it_back(shop, client):
    page = client.get("/results", {"text": "dress"}).content.decode()
    assert "ignore=kind%3ADress" in page


def test_the_api_answers_with_both_bands(shop, client):
    asked = {"text": "red dress", "colour": ["Teal"]}
    answer = client.post("/api/v1/text-search", asked, content_type="application/json").json()
    assert (answer["total"], answer["results"]) == (0, [])
    assert answer["relaxed"] == {"text": "5 without colour Teal", "field": "colour", "value": "Teal"}
    assert {hit["product"]["category"] for hit in answer["close"]} == {"Dress"}
    plain = client.post("/api/v1/text-search", {"text": "dress"}, content_type="application/json").json()
    assert plain["relaxed"] is None
    assert plain["close"][0].keys() == plain["results"][0].keys()
