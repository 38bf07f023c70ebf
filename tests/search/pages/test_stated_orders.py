"""Words that ask for an order: answers stand in it, pages and API say so, and it can be taken back."""

from decimal import Decimal

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.events import learning
from analytics.experiments.participation import Draw
from analytics.experiments.running import Variant
from analytics.models import DailyCount
from search import retrieval
from search.agents import shop_tools
from search.alerts import saved_search
from search.candidates import generator
from search.models import CuratedPlacement
from search.operations.idle import idle
from search.query import Filters, SearchQuery, Sort, Upload
from search.ranking import popularity
from tests.search.answers.asking import ask, post
from tests.search.pages.ordered import is_rising, options, order_chips, prices, results
from tests.search.shop import NOW, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learned_by_other_tests():
    cache.delete(popularity.CACHE_KEY)
    yield
    cache.delete(popularity.CACHE_KEY)


def bought(product, times):
    DailyCount.objects.create(
        day=NOW.date(), measure=DailyCount.Measure.PRODUCT, key=product.product_id, count=times
    )
    learning.learn(now=NOW)
    cache.delete(popularity.CACHE_KEY)


def found(text="", **query):
    return retrieval.search(SearchQuery(text=text, **query), user=None, now=NOW, track=False)


@pytest.mark.parametrize(
    ("text", "sort", "ignore", "expected"),
    [
        ("cheapest dress", None, [], "price"),
        ("cheapest dress", "relevance", [], "relevance"),
        ("cheapest dress", "price", [], "price"),
        ("cheapest dress", "-price", [], "-price"),
        ("cheapest dress", "newest", ["sort"], "newest"),
        ("cheapest dress", None, ["sort"], "relevance"),
        ("cheapest dress", None, ["sort:price"], "relevance"),
        ("dress", None, [], "relevance"),
        ("dress", "relevance", [], "relevance"),
        ("best sellers", None, [], "relevance"),
        ("dress", "popular", [], "relevance"),
    ],
)
def test_what_is_stated_wins_and_what_is_not_is_read_everywhere(
    client, shop, rf, text, sort, ignore, expected
):
    stated = {"sort": sort} if sort else {}
    body = {"text": text, **stated, "ignore": ignore}
    answer = ask(client, "text-search", **body).json()
    several = post(client, "/api/v1/multi-search", {"queries": [body]}).json()["results"][0]["answer"]
    page = results(client, **body)
    assert (answer["sort"], several["sort"], page.order) == (expected, expected, expected)
    chips = [chip["value"] for chip in answer["chips"] if chip["field"] == "sort"]
    assert chips == ([expected] if text.startswith("cheapest") and expected == "price" else [])
    ids = [hit["product"]["id"] for hit in answer["results"]]
    assert [hit.product.product_id for hit in page.hits] == ids
    agents = shop_tools.search(rf.post("/mcp"), {**body, "top_k": 24}).structured
    assert [hit["product"]["id"] for hit in agents["results"]] == ids


def test_an_answer_stands_in_the_order_that_the_words_ask_for(client, shop):
    answer = ask(client, "text-search", text="most expensive dress").json()
    chip = next(chip for chip in answer["chips"] if chip["field"] == "sort")
    assert (chip["value"], chip["label"], chip["words"]) == ("-price", "Price, high to low", "most expensive")
    asked = [Decimal(hit["product"]["price"]) for hit in answer["results"]]
    assert asked == sorted(asked, reverse=True)
    assert {hit["product"]["category"] for hit in answer["results"]} == {"Dress"}


@pytest.mark.parametrize("text", ["cheapest", "show me the cheapest thing", "price low to high"])
def test_an_order_alone_shows_the_first_of_all(client, shop, monkeypatch, text):
    monkeypatch.setattr(generator, "CAP", 10)
    result = results(client, text=text)
    assert (result.query_type, result.total_is_capped) == ("text", True)
    assert prices(result) == [Decimal(10)] * 10
    assert (result.unknown_words, result.did_you_mean, result.close) == ((), "", ())


def test_filters_and_exclusions_hold_beside_an_order_alone(client, shop):
    assert prices(results(client, text="cheapest over 30"))[0] == Decimal(30)
    assert {hit.product.colour for hit in results(client, text="cheapest not red").hits} == {"Blue", "Green"}
    chosen = results(client, text="cheapest", category="Boots")
    assert {hit.product.category for hit in chosen.hits} == {"Boots"}


def test_an_order_alone_that_was_taken_back_shows_what_is_recommended(client, shop):
    recommended = [hit.product.product_id for hit in results(client).hits]
    back = results(client, text="cheapest", sort="relevance")
    assert [hit.product.product_id for hit in back.hits] == recommended


def test_where_nothing_fits_a_reading_is_let_go_and_the_order_holds(shop):
    result = found("cheapest dress under 1")
    assert result.relaxed.field == "price_max"
    assert is_rising(result)
    assert is_rising(found("cheapest under 1"))


def test_looser_matches_without_a_chosen_filter_stand_in_the_order_too(shop):
    result = found("cheapest dress", filters=Filters(price_max=Decimal(1)))
    assert (result.hits, result.relaxed.field) == ((), "price_max")
    close = [hit.product.price for hit in result.close]
    assert close == sorted(close)


def test_what_sells_leads_where_that_is_known(client, shop):
    bought(shop[7], 40)
    for query in ({"text": "best sellers"}, {"text": "bestselling shirt"}, {"sort": "popular"}):
        result = results(client, **query)
        assert (result.hits[0].product.product_id, result.order) == (shop[7].product_id, "popular")
    page = client.get("/results", {"text": "best sellers"})
    assert '<option value="" selected>Most popular</option>' in options(page)
    assert order_chips(page.context["result"]) == ["popular"]


