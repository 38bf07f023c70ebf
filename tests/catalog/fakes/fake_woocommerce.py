"""A WooCommerce shop as its REST API v3 reference describes it, as far as the catalogue uses it."""

import base64
import html
import re
from urllib.parse import parse_qsl, urlsplit

from tests.catalog.fakes.shops import FakeShop

KEY, SECRET = "ck_0123456789abcdef", "cs_fedcba9876543210"
GONE = (
    404,
    {},
    {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID.", "data": {"status": 404}},
)


def product(number, **stated):
    thing = {
        "id": number,
        "name": f"Linen Dress {number}",
        "type": "simple",
        "status": "publish",
        "catalog_visibility": "visible",
        "post_password": "",
        "sku": "",
        "global_unique_id": "",
        "permalink": f"https://fern.example/product/{number}/",
        "description": "<p>A light <b>summer</b> dress.</p>",
        "short_description": "",
        "price": "59.00",
        "regular_price": "59.00",
        "sale_price": "",
        "stock_status": "instock",
        "manage_stock": True,
        "stock_quantity": 5,
        "categories": [{"id": 21, "name": "Dresses", "slug": "dresses"}],
        "tags": [{"id": 31, "name": "linen", "slug": "linen"}],
        "brands": [{"id": 41, "name": "Fern", "slug": "fern"}],
        "images": [],
        "attributes": [],
        "meta_data": [{"id": 1, "key": "_something", "value": "long"}],
        "date_modified_gmt": "2026-05-01T10:00:00",
    }
    return thing | stated


def attribute(name, *options, variation=False, number=0):
    """``number`` above 0: of the whole shop, so that its options are terms."""
    return {
        "id": number,
        "name": name,
        "slug": f"pa_{name.lower()}",
        "variation": variation,
        "options": list(options),
    }


def image(address):
    return {"id": 1, "src": address, "name": "", "alt": ""}


def variation(number, options=(), *, attribute_number=0, **stated):
    thing = {
        "id": number,
        "status": "publish",
        "sku": "",
        "global_unique_id": "",
        "permalink": f"https://fern.example/product/7/?variation={number}",
        "price": "59.00",
        "regular_price": "59.00",
        "stock_status": "instock",
        "manage_stock": True,
        "stock_quantity": 2,
        "image": None,
        "attributes": [{"id": attribute_number, "name": name, "option": option} for name, option in options],
    }
    return thing | stated


CATEGORIES = [
    {"id": 20, "name": "Women", "parent": 0, "slug": "women"},
    {"id": 21, "name": "Dresses", "parent": 20, "slug": "dresses"},
]


class FakeWooCommerce(FakeShop):
    """Pages as WooCommerce does and gives only the ``_fields`` requested. ``variations`` are by product."""

    refused = (
        401,
        {},
        {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."},
    )

    def __init__(self, products=(), variations=None):
        super().__init__(products)
        self.variations = variations or {}
        self.categories = CATEGORIES
        self.currency = "EUR"

    def noted(self, request, body):
        parts = urlsplit(request.path)
        return parts.path.removeprefix("/wp-json/wc/v3/"), dict(parse_qsl(parts.query))

    def is_allowed(self, request):
        expected = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {expected}"

    def usual(self, request):
        path, params = request
        if path == "products":
            return _page([_stated(thing) for thing in self.products if _meets(thing, params)], params)
        if path == "products/categories":
            return _page([each | {"name": _escaped(each["name"])} for each in self.categories], params)
        if path == "data/currencies/current":
            return 200, {}, _only({"code": self.currency, "name": "Euro", "symbol": "&euro;"}, params)
        if match := re.fullmatch(r"products/(\d+)(/variations)?", path):
            thing = next((each for each in self.products if each["id"] == int(match.group(1))), None)
            if thing is None:
                return GONE
            if match.group(2):
                variations = self.variations.get(thing["id"], [])
                shown = [_inherited(each, thing) for each in variations if _meets(each, params)]
                return _page(shown, params)
            return 200, {}, _only(_stated(thing), params)
        return 404, {}, {"code": "rest_no_route", "message": "No route was found."}


def _escaped(name):
    """WordPress stores names of terms escaped, and the API states them so."""
    return html.escape(name, quote=False)


def _stated(thing):
    stated = dict(thing)
    for terms in ("categories", "tags", "brands"):
        if isinstance(thing.get(terms), list):
            stated[terms] = [term | {"name": _escaped(term["name"])} for term in thing[terms]]
    stated["attributes"] = [_with_terms(each) for each in thing["attributes"]]
    return stated


def _with_terms(attribute):
    # Options of the product alone are text, not terms.
    if not attribute["id"]:
        return attribute
    return attribute | {"options": [_escaped(option) for option in attribute["options"]]}


def _inherited(variation, thing):
    """A variation without a picture states its product's first one, one without a SKU its product's."""
    cover = next(iter(thing["images"]), None)
    attributes = [
        each | {"option": _escaped(each["option"])} if each["id"] else each
        for each in variation["attributes"]
    ]
    return variation | {
        "image": variation["image"] or cover,
        "sku": variation["sku"] or thing["sku"],
        "attributes": attributes,
    }


def _meets(thing, params):
    if thing["status"] != params.get("status", thing["status"]):
        return False
    if "modified_after" in params:
        assert params["dates_are_gmt"] == "true"
        return thing["date_modified_gmt"] > params["modified_after"]
    return True


def _page(things, params):
    size = int(params.get("per_page", 10))
    assert size <= 100
    begins = int(params.get("offset", 0)) or (int(params.get("page", 1)) - 1) * size
    if params.get("orderby") == "id":
        things = sorted(things, key=lambda thing: thing["id"], reverse=params.get("order") == "desc")
    pages = -(-len(things) // size)
    shown = things[begins : begins + size]
    headers = {"X-WP-Total": str(len(things)), "X-WP-TotalPages": str(pages)}
    return 200, headers, [_only(thing, params) for thing in shown]


def _only(thing, params):
    wanted = params["_fields"].split(",") if "_fields" in params else thing
    return {name: thing[name] for name in wanted if name in thing}


def variable(number, variations, shop, **stated):
    shop.variations[number] = variations
    attributes = [
        attribute("Color", "navy", "Red", variation=True),
        attribute("Size", "S", "M", variation=True),
        attribute("Material", "Linen"),
    ]
    return product(number, type="variable", **({"attributes": attributes} | stated))
