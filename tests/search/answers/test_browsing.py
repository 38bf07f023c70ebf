"""Browsing: filters or nothing, on pages; lists of the API are in ``test_listing``."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from accounts.models import User
from analytics import recording
from analytics.events import learning
from analytics.models import DailyCount, SearchLog
from catalog.display import cards
from catalog.models import Product
from search import engine, retrieval
from search.candidates import browsing, generator
from search.pages.facets import facets, switches
from search.query import Filters, SearchQuery, Sort
from search.ranking import popularity
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_clicks_of_other_tests():
    cache.delete(popularity.CACHE_KEY)


def browse(*, now=NOW, **query):
    return retrieval.search(SearchQuery(browse=True, **query), user=None, now=now, track=True)


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def clicked(product, times):
    """So often, as the night's learning has counted it."""
    DailyCount.objects.create(
        day=NOW.date(), measure=DailyCount.Measure.PRODUCT, key=product.product_id, count=times
    )
    learning.learn(now=NOW)
    cache.delete(popularity.CACHE_KEY)


def test_nothing_asked_shows_everything(shop):
    result = browse(top_k=100)
    assert (result.query_type, result.total, len(result.hits)) == ("browse", len(shop), len(shop))
    assert {hit.image_score for hit in result.hits} == {hit.text_score for hit in result.hits} == {None}


def test_filters_alone_show_what_passes_them(shop):
    result = browse(filters=Filters(colour=("red",), size=("L",), on_sale=True), top_k=60)
    assert {(hit.product.colour, hit.product.list_price) for hit in result.hits} == {("Red", Decimal(90))}
    assert result.facets.colour[0].count == result.total


def test_what_is_opened_most_leads_and_what_is_sold_out_comes_last(shop):
    clicked(shop[7], 40)
    clicked(shop[4], 90)  # sold out
    result = browse(top_k=100)
    assert ids(result)[0] == shop[7].product_id
    stocked = [hit.product.in_stock for hit in result.hits]
    assert stocked == sorted(stocked, reverse=True)


def test_one_click_does_not_outweigh_a_new_product(shop):
    clicked(shop[7], 1)
    terms = browsing.WEIGHTS
    columns = engine.snapshot().columns
    one_click = popularity.shares(columns, columns.rows_of([shop[7].pk]))[0]
    assert 0 < terms["popularity"] * one_click < terms["freshness"] * 0.5


def test_new_products_come_before_old_ones(shop):
    Product.objects.filter(pk=shop[9].pk).update(
        created_at=NOW + timedelta(days=90), in_stock=True, updated_at=NOW + timedelta(days=90)
    )
    engine.column_store().expire()
    assert ids(browse(now=NOW + timedelta(days=91)))[0] == shop[9].product_id


def test_the_order_asked_for_decides_what_a_capped_set_holds(shop, monkeypatch):
    monkeypatch.setattr(generator, "CAP", 10)
    clicked(shop[3], 50)  # among the dearest
    result = browse(sort=Sort.PRICE)
    assert result.total_is_capped
    assert [hit.product.price for hit in result.hits] == [Decimal(10)] * 10
    assert ids(browse())[0] == shop[3].product_id


def test_unwanted_values_are_left_out(shop):
    assert "Red" not in {hit.product.colour for hit in browse(exclude="red", top_k=100).hits}


def test_pages_are_a_partition_of_the_total(shop):
    pages = [ids(browse(top_k=25, offset=offset)) for offset in (0, 25, 50)]
    assert len({key for page in pages for key in page}) == sum(map(len, pages)) == len(shop)


def test_a_page_takes_a_constant_number_of_queries(shop, django_assert_num_queries):
    browse()
    cards.forget()
    # When the catalogue last changed, the products and their pictures.
    with django_assert_num_queries(3):
        browse(top_k=3)
    cards.forget()
    with django_assert_num_queries(3):
        browse(top_k=50)


def test_a_page_of_cards_that_were_shown_before_asks_only_whether_the_catalogue_changed(
    shop, django_assert_num_queries
):
    browse(top_k=50)
    with django_assert_num_queries(1):
        browse(top_k=50)


def test_browsing_is_logged_as_such(client, shop):
    client.get("/results?category=Dress")
    recording.flush()
    log = SearchLog.objects.get()
    assert (log.query_type, log.filters, log.query_text) == ("browse", {"category": ["Dress"]}, "")


# --- Pages -------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["", "?category=Apparel", "?size=M&on_sale=on", "?offset=24", "?text="])
def test_results_without_words_are_never_refused(client, shop, address):
    answer = client.get(f"/results{address}")
    assert answer.status_code == 200
    assert answer.context["result"].query_type == "browse"
    assert answer.context["result"].hits


def test_a_signed_in_person_browses_the_same(client, shop):
    client.force_login(User.objects.create_user("ada@example.org", "correct horse battery"))
    assert client.get("/results").context["result"].total == len(shop)


def test_q_is_understood_as_text(client, shop):
    assert client.get("/results?q=red+dress").context["result"].query.text == "red dress"
    assert client.get("/results?q=red&text=bag").context["result"].query.text == "bag"


def test_a_rail_shows_eight_choices_and_folds_the_others(client, shop):
    for number, product in enumerate(shop):
        product.attributes = {"season": f"Season {number % 12}"}
        product.updated_at = NOW + timedelta(days=1)
        product.save()
    engine.column_store().expire()
    page = client.get("/results")
    facet = next(each for each in facets(page.context["result"]) if each.key == "attribute-season")
    assert (len(facet.first), len(facet.rest)) == (8, 4)
    assert 'name="attribute" value="season:Season 1"' in " ".join(page.content.decode().split())


def test_every_filter_in_an_address_stays_in_the_form(client, shop):
    address = (
        "/results?category=Apparel&size=S&material=cotton&pattern=plain&attribute=season:summer&on_sale=on"
    )
    page = client.get(address)
    checked = {
        (facet.field, choice.value.casefold())
        for facet in facets(page.context["result"])
        for choice in facet.values
        if choice.selected
    }
    assert checked == {
        ("category", "apparel"),
        ("size", "s"),
        ("material", "cotton"),
        ("pattern", "plain"),
        ("attribute", "season:summer"),
    }
    assert [each.key for each in switches(page.context["result"]) if each.selected] == ["on-sale"]
    assert len(page.context["active"]) == 6
