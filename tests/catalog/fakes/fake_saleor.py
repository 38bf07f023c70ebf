"""A Saleor shop as its published schema describes it, as far as the catalogue uses it.

The queries run against an excerpt of that schema, so that only fields are answered that Saleor has.
"""

import base64
import json
from pathlib import Path

from graphql import build_schema, graphql_sync

from tests.catalog.fakes.shops import FakeShop

SCHEMA = build_schema(Path(__file__).with_name("saleor.graphql").read_text())
CHANNEL = "default-channel"
TOKEN = "app-token-0123456789"


def gid(number):
    """As Saleor writes ids: "UHJvZHVjdDo3" for the product 7."""
    return base64.b64encode(f"Product:{number}".encode()).decode()


def attribute(name, *values, kind="DROPDOWN", unit=None):
    """``values`` are names, or whole values as dicts."""
    stated = [{"name": value} if isinstance(value, str) else value for value in values]
    return {"attribute": {"name": name, "inputType": kind, "unit": unit}, "values": stated}


def picture(address, kind="IMAGE"):
    def url(_info, size=4096):
        return address if size == 0 else f"{address}/thumbnail/{size}"

    return {"type": kind, "url": url}


def money(gross, currency="EUR"):
    """With 25% tax."""
    net = round(gross / 1.25, 2)
    amounts = {"gross": {"amount": gross}, "net": {"amount": net}}
    return {"currency": currency, **amounts}


def variant(sku, *attributes, price=59.0, before=None, **stated):
    pricing = {"price": money(price), "priceUndiscounted": money(before or price)}
    node = {
        "sku": sku,
        "externalReference": None,
        "trackInventory": True,
        "quantityAvailable": 5,
        "pricing": pricing,
        "attributes": list(attributes),
        "media": [],
    }
    return node | stated


def category(*path):
    """With its ancestors, of which the root is the first of ``path``."""
    above = [{"node": {"name": name, "level": level}} for level, name in enumerate(path[:-1])]
    return {"name": path[-1], "ancestors": {"edges": above}}


def product(number, *variants, **stated):
    node = {
        "number": number,
        "isPublished": True,
        "isVisibleInListing": True,
        "id": gid(number),
        "name": f"Linen Dress {number}",
        "slug": f"linen-dress-{number}",
        "description": None,
        "externalReference": None,
        "isAvailableForPurchase": True,
        "updatedAt": "2026-05-01T10:00:00+00:00",
        "productType": {"name": "Dress"},
        "category": category("Women", "Dresses"),
        "collections": [],
        "pricing": {"displayGrossPrices": True},
        "attributes": [],
        "media": [],
        "variants": list(variants) or [variant(f"LD-{number}")],
    }
    return node | stated


class FakeSaleor(FakeShop):
    """Answers for one channel; with ``is_closed``, to the app alone (storefront traffic not allowed)."""

    refused = (
        401,
        {},
        {"errors": [{"message": "Storefront traffic is not allowed.", "extensions": {"exception": {}}}]},
    )
    is_closed = False

    def __init__(self, products=()):
        super().__init__(products)
        self.authorizations = []

    def noted(self, request, body):
        assert request.path == "/graphql/"
        self.authorizations.append(request.headers.get("Authorization"))
        return json.loads(body)

    def is_allowed(self, request):
        return not self.is_closed or request.headers.get("Authorization") == f"Bearer {TOKEN}"

    def usual(self, request):
        root = {"shop": {"name": "Fern"}, "channel": self._channel, "products": self._products}
        result = graphql_sync(SCHEMA, request["query"], root, variable_values=request["variables"])
        if result.errors:
            errors = [{"message": each.message} for each in result.errors]
            return 400, {}, {"data": result.data, "errors": errors}
        return 200, {}, {"data": result.data}

    def _channel(self, _info, slug):
        return {"slug": slug} if slug == CHANNEL else None

    def _products(self, _info, channel, where, first, after=None, **ordered):
        if first > 100:
            raise ValueError("Requesting more than 100 records on the `products` connection.")
        assert first == 1 or ordered == {"sortBy": {"field": "CREATED_AT", "direction": "ASC"}}
        found = [node for node in self.products if channel == CHANNEL and _meets(node, where)]
        found.sort(key=lambda node: node["number"])
        # A cursor holds what the order is by, so that a page begins after its last product, gone or not.
        rest = [node for node in found if after is None or node["number"] > int(after)]
        page = rest[:first]
        return {
            "edges": [{"node": node} for node in page],
            "pageInfo": {
                "hasNextPage": len(rest) > first,
                "endCursor": str(page[-1]["number"]) if page else None,
            },
            "totalCount": len(found),
        }


def _meets(node, where):
    since = where.get("updatedAt", {}).get("range", {}).get("gte", "")
    return (
        (node["isPublished"], node["isVisibleInListing"])
        == (where["isPublished"], where["isVisibleInListing"])
        and node["updatedAt"] >= since
        and node["id"] in where.get("ids", [node["id"]])
    )
