"""A Magento 2 shop, in the form of its published REST schema, as far as the catalogue uses it."""

import re
from urllib.parse import parse_qsl, urlsplit

from tests.catalog.fakes.shops import FakeShop

TOKEN = "integration-0123456789abcdef"
COLOURS = {"49": "Navy", "50": "Red"}
SIZES = {"60": "S", "61": "M"}


def attribute(number, code, label, options=None, *, on_front="0"):
    listed = [{"label": " ", "value": ""}, *({"label": b, "value": a} for a, b in (options or {}).items())]
    return {
        "attribute_id": number,
        "attribute_code": code,
        "default_frontend_label": label,
        "frontend_input": "select" if options else "text",
        "is_visible_on_front": on_front,
        "options": listed if options else [],
    }


ATTRIBUTES = [
    attribute(93, "color", "Color", COLOURS),
    attribute(144, "size", "Size", SIZES),
    attribute(83, "manufacturer", "Manufacturer", {"7": "Fern"}),
    attribute(150, "fabric", "Fabric", {"70": "Linen", "71": "Silk"}, on_front="1"),
    attribute(151, "erp_note", "ERP note"),
    attribute(152, "ean", "EAN"),
]


def product(number, sku=None, *, children=(), links=("21",), websites=(1,), **stated):
    """``attributes`` are custom ones by code; ``pictures`` files with their types."""
    custom = {"url_key": f"linen-dress-{number}", "description": "<p>Light &amp; <b>airy</b>.</p>"}
    custom |= stated.pop("attributes", {})
    pictures = stated.pop("pictures", ())
    extension = {
        "website_ids": list(websites),
        "category_links": [{"position": 0, "category_id": category} for category in links],
    }
    if children:
        extension["configurable_product_options"] = [
            {"id": 1, "attribute_id": "93", "label": "Colour", "values": [{"value_index": 49}]},
            {"id": 2, "attribute_id": "144", "label": "Size", "values": [{"value_index": 60}]},
        ]
        extension["configurable_product_links"] = list(children)
    return {
        "id": number,
        "sku": sku or f"LD-{number}",
        "name": f"Linen Dress {number}",
        "price": 59.5,
        "status": 1,
        "visibility": 4,
        "type_id": "configurable" if children else "simple",
        "updated_at": "2026-05-01 10:00:00",
        "extension_attributes": extension,
        "media_gallery_entries": [
            {
                "id": place,
                "media_type": "image",
                "position": place,
                "disabled": False,
                "types": types,
                "file": file,
            }
            for place, (file, *types) in enumerate(pictures, start=1)
        ],
        "custom_attributes": [{"attribute_code": code, "value": value} for code, value in custom.items()],
    } | stated


def child(number, colour, size, **stated):
    values = {name: value for name, value in (("color", colour), ("size", size)) if value}
    attributes = values | stated.pop("attributes", {})
    return product(number, visibility=1, links=(), attributes=attributes, **stated)


class FakeMagento(FakeShop):
    """Pages as Magento does: one past the end repeats the last. ``stock`` maps a SKU to its number in each
    source; a SKU in ``unsalable`` cannot be bought.
    """

    refused = (401, {}, {"message": "The consumer isn't authorized to access %resources."})
    zone = "Europe/Berlin"

    def __init__(self, products=()):
        super().__init__(products)
        self.stock = {}
        self.unsalable = set()
        self.attributes = list(ATTRIBUTES)

    def noted(self, request, body):
        parts = urlsplit(request.path)
        return parts.path, dict(parse_qsl(parts.query))

    def is_allowed(self, request):
        return request.headers.get("Authorization") == f"Bearer {TOKEN}"

    def usual(self, request):
        path, params = request
        assert path.startswith("/rest/default/V1/"), path
        path = path.removeprefix("/rest/default/V1/")
        lists = {
            "products": self.products,
            "products/attributes": self.attributes,
            "inventory/source-items": self._source_items(),
            "inventory/stock-source-links": [{"stock_id": 2, "source_code": "berlin", "priority": 1}],
        }
        if path in lists:
            return 200, {}, _page(lists[path], params)
        single = {
            "store/storeConfigs": lambda: [self._config("default", 1), self._config("b2b", 2)],
            "store/websites": lambda: [{"id": 1, "code": "base"}, {"id": 2, "code": "trade"}],
            "inventory/stock-resolver/website/base": lambda: {"stock_id": 2, "name": "Web"},
            "inventory/are-products-salable": lambda: self._salable(params),
            "categories": _categories,
        }
        if path in single:
            return 200, {}, single[path]()
        return 404, {}, {"message": "Request does not match any route."}

    def _config(self, code, website):
        return {
            "id": website,
            "code": code,
            "website_id": website,
            "base_currency_code": "EUR",
            "timezone": self.zone,
            "secure_base_link_url": "https://fern.example/",
            "secure_base_media_url": "https://fern.example/media/",
        }

    def _source_items(self):
        return [
            {"sku": sku, "source_code": source, "quantity": quantity, "status": 1}
            for sku, sources in self.stock.items()
            for source, quantity in sources.items()
        ]

    def _salable(self, params):
        assert params["stockId"] == "2"
        skus = [value for name, value in params.items() if re.fullmatch(r"skus\[\d+\]", name)]
        return [{"sku": sku, "stock_id": 2, "salable": sku not in self.unsalable} for sku in skus]


def _categories():
    dresses = {"id": 21, "name": "Dresses", "is_active": True, "level": 3, "children_data": []}
    hidden = {"id": 22, "name": "Hidden", "is_active": False, "level": 3, "children_data": []}
    women = {"id": 20, "name": "Women", "is_active": True, "level": 2, "children_data": [dresses, hidden]}
    return {"id": 2, "name": "Default Category", "is_active": True, "level": 1, "children_data": [women]}


def _page(things, params):
    groups = {}
    for name, value in params.items():
        if match := re.fullmatch(r"searchCriteria\[filter_groups]\[(\d+)]\[filters]\[(\d+)]\[(\w+)]", name):
            group, place, part = match.groups()
            groups.setdefault(group, {}).setdefault(place, {})[part] = value
    found = [thing for thing in things if all(_meets(thing, group.values()) for group in groups.values())]
    if sort := params.get("searchCriteria[sortOrders][0][field]"):
        found.sort(key=lambda thing: _value(thing, sort))
    size = int(params["searchCriteria[pageSize]"])
    # The last page again, for any page past the end.
    last = max(1, -(-len(found) // size))
    start = (min(int(params["searchCriteria[currentPage]"]), last) - 1) * size
    return {"items": found[start : start + size], "search_criteria": {}, "total_count": len(found)}


def _meets(thing, filters):
    return any(_compare(_value(thing, each["field"]), each) for each in filters)


def _value(thing, field):
    return thing["id" if field == "entity_id" else field]


def _compare(value, each):
    if each["condition_type"] == "gt":
        return value > int(each["value"])
    if each["condition_type"] == "in":
        return str(value) in each["value"].split(",")
    return str(value) == each["value"]
