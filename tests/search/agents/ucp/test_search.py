"""Searching the catalogue in the form of the protocol."""

from base64 import b64encode
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone
from ucp_sdk.models.schemas.shopping.catalog_search import SearchResponse

from catalog.models import Product
from search.agents.ucp.requests import FilteredSerializer
from search.query import Crop
from search.query_builder import pictures
from tests.search.agents.ucp.platform import codes, ids
from tests.search.shop import picture

pytestmark = pytest.mark.django_db


def test_a_search_answers_in_the_protocols_form(found, shop):
    answer = found("search", query="red dress")
    SearchResponse.model_validate(answer)
    product = answer["products"][0]
    assert product["price_range"]["min"] == {"amount": 1000, "currency": "EUR"}
    assert product["categories"] == [{"value": "Apparel > Dress", "taxonomy": "merchant"}]
    assert product["media"][0]["url"].startswith("http://testserver/media/")
    assert product["variants"][0]["availability"] == {"available": True, "status": "in_stock"}


def test_ten_products_come_at_once_unless_said_otherwise(found, shop):
    assert len(found("search", filters={"categories": ["Dress"]})["products"]) == 10
    assert len(found("search", filters={"categories": ["Dress"]}, pagination={"limit": 3})["products"]) == 3
    assert len(found("search", filters={"in_stock": True}, pagination={"limit": 5000})["products"]) <= 100


def test_pages_hold_each_product_once(found, shop):
    asked = {"filters": {"categories": ["Dress"]}, "pagination": {"limit": 4}}
    answer = found("search", **asked)
    pages = ids(answer)
    while answer["pagination"]["has_next_page"]:
        cursor = answer["pagination"]["cursor"]
        answer = found("search", **asked | {"pagination": {"limit": 4, "cursor": cursor}})
        pages += ids(answer)
    assert "cursor" not in answer["pagination"]
    assert len(pages) == len(set(pages)) == answer["pagination"]["total_count"] == 15


def test_the_next_page_of_an_expired_answer_is_asked_again(found, shop):
    from django.core.cache import caches

    asked = {"filters": {"categories": ["Dress"]}, "pagination": {"limit": 4}}
    first = found("search", **asked)
    caches["answers"].clear()
    asked["pagination"]["cursor"] = first["pagination"]["cursor"]
    assert not set(ids(found("search", **asked))) & set(ids(first))


def test_categories_and_prices_filter(found, shop):
    answer = found(
        "search",
        query="dress",
        context={"currency": "EUR"},
        filters={"categories": ["Dress"], "price": {"min": 2000, "max": 3000}},
    )
    assert answer["products"]
    for product in answer["products"]:
        assert 2000 <= product["price_range"]["min"]["amount"] <= 3000


def test_a_price_in_another_currency_is_not_converted_and_that_is_said(found, shop):
    answer = found("search", query="dress", context={"currency": "USD"}, filters={"price": {"max": 1}})
    assert answer["products"]
    assert "price_filter_ignored" in codes(answer)


def test_a_filter_that_there_is_not_is_named(found, shop):
    assert codes(found("search", query="red dress", filters={"vegan": True})) == ["filter_ignored"]


def test_what_the_shop_does_not_use_is_no_fault(found, shop):
    answer = found(
        "search",
        query="red dress",
        context={"address_country": "DE", "intent": "a gift", "language": "de"},
        signals={"dev.ucp.buyer_ip": "203.0.113.1"},
        attribution={"campaign": "x"},
        anything=1,
    )
    assert answer["products"]


def test_a_picture_and_a_weight_are_the_extension(found, shop):
    photo = {"base64": b64encode(picture("blue")).decode()}
    answer = found("search", query="red dress", image=photo, weight=1.0)
    SearchResponse.model_validate(answer)
    assert {product["metadata"]["colour"] for product in answer["products"]} == {"Blue"}
    again = found("search", query="red dress", image={"id": answer["image_id"]}, weight=0.0)
    assert {product["metadata"]["colour"] for product in again["products"]} == {"Red"}


def test_the_part_that_the_search_chose_is_named(found, shop, monkeypatch):
    chosen, search = Crop(0.0, 0.25, 0.5, 0.5), pictures.searched_part
    monkeypatch.setattr(
        pictures, "searched_part", lambda *asked, **named: replace(search(*asked, **named), crop=chosen)
    )
    photo = {"base64": b64encode(picture("blue")).decode()}
    answer = found("search", image=photo)
    SearchResponse.model_validate(answer)
    assert answer["searched_crop"] == str(chosen)
    assert "searched_crop" not in found("search", image=photo | {"crop": "0,0,1,1"})


def test_a_picture_may_be_as_large_as_the_profile_says(ask, shop):
    answer = ask("search", {"image": {"base64": "A" * 3_000_000}})
    assert (answer.status_code, answer.json()["code"]) == (415, "image_type")


def test_a_refusal_names_the_field_in_its_text(ask, db):
    assert ask("search", {"query": "x", "weight": 2}).json()["content"].startswith("weight: ")


def test_scores_are_told_with_each_product(found, shop):
    metadata = found("search", query="red dress")["products"][0]["metadata"]
    assert 0 < metadata["score"] <= 1
    assert "image_score" not in metadata


def test_the_featured_variant_has_the_size_that_was_asked_for(found, shop):
    answer = found("search", filters={"size": ["L"]})
    assert {product["variants"][0]["title"] for product in answer["products"]} == {"L"}


def test_nothing_found_is_an_empty_list(found, shop):
    assert found("search", filters={"brand": ["Nobody"]})["products"] == []


def test_products_without_a_price_are_left_out(found, shop):
    Product.objects.filter(pk=shop[0].pk).update(price=None, updated_at=timezone.now())
    assert shop[0].product_id not in ids(found("search", query="red dress", pagination={"limit": 100}))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"query": " "},
        {"image": {}},
        {"image": {"crop": "0,0,1,1"}},
        {"query": "x" * 501},
        {"query": ["x"]},
        {"filters": []},
        {"filters": {"price": {"max": -1}}},
        {"filters": {"price": {"max": "cheap"}}},
        {"filters": {"price": 5}},
        {"filters": {"categories": {"a": 1}}},
        {"query": "x", "pagination": {"limit": 0}},
        {"query": "x", "pagination": {"cursor": "mine"}},
        {"query": "x", "weight": 2},
        {"query": "x", "image": "blue"},
        {"image": {"base64": "###"}},
        {"query": "\ud800"},
        [],
        "{",
        "null",
    ],
)
def test_a_faulty_request_is_400_with_what_to_do(ask, db, payload):
    answer = ask("search", payload)
    assert answer.status_code == 400, answer.content
    assert answer.json()["content"]
    assert answer["Content-Type"].startswith("application/json")


def test_a_private_picture_is_not_fetched(ask, shop):
    answer = ask("search", {"image": {"url": "http://127.0.0.1/x.jpg"}})
    assert answer.status_code == 400


def test_a_price_in_thousandths_filters_to_the_last_one():
    request = FilteredSerializer(data={"filters": {"price": {"min": 12345}}})
    assert request.is_valid(), request.errors
    assert request.to_filters("KWD").price_min == Decimal("12.345")
