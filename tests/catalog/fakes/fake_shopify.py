"""A Shopify shop as its GraphQL Admin API reference describes it, as far as the catalogue uses it."""

import json
import re
from copy import deepcopy

from tests.catalog.fakes.shops import FakeShop

TOKEN = "shpat_0123456789abcdef"
CLIENT_ID, CLIENT_SECRET = "0a1b2c3d", "shpss_fedcba9876543210"


def variant(number, *, options=(), **stated):
    """``options`` as pairs; without any, the one variant of a product that has no options."""
    pairs = options or [("Title", "Default Title")]
    node = {
        "id": f"gid://shopify/ProductVariant/{number}",
        "legacyResourceId": str(number),
        "sku": None,
        "barcode": None,
        "price": "59.00",
        "compareAtPrice": None,
        "availableForSale": True,
        "inventoryQuantity": 5,
        "inventoryItem": {"tracked": True},
        "selectedOptions": [{"name": name, "value": value} for name, value in pairs],
        "media": {"nodes": []},
    }
    return node | stated


def product(number, variants=None, **stated):
    node = {
        "id": f"gid://shopify/Product/{number}",
        "legacyResourceId": str(number),
        "title": f"Linen Dress {number}",
        "descriptionHtml": "<p>A light <b>summer</b> dress.</p>",
        "vendor": "Fern",
        "productType": "Dresses",
        "tags": ["women", "linen"],
        "status": "ACTIVE",
        "onlineStoreUrl": f"https://fern.example/products/{number}",
        "category": {"fullName": "Apparel & Accessories > Clothing > Dresses"},
        "media": {"nodes": []},
        "updatedAt": "2026-05-01T10:00:00Z",
        "variants": variants or [variant(number * 10)],
    }
    return node | stated


def pictures(*addresses):
    # A film or a 3D model comes as an empty object.
    return {"nodes": [{}, *({"image": {"url": address}} for address in addresses)]}


def answered(data, **cost):
    status = {"maximumAvailable": 2000, "currentlyAvailable": 1900, "restoreRate": 100} | cost
    cost = {"requestedQueryCost": 100, "actualQueryCost": 20, "throttleStatus": status}
    return 200, {}, {"data": data, "extensions": {"cost": cost}}


def failed(code, message="It did not work.", data=None, **cost):
    errors = [{"message": message, "extensions": {"code": code}}]
    status, headers, body = answered(data, **cost)
    return status, headers, {"errors": errors, **body}


THROTTLED = failed("THROTTLED", "Throttled", currentlyAvailable=40, restoreRate=20)


