"""Looking products up and what is like them, the form of answers, and what is recorded."""

import pytest

from analytics import recording
from analytics.models import SearchLog
from tests.search.agents.found import ids
from tests.search.agents.messages import call_of

pytestmark = pytest.mark.django_db


def test_lookup_tells_everything_and_what_there_is_not(found, shop):
    answer = found("lookup", ids=[shop[3].product_id, "gone-1", shop[3].product_id])
    (product,) = answer["products"]
    assert answer["missing"] == ["gone-1"]
    assert product["sizes"] == ["S", "M", "L"]
    assert (product["price"], product["list_price"], product["currency"]) == ("40.00", "90.00", "EUR")
    assert product["images"][0].startswith("http://testserver/media/")
    assert product["description"]


@pytest.mark.parametrize("ids", [[], ["x"] * 21, "x" * 300, [["x"]], None])
def test_lookup_says_how_many_ids_it_takes(refused, db, ids):
    assert refused("lookup", ids=ids)[0].startswith("ids: ")


@pytest.mark.parametrize("odd", ["../..", "é" * 50, "'; --"])
def test_an_odd_id_is_an_unknown_one(found, db, odd):
    assert found("lookup", ids=[odd])["missing"] == [odd]


def test_similar_products_never_hold_the_product_itself(found, shop):
    answer = found("similar", id=shop[0].product_id, top_k=100)
    assert answer["results"]
    assert shop[0].product_id not in ids(answer)


def test_similar_products_come_in_pages(found, shop):
    first = found("similar", id=shop[0].product_id, top_k=3)
    second = found(
        "similar", id=shop[0].product_id, top_k=3, query_id=first["query_id"], offset=first["next_offset"]
    )
    assert not set(ids(first)) & set(ids(second))


def test_products_like_an_unknown_one_are_refused(refused, db):
    assert refused("similar", id="gone-1")[1] == "product_unknown"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search", {"text": "red dress", "facets": True}),
        ("search", {"text": "zzz qqq", "top_k": 2}),
        ("search", {"in_stock": True}),
        ("similar", {}),
        ("lookup", {}),
    ],
)
def test_answers_have_the_form_that_the_tools_promise(call, shop, name, arguments):
    known = {"similar": {"id": shop[0].product_id}, "lookup": {"ids": [shop[0].product_id, "gone-1"]}}
    assert not call(name, known.get(name, arguments)).is_error


def test_a_search_is_recorded_without_a_person(found, shop):
    answer = found("search", text="red dress")
    recording.flush()
    logged = SearchLog.objects.get(pk=answer["query_id"])
    assert (logged.query_text, logged.user) == ("red dress", None)


def test_words_are_not_recorded_against_the_wish(post, shop):
    post(call_of("search", text="red dress"), DNT="1")
    recording.flush()
    assert SearchLog.objects.get().query_text == ""
