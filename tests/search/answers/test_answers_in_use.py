"""What an answer is asked for later: similar products, clicks, and what was let go."""

import pytest
from django.core.cache import caches

from analytics import recording
from analytics.models import DailyCount, ProductClick
from tests.problems import fields_of
from tests.search.answers.asking import CLICK, ask, ids, post, rest

pytestmark = pytest.mark.django_db


# --- Similar products --------------------------------------------------------------------------
def similar(client, product, **query):
    return client.get(f"/api/v1/similar-products/{product.product_id}", query)


def test_similar_products_page_to_their_end(client, shop):
    whole = similar(client, shop[0], top_k=100).json()
    by_offset, by_id = [], []
    page = similar(client, shop[0], top_k=5).json()
    query_id, offset = page["query_id"], 0
    while offset is not None:
        page = similar(client, shop[0], top_k=5, offset=offset).json()
        by_id += ids(similar(client, shop[0], top_k=5, offset=offset, query_id=query_id).json())
        by_offset += ids(page)
        offset = page["next_offset"]
    assert by_offset == by_id == ids(whole)
    assert len(whole["results"]) == whole["total"]


def test_the_answer_of_one_product_is_not_that_of_another(client, shop):
    query_id = similar(client, shop[0]).json()["query_id"]
    assert similar(client, shop[1], query_id=query_id).status_code == 410


def test_a_similar_product_may_be_clicked_and_counts_as_no_search(client, shop):
    answer = similar(client, shop[0]).json()
    body = {"query_id": answer["query_id"], "product_id": ids(answer)[0], "position": 1}
    assert post(client, CLICK, body).status_code == 204
    recording.flush()
    assert ProductClick.objects.get().search.query_type == "similar"
    # What led to the product is counted, and nothing about searches.
    assert list(DailyCount.objects.values_list("measure", "key")) == [("clicked-source", "similar")]


# --- Clicks ------------------------------------------------------------------------------------
def test_a_click_on_what_the_answer_does_not_hold_is_refused(client, shop):
    answer = ask(client, text="red dress", colour=["Red"]).json()
    other = next(each for each in shop if each.colour != "Red")
    body = {"query_id": answer["query_id"], "product_id": other.product_id, "position": 1}
    refused = post(client, CLICK, body)
    assert (refused.status_code, fields_of(refused)) == (400, ["product_id"])
    assert refused.json()["errors"]["product_id"][0]["code"] == "not_in_answer"


def test_a_click_on_any_page_of_the_answer_counts(client, shop):
    first = ask(client, text="dress", top_k=2).json()
    page = ask(client, query_id=first["query_id"], offset=4).json()
    body = {"query_id": first["query_id"], "product_id": ids(page)[0], "position": 5}
    assert post(client, CLICK, body).status_code == 204


def test_a_click_on_an_answer_that_is_kept_no_longer_counts_by_its_log(client, shop):
    answer = ask(client, text="dress").json()
    caches["answers"].clear()
    body = {"query_id": answer["query_id"], "product_id": ids(answer)[0], "position": 1}
    assert post(client, CLICK, body).status_code == 204


# --- What was let go ---------------------------------------------------------------------------
def test_pages_of_an_answer_say_what_was_let_go(client, shop):
    first = ask(client, text="red dress under 5", top_k=2).json()
    assert first["relaxed"]["field"] == "price_max"
    page = ask(client, query_id=first["query_id"], offset=2, text="red dress under 5").json()
    assert page["relaxed"] == first["relaxed"]
    assert len(rest(client, first)) == first["total"] - 2


def test_the_looser_matches_of_an_empty_answer_stay_and_may_be_clicked(client, shop):
    first = ask(client, text="red dress", brand=["Nobody"]).json()
    again = ask(client, query_id=first["query_id"]).json()
    close = [[hit["product"]["id"] for hit in answer["close"]] for answer in (first, again)]
    assert close[0] == close[1] != []
    assert again["relaxed"] == first["relaxed"]
    body = {"query_id": first["query_id"], "product_id": close[0][0], "position": 1}
    assert post(client, CLICK, body).status_code == 204
