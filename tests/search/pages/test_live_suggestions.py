"""What the shop itself suggests while somebody types, and the cards of what a browser viewed."""

import re

import pytest

from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_viewed_products_are_cards_in_the_order_they_were_sent(client, shop):
    wanted = [shop[5].product_id, "gone", shop[2].product_id]
    page = client.post("/recently-viewed", {"id": wanted}).content.decode()
    assert re.findall(r'class="card" data-product-id="([^"]+)"', page) == [wanted[0], wanted[2]]


def test_viewed_products_are_posted_and_few(client, shop):
    assert client.get("/recently-viewed").status_code == 405
    page = client.post("/recently-viewed", {"id": [each.product_id for each in shop]}).content.decode()
    assert page.count('class="card"') == 12


def test_suggestions_bring_categories_and_products(client, shop):
    answer = client.get("/api/v1/suggest?q=dre").json()
    assert answer["suggestions"]
    assert answer["categories"] == [
        {"name": "Dress", "path": "Apparel > Dress", "url": "/category/apparel/dress", "count": 15}
    ]
    assert len(answer["products"]) == 4
    assert all("dress" in each["title"] and each["image"] for each in answer["products"])
    assert answer["products"][0]["url"].startswith("/products/")


def test_suggestions_for_nothing_are_empty(client, shop):
    answer = client.get("/api/v1/suggest?q=").json()
    assert (answer["suggestions"], answer["categories"], answer["products"]) == ([], [], [])


def test_suggested_products_can_be_bought_while_some_can(client, shop):
    gone = next(product for product in shop if not product.in_stock)
    answer = client.get("/api/v1/suggest", {"q": gone.category}).json()
    assert gone.product_id not in [each["product_id"] for each in answer["products"]]


def test_without_an_index_suggestions_still_bring_categories(client, colour_encoder):
    ProductFactory(category="Dress", category_path="Apparel > Dress")
    answer = client.get("/api/v1/suggest?q=dress").json()
    assert [each["name"] for each in answer["categories"]] == ["Dress"]
    assert answer["products"] == []


def test_a_category_within_one_of_the_same_name_is_suggested_once(client, colour_encoder):
    ProductFactory(category="Dresses", category_path="Apparel > Dress > Dresses")
    answer = client.get("/api/v1/suggest?q=dress").json()
    assert [each["path"] for each in answer["categories"]] == ["Apparel > Dress"]
