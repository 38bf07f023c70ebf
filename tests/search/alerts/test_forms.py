"""The form of an alert on a page: its price as the reader writes it, and the way back when it is refused."""

import re
from decimal import Decimal

import pytest

from search.models import Alert
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(price="39.00")


def refused(client, product, **headers):
    form = {"kind": "price_below", "product_id": product.product_id, "price": "99", "email": "a@example.com"}
    return client.post("/alerts", form, headers=headers).content.decode()


@pytest.mark.parametrize(("language", "price"), [("en", "39.00"), ("de", "39,00")])
def test_the_price_stands_in_the_form_as_the_reader_writes_it(client, product, language, price):
    page = client.get(product.get_absolute_url(), headers={"Accept-Language": language})
    assert f'value="{price}"' in page.content.decode()


@pytest.mark.parametrize(("currency", "label"), [("EUR", "Less than (EUR)"), ("", "Less than")])
def test_the_field_of_the_price_names_the_currency_where_there_is_one(client, currency, label):
    product = ProductFactory(price="39.00", currency=currency)
    page = client.get(product.get_absolute_url()).content.decode()
    field = re.search(r'<label[^>]*for="alert-price">(.*?)</label>', page, re.DOTALL)[1]
    assert field.strip() == label


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        ("en", "1,299.00", "1299.00"),
        ("en", "1,299", "1299.00"),
        ("de", "1.299", "1299.00"),
        ("de", "1.299,00 €", "1299.00"),
        ("de", "49.90", "49.90"),
        ("en", "€50", "50.00"),
    ],
)
def test_a_price_is_read_as_people_write_it(client, language, typed, price):
    product = ProductFactory(price="2000.00", currency="EUR")
    form = {"kind": "price_below", "product_id": product.product_id, "price": typed, "email": "a@example.com"}
    assert client.post("/alerts", form, headers={"Accept-Language": language}).status_code == 303
    assert Alert.objects.get().price == Decimal(price)


def test_a_price_in_another_currency_is_refused(client, product):
    form = {"kind": "price_below", "product_id": product.product_id, "price": "$20", "email": "a@example.com"}
    assert client.post("/alerts", form).status_code == 400


def test_a_refused_alert_leads_back_to_its_product(client, product):
    sent_from = f"http://testserver{product.get_absolute_url()}"
    page = refused(client, product, Referer=sent_from)
    assert f'href="{sent_from}"' in page
    assert "This cannot be searched" not in page.split("<h1>")[1]


def test_a_refused_form_leads_to_no_other_site(client, product):
    assert "evil.example" not in refused(client, product, Referer="https://evil.example/products/1")
