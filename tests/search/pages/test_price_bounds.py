"""Bounds of prices on the pages of a shop: they are amounts in its own currency."""

import pytest
from django.utils import translation

from catalog.models import Product
from search.alerts import saved_search


@pytest.fixture
def sterling(shop):
    Product.objects.update(currency="GBP")


@pytest.mark.parametrize("address", ["/results?text=dress&price_max=50", "/results?text=dress+under+50"])
def test_the_chip_of_a_price_names_the_shops_currency(client, sterling, address):
    page = client.get(address).content.decode()
    assert "up to £50.00" in page
    assert "€" not in page


def test_the_bound_that_was_let_go_is_named_in_the_shops_currency(client, sterling):
    page = client.get("/results?text=red+dress+under+5").content.decode()
    assert "without a price up to £5.00" in page


def test_a_saved_search_is_described_in_the_readers_language():
    kept = {"text": "Kleid", "gender": ["Women"], "category": ["Apparel > Dresses"], "colour": ["Red"]}
    with translation.override("de"):
        assert saved_search.label(kept, "EUR") == "Kleid · Damen · Kleider · Rot"


def test_an_attribute_in_a_saved_search_is_described_by_its_value():
    assert saved_search.label({"text": "jeans", "attribute": ["fit:Slim"]}, "EUR") == "jeans · Slim"


@pytest.mark.parametrize("name", ["price_min", "price_max"])
def test_a_price_of_more_decimals_than_a_page_holds_is_refused(client, shop, name):
    assert client.get("/results", {"text": "dress", name: "1e-3000000"}).status_code == 400


def test_a_price_of_nothing_is_a_price(client, shop):
    """0 equals False, and is no filter left out."""
    for address in ("/results?text=dress&price_max=0", "/results?price_max=0"):
        assert client.get(address).context["result"].total == 0
