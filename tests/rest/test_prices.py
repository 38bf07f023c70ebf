"""Prices with thousandths, from the column to the API."""

from decimal import Decimal

import pytest
from django.test import override_settings

from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.templatetags.shop import money
from rest.prices import PriceField
from tests.factories import ProductFactory


@pytest.mark.parametrize(
    ("stated", "currency", "kept"),
    [
        ("12.345", "KWD", "12.345"),
        ("12.3455", "TND", "12.346"),
        ("12.500", "BHD", "12.50"),
        ("12.345", "EUR", "12.35"),
        ("12.345", "", "12.35"),
        ("1250.5", "JPY", "1250.50"),
    ],
)
def test_a_price_keeps_the_decimals_of_its_currency(stated, currency, kept):
    product = SourceProduct(external_id="1", title="Hat", price=Decimal(stated), currency=currency)
    assert str(product.price) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("price", ["12.50", "12.345", "9999999999.999"])
def test_only_a_price_with_thousandths_is_read_with_them(price):
    ProductFactory(price=Decimal(price), list_price=None)
    read = Product.objects.get()
    assert (str(read.price), read.list_price) == (price, None)
    assert str(Product.objects.values_list("price", flat=True).get()) == price
    assert PriceField().to_representation(Decimal(price)) == price


@pytest.mark.django_db
@pytest.mark.parametrize(("price", "shown"), [("12.345", "12.345"), ("12.5", "12.50")])
def test_the_api_and_the_page_state_thousandths(client, price, shown):
    product = ProductFactory(price=Decimal(price), currency="KWD")
    assert client.get(f"/api/v1/product/{product.product_id}").json()["price"] == shown
    page = client.get(product.get_absolute_url()).content.decode()
    assert f'"price": "{shown}"' in page
    assert f'content="{shown}"' in page


@pytest.mark.parametrize(
    ("currency", "shown"), [("KWD", "KWD\xa012.500"), ("EUR", "€12.50"), ("JPY", "¥12"), ("", "12.50")]
)
def test_a_price_is_shown_with_the_decimals_of_its_currency(currency, shown):
    with override_settings(LANGUAGE_CODE="en"):
        assert money(Decimal("12.50"), currency) == shown
