"""Calls of many rows, and what is read from their answers."""

from catalog.models import Product

PRODUCTS, DELETE = "/api/v1/catalogue/products", "/api/v1/catalogue/products/delete"
OFFERS = "/api/v1/catalogue/offers"
HAT = {"id": "1", "title": "Hat", "price": "20.00", "currency": "EUR", "quantity": 3}


def stored(external_id="1", source="api"):
    return Product.objects.get(source=source, external_id=external_id)


def statuses(answer):
    assert answer.status_code == 200, answer.content
    return [row["status"] for row in answer.json()["results"]]
