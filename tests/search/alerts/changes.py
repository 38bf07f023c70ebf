"""What tests of alerts do: a shop that changes, alerts that wait, mails that are read."""

import json
import re
from datetime import timedelta
from decimal import Decimal

from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.syncing.upsert import upsert
from search.alerts import delivery
from search.models import Alert
from tests.factories import NOW, ProductFactory

SOON = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1, hours=2)


def sold_out(**fields):
    return ProductFactory(in_stock=False, external_id="77", **fields)


def synced(product: Product, *, now=SOON, **changes):
    """The shop states the product anew; ``changes`` are what differs."""
    stated = {"title": product.title, "price": product.price, "currency": "EUR", "in_stock": product.in_stock}
    if "price" in changes:
        changes["price"] = Decimal(changes["price"])
    stated |= {"category": product.category, "colour": product.colour, "gender": product.gender}
    row = SourceProduct(external_id=product.external_id, line=1, **{**stated, **changes})
    upsert(product.source, [row], now=now)
    return Product.objects.get(pk=product.pk)


GUEST = "guest@example.com"


def alert_of(user=None, *, kind="back_in_stock", product=None, price=None, email="", **fields):
    query = fields.pop("query", {})
    return Alert.objects.create(
        kind=kind,
        user=user,
        email=email,
        product=product,
        price=None if price is None else Decimal(price),
        currency=fields.pop("currency", "" if price is None else "EUR"),
        query=query,
        query_key=fields.pop("query_key", "k" * 64 if product is None else ""),
        language=fields.pop("language", "en"),
        created_at=NOW,
        confirmed_at=fields.pop("confirmed_at", NOW),
        expires_at=fields.pop("expires_at", NOW + timedelta(days=180)),
        seen_until=NOW,
        **fields,
    )


def deliver(now=SOON):
    return delivery.deliver(lambda: now)


def links(message):
    return re.findall(r"https?://[^/\s]+(/\S*)", message.body)


def link(message, part):
    return next(each for each in links(message) if part in each)


def ask(client, product, *, email=GUEST, **form):
    fields = {"kind": "back_in_stock", "product_id": product.product_id, "email": email, **form}
    return client.post("/alerts", fields)


def api(client, path, body, **extra):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **extra)