def test_where_nothing_was_learned_nothing_is_called_popular(client, shop):
    page = client.get("/results", {"text": "best sellers", "sort": "popular"})
    result = page.context["result"]
    assert (bool(result.hits), result.order, order_chips(result)) == (True, "relevance", [])
    assert "popular" not in "".join(options(page))


def test_further_pages_go_on_in_the_same_order(client, shop):
    first = ask(client, "text-search", text="cheapest dress", top_k=5).json()
    for stated in ({}, {"sort": "price"}):
        second = ask(client, "text-search", query_id=first["query_id"], offset=5, top_k=5, **stated).json()
        both = [Decimal(hit["product"]["price"]) for page in (first, second) for hit in page["results"]]
        assert both == sorted(both)
        assert (second["sort"], second["chips"]) == ("price", first["chips"])
    refused = ask(client, "text-search", query_id=first["query_id"], offset=5, sort="newest")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["sort"])


@pytest.mark.parametrize(
    ("text", "weight", "query_type"),
    [("cheapest dress", 0.5, "hybrid"), ("cheapest", 0.5, "image"), ("cheapest", 0.0, "image")],
)
def test_the_order_holds_beside_a_picture(shop, text, weight, query_type):
    result = found(text, picture=Upload(picture("red")), weight=weight)
    assert (result.order, result.query_type) == ("price", query_type)
    assert is_rising(result)


@pytest.mark.parametrize(("text", "sort"), [("cheapest in blue", None), ("in blue", Sort.PRICE)])
def test_in_an_order_a_colour_beside_a_picture_is_a_filter(shop, text, sort):
    answer = found(text, sort=sort, picture=Upload(picture("red"), "image/jpeg"))
    assert {hit.product.colour for hit in answer.hits} == {"Blue"}
    assert "colour" in {chip.field for chip in answer.chips}
    taken_back = found(text, sort=sort, ignore=("colour:Blue",), picture=Upload(picture("red"), "image/jpeg"))
    assert {hit.product.colour for hit in taken_back.hits} > {"Blue"}


def test_beside_a_picture_an_order_that_was_taken_back_is_no_word_either(shop):
    result = found("cheapest", picture=Upload(picture("red")), sort=Sort.RELEVANCE)
    assert (result.query_type, result.order) == ("image", "relevance")


def test_a_saved_search_is_answered_by_the_newest(shop):
    kept = saved_search.to_dict(SearchQuery(text="cheapest dress", sort=Sort.RELEVANCE))
    result = retrieval.search(saved_search.from_dict(kept), user=None, now=NOW, track=False, log=False)
    assert (result.order, order_chips(result)) == ("newest", [])


def test_what_staff_put_first_stands_in_the_order_that_the_words_ask_for(client, shop):
    row = CuratedPlacement.objects.create(query="cheapest dress", product=shop[4], kind="pin", position=1)
    assert is_rising(results(client, text="cheapest dress"))
    assert results(client, text="cheapest dress", sort="relevance").hits[0].product.pk == shop[4].pk
    assert idle(row, NOW) == (
        "“cheapest dress” asks for an order (Price, low to high), and in one no product is pinned."
    )


def test_what_staff_put_first_leads_where_the_order_cannot_be_told(client, shop):
    CuratedPlacement.objects.create(query="best sellers", product=shop[9], kind="pin", position=1)
    assert results(client, text="best sellers").hits[0].product.product_id == shop[9].product_id


@pytest.mark.parametrize(
    ("text", "is_drawn"), [("dress", True), ("cheapest dress", False), ("best sellers", False)]
)
def test_no_experiment_takes_part_in_an_order_of_the_words(shop, text, is_drawn):
    draw = Draw(experiment=1, seed="s", variant=Variant(weights={"unwanted": 0.4}))
    result = retrieval.search(SearchQuery(text=text), user=None, now=NOW, track=False, log=False, draw=draw)
    assert (result.experiment is not None) == is_drawn


def test_an_order_of_the_words_costs_no_further_query_or_cache_read(shop, monkeypatch):
    for text in ("dress", "cheapest dress"):
        found(text)
    backend, read, costs = type(caches["default"]), [], []
    get = backend.get
    monkeypatch.setattr(backend, "get", lambda self, key, *more: read.append(key) or get(self, key, *more))
    for text in ("dress", "cheapest dress"):
        read.clear()
        with CaptureQueriesContext(connection) as queries:
            retrieval.search(SearchQuery(text=text), user=None, now=NOW, track=False, log=False)
        costs.append((len(read), len(queries)))
    assert costs[0] == costs[1]
    assert read


@pytest.mark.parametrize(
    "text", ["billigste Kleider", "les moins chères robes", "najtańsze sukienki", "en ucuz elbise"]
)
def test_words_for_an_order_are_known_in_every_language(shop, text):
    result = found(text)
    assert (result.order, result.unknown_words, result.did_you_mean) == ("price", (), "")
    assert {hit.product.category for hit in result.hits} == {"Dress"}


@pytest.mark.parametrize(("text", "meant"), [("cheepest dress", "price"), ("newst dress", "newest")])
def test_a_misspelt_order_is_never_another_one(shop, text, meant):
    assert found(text).order in ("relevance", meant)


def test_an_order_is_said_in_the_reader_s_language(client, shop):
    german = {"headers": {"Accept-Language": "de"}}
    answer = ask(client, "text-search", german, text="newest dress").json()
    assert "Neueste" in [chip["label"] for chip in answer["chips"]]