class FakeShopify(FakeShop):
    """Answers by operation, pages by cursor, refuses pages of more than ``max_page`` products."""

    refused = (401, {}, {"errors": "[API] Invalid API key or access token (unrecognized login)"})
    max_page = 250
    # How long exchanged tokens live, in seconds.
    lifetime = 86_399
    # Which states a bulk operation is seen in, and where its file is said to lie.
    bulk_states = ("CREATED", "RUNNING", "COMPLETED")
    bulk_host = ""

    def __init__(self, products=()):
        super().__init__(products)
        self.exchanges = 0
        self.withdrawn = set()
        self.headers = []
        self.bulk_polls = 0
        # Lines that a connection loses at the end of the file.
        self.bulk_lost = 0

    def answer(self, request, body):
        if request.path == "/bulk.jsonl":
            lines = self._bulk_lines()
            return 200, {}, "\n".join(map(json.dumps, lines[: len(lines) - self.bulk_lost])) + "\n"
        if request.path == "/admin/oauth/access_token":
            return self._exchange(json.loads(body))
        return super().answer(request, body)

    def noted(self, request, body):
        assert request.path == "/admin/api/2026-07/graphql.json"
        self.headers.append(dict(request.headers))
        return json.loads(body)

    def is_allowed(self, request):
        token = request.headers.get("X-Shopify-Access-Token", "")
        return token.startswith(TOKEN) and token not in self.withdrawn

    def _exchange(self, body):
        expected = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        if body != expected:
            return 400, {}, {"error": "invalid_client"}
        self.exchanges += 1
        token = f"{TOKEN}-{self.exchanges}"
        return 200, {}, {"access_token": token, "scope": "read_products", "expires_in": self.lifetime}

    def usual(self, request):
        operation = re.match(r"\s*(?:query|mutation) (\w+)", request["query"]).group(1)
        return getattr(self, f"_{operation.lower()}")(request["query"], request["variables"])

    def _products(self, text, variables):
        if variables["first"] > self.max_page:
            return failed("MAX_COST_EXCEEDED", "Query cost is 1723, which exceeds the single query max cost")
        found = self._found(variables["query"])
        nodes, page = _page(found, variables["first"], variables["after"])
        nodes = [self._shown(node, _size_of_variants(text)) for node in nodes]
        return answered(
            {
                "shop": {"currencyCode": "EUR"},
                "productsCount": {"count": len(found)},
                "products": {"nodes": nodes, "pageInfo": page},
            }
        )

    def _shop(self, text, variables):
        return answered({"shop": {"name": "Fern"}})

    def _bulkrun(self, text, variables):
        assert "groupObjects: true" in text
        self.bulk_polls = 0
        run = {"bulkOperation": {"id": "gid://shopify/BulkOperation/1"}, "userErrors": []}
        return answered({"bulkOperationRunQuery": run})

    def _bulkstate(self, text, variables):
        status = self.bulk_states[min(self.bulk_polls, len(self.bulk_states) - 1)]
        self.bulk_polls += 1
        lines = self._bulk_lines()
        done = status == "COMPLETED"
        state = {
            "status": status,
            "errorCode": "TIMEOUT" if status == "FAILED" else None,
            "objectCount": str(len(lines)),
            "url": f"{self.bulk_host or self.address}/bulk.jsonl" if done and lines else None,
        }
        return answered({"bulkOperation": state})

    def _bulk_lines(self):
        """Every object on a line of its own, under its parent; connections become lines."""
        return [line for node in self._found("status:active") for line in _grouped(node)]

    def _product(self, text, variables):
        node = next((node for node in self.products if node["id"] == variables["id"]), None)
        shown = node and self._shown(node, _size_of_variants(text))
        return answered({"shop": {"currencyCode": "EUR"}, "product": shown})

    def _variants(self, text, variables):
        node = next((node for node in self.products if node["id"] == variables["id"]), None)
        if node is None:
            return answered({"product": None})
        nodes, page = _page(node["variants"], _size_of_variants(text), variables["after"])
        return answered({"product": {"variants": {"nodes": nodes, "pageInfo": page}}})

    def _inventoryitem(self, text, variables):
        number = variables["id"].rpartition("/")[2]
        if number not in {each["legacyResourceId"] for node in self.products for each in node["variants"]}:
            return answered({"inventoryItem": None})
        owner = next(
            node for node in self.products if any(v["legacyResourceId"] == number for v in node["variants"])
        )
        product = {"legacyResourceId": owner["legacyResourceId"]}
        return answered({"inventoryItem": {"variants": {"nodes": [{"product": product}]}}})

    def _found(self, conditions):
        found = sorted(self.products, key=lambda node: int(node["legacyResourceId"]))
        for condition in conditions.split():
            name, _colon, value = condition.partition(":")
            found = [node for node in found if _meets(node, name, value)]
        return found

    def _shown(self, node, size):
        shown = deepcopy(node)
        nodes, page = _page(node["variants"], size, None)
        shown["variants"] = {"nodes": nodes, "pageInfo": page}
        return shown


def _size_of_variants(text):
    return int(re.search(r"variants\(first: (\d+)", text).group(1))


def _grouped(node, parent=None):
    connections = {"media", "variants"} & set(node)
    own = {name: value for name, value in node.items() if name not in connections}
    yield own if parent is None else own | {"__parentId": parent}
    for picture in node["media"]["nodes"]:
        yield {**picture, "__parentId": node["id"]}
    for variant in node.get("variants", ()):
        yield from _grouped(variant, node["id"])


def _page(things, size, after):
    start = 0 if after is None else int(after.removeprefix("cursor-"))
    nodes = things[start : start + size]
    end = start + len(nodes)
    return nodes, {"hasNextPage": end < len(things), "endCursor": f"cursor-{end}" if nodes else None}


def _meets(node, name, value):
    if name == "status":
        return node["status"] == value.upper()
    if name == "updated_at":
        return node["updatedAt"] >= value.removeprefix(">=").strip("'")
    number = int(node["legacyResourceId"])
    return number > int(value[1:]) if value.startswith(">") else number == int(value)
