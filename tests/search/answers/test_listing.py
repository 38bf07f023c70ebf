"""Browsing over the API: a list that is walked by its cursor."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from search import retrieval
from search.query import InvalidQuery, SearchQuery
from tests.factories import ProductFactory
from tests.problems import fields_of
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


def listed(client, **parameters):
    return client.get("/api/v1/products", parameters)


def test_the_list_is_walked_by_its_cursor(client, shop):
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        answer = listed(client, top_k=17, cursor=cursor, colour=["Red", "Blue"], sort="-price").json()
        seen += [card["id"] for card in answer["results"]]
        cursor, pages = answer["next_cursor"], pages + 1
    assert (answer["total"], len(set(seen)), len(seen), pages) == (40, 40, 40, 3)
    assert answer["query_type"] == "browse"


def test_a_walk_goes_on_as_it_began_while_the_catalogue_changes(client, shop):
    whole = [card["id"] for card in listed(client, top_k=60, sort="price").json()["results"]]
    seen, cursor = [], ""
    while cursor is not None:
        answer = listed(client, top_k=20, cursor=cursor, sort="price").json()
        seen += [card["id"] for card in answer["results"]]
        cursor = answer["next_cursor"]
        # The shop moves on, and somebody else begins the same list.
        ProductFactory(title=f"Red dress {len(seen)}", price=1)
        Product.objects.filter(product_id=whole[-2]).update(price=0, updated_at=timezone.now())
        Product.objects.filter(product_id=whole[0]).deactivate(timezone.now())
        listed(Client(), top_k=20, sort="price")
    assert [key for key in seen if key != whole[0]] == whole[1:]


def test_a_walk_ends_with_the_answer_that_it_began_with(client, shop):
    cursor = listed(client, top_k=5).json()["next_cursor"]
    caches["answers"].clear()
    answer = listed(client, top_k=5, cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (410, "answer_expired")


@pytest.mark.parametrize("changed", [{"colour": "Blue"}, {"sort": "price"}, {"exclude": "bag"}])
def test_a_cursor_of_another_list_is_refused(client, shop, changed):
    cursor = listed(client, top_k=5, colour="Red").json()["next_cursor"]
    answer = listed(client, **{"top_k": 5, "colour": "Red", "cursor": cursor, **changed})
    assert (answer.status_code, fields_of(answer)) == (400, ["cursor"])
    assert listed(client, top_k=9, colour="Red", cursor=cursor).status_code == 200


@pytest.mark.parametrize("cursor", ["24", "x" * 100, "é:é:é"])
def test_a_made_up_cursor_is_refused(client, shop, cursor):
    assert fields_of(listed(client, cursor=cursor)) == ["cursor"]


def test_a_list_and_a_page_have_the_same_facets(client, shop):
    page = client.get("/results?colour=Red").context["result"]
    answer = listed(client, colour="Red").json()
    assert answer["total"] == page.total
    assert [each["count"] for each in answer["facets"]["category"]] == [
        each.count for each in page.facets.category
    ]
    assert answer["facets"]["category_tree"][0] == {
        "value": "Apparel",
        "name": "Apparel",
        "label": "Apparel",
        "depth": 0,
        "count": 20,
    }


def test_recommend_with_neither_words_nor_picture_is_refused_as_before(client, shop):
    answer = client.post("/api/v1/recommend", {"colour": ["Red"]}, content_type="application/json")
    assert answer.status_code == 400
    with pytest.raises(InvalidQuery):
        retrieval.search(SearchQuery(), user=None, now=NOW, track=True)
