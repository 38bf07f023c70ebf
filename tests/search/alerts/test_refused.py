"""Wishes that are no alert: what the page and the API refuse, in the same words."""

from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from search.models import Alert
from tests.factories import ProductFactory
from tests.problems import fields_of
from tests.search.alerts.changes import GUEST, alert_of, api, ask, sold_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(db):
    return sold_out(title="Linen dress")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"kind": "everything"}, "kind"),
        ({"kind": "price_below", "price": "cheap"}, "price"),
        ({"kind": "price_below", "price": "-1"}, "price"),
        ({"kind": "price_below", "price": "1e40"}, "price"),
        ({"kind": "price_below", "price": "9999999999.999"}, "price"),
        ({"kind": "price_below", "price": "0.001"}, "price"),
        ({"email": "no address"}, "email"),
        ({"email": f"{'a' * 250}@example.com"}, "email"),
        ({"kind": "new_finds"}, "text"),
        ({"kind": "new_finds", "image_id": "a" * 64}, "image_id"),
    ],
)
def test_the_page_and_the_api_refuse_the_same(client, product, form, field):
    assert ask(client, product, **form).status_code == 400
    body = {"kind": "back_in_stock", "product_id": product.product_id, "email": GUEST, **form}
    if "image_id" not in form:
        assert field in fields_of(api(client, "alerts", body))
    assert not Alert.objects.exists()


def test_what_is_so_already_needs_no_alert(client, db):
    product = ProductFactory(price="20.00")
    assert ask(client, product).status_code == 400
    assert ask(client, product, kind="price_below", price="30").status_code == 400


def test_a_product_that_is_gone_is_not_found(client, db):
    assert client.post("/alerts", {"kind": "back_in_stock", "product_id": "gone-1"}).status_code == 404
    refused = api(client, "alerts", {"kind": "back_in_stock", "product_id": "gone-1", "email": GUEST})
    assert (refused.status_code, refused.json()["code"]) == (404, "product_unknown")


def test_a_price_that_its_column_cannot_hold_is_corrected_where_it_is_stored(product):
    """SQLite keeps it, and no query can read it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such a price.")
    alert_of(email=GUEST, product=product, kind="price_below", price="30")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE alerts SET price = '10000000000.00'")
    lower = import_module("search.migrations.0009_prices_that_can_be_read").lower
    lower(apps, SimpleNamespace(connection=connection))
    assert Alert.objects.get().price == Decimal("9999999999.99")
