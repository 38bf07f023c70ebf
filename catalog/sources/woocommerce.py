"""A WooCommerce shop as source, through its REST API v3 (docs/shops.md)."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache

from catalog.sources.base import Offer, Rejected, SourceError, SourceProduct
from catalog.sources.shop_api import CRAWL, LIVE, PublicPictures, Reply, RetryPolicy, ShopApi
from catalog.sources.variants import GONE, Style, Variant, offer_among, products, style_id, unreadable

# The most that WooCommerce gives at once.
PAGE = 100
REMEMBERED_SECONDS = 600
# Without this, each product brings along what plugins keep with it, often more than the rest.
_PRODUCT_FIELDS = (
    "id,name,type,status,catalog_visibility,permalink,description,short_description,price,regular_price,"
    "stock_status,manage_stock,stock_quantity,categories,tags,brands,images,attributes"
)
_PUBLISHED_VARIATIONS: dict[str, str | int] = {
    "status": "publish",
    "_fields": "id,permalink,price,regular_price,stock_status,manage_stock,stock_quantity,image,attributes",
}


class WooCommerceSource(PublicPictures):
    """The published products of the shop at ``address`` ("https://shop.example", with the folder if any)."""

    def __init__(
        self,
        address: str,
        key: str,
        secret: str,
        *,
        name: str = "woocommerce",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._url = f"{address.rstrip('/')}/wp-json/wc/v3/"
        credentials = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._api = ShopApi("WooCommerce", secrets=(key, secret, credentials), pause=pause)

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id; with ``since``, those that WooCommerce says were modified after it."""
        currency, shelves = self._currency(), self._shelves()
        conditions: dict[str, str | int] = {"status": "publish", "_fields": _PRODUCT_FIELDS}
        if since is not None:
            conditions["modified_after"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
            conditions["dates_are_gmt"] = "true"
        for line, product in enumerate(self._pages("products", conditions), start=1):
            yield from self._rows(product, currency, shelves, line)

    def offer(self, external_id: str) -> Offer | None:
        """Price and stock now, without the currency, which one product does not state; None where it has more
        variations than one page holds.
        """
        number = style_id(external_id)
        if not number.isdecimal():
            return None
        reply = self._get(f"products/{number}", {"_fields": _PRODUCT_FIELDS}, LIVE)
        product = self._thing(reply)
        if product is None or not _is_sold(product):
            return GONE
        variations = None
        if product.get("type") == "variable":
            asked: dict[str, str | int] = {**_PUBLISHED_VARIATIONS, "per_page": PAGE}
            reply = self._get(f"products/{number}/variations", asked, LIVE)
            if reply.status == 404:
                return GONE
            if _pages_in(reply) > 1:
                return None
            variations = self._listed(reply)
        return offer_among(self._mapped(product, variations, "", {}, 1), external_id)

    def one(self, number: str) -> Iterator[SourceProduct | Rejected]:
        """What a crawl would say of the product with this id: nothing, where the shop no longer shows it."""
        if not number.isdecimal():
            return
        product = self._thing(self._get(f"products/{number}", {"_fields": _PRODUCT_FIELDS}, CRAWL))
        if product is not None:
            # Thousands of products may be looked up one by one, after a bulk edit.
            currency = cache.get_or_set(f"{self.name}-currency", self._currency, REMEMBERED_SECONDS)
            shelves = cache.get_or_set(f"{self.name}-shelves", self._shelves, REMEMBERED_SECONDS)
            yield from self._rows(product, str(currency), shelves or {}, 1)

    # --- From WooCommerce's words to the catalogue's --------------------------------------------

    def _rows(
        self, product: dict[str, Any], currency: str, shelves: dict[int, str], line: int
    ) -> Iterator[SourceProduct | Rejected]:
        if not _is_sold(product):
            return
        variations = None
        if product.get("type") == "variable":
            path = f"products/{product['id']}/variations"
            variations = list(self._pages(path, _PUBLISHED_VARIATIONS))
        yield from self._mapped(product, variations, currency, shelves, line)

    def _mapped(
        self,
        product: dict[str, Any],
        variations: list[dict[str, Any]] | None,
        currency: str,
        shelves: dict[int, str],
        line: int,
    ) -> Iterator[SourceProduct | Rejected]:
        """``variations`` None: a product without any. A variable one whose list is empty cannot be bought."""
        try:
            style = _style(product, currency, shelves, line)
            variants = [_variant(each) for each in ([product] if variations is None else variations)]
            rows = list(products(style, variants))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rows = [unreadable(line, product.get("id"), "WooCommerce", error)]
        yield from rows

    # --- Asking ---------------------------------------------------------------------------------

    def _pages(self, path: str, conditions: dict[str, str | int]) -> Iterator[dict[str, Any]]:
        """Everything under ``path`` once, in the order of the ids, page by page."""
        page, total, seen = 1, 0, set()
        while True:
            asked = {"per_page": PAGE, "orderby": "id", "order": "asc", "page": page, **conditions}
            reply = self._get(path, asked, CRAWL)
            if reply.status == 404:  # the product was deleted while its variations were read
                return
            for thing in self._listed(reply):
                if thing["id"] not in seen:
                    seen.add(thing["id"])
                    yield thing
            stated = _number(reply, "X-WP-Total")
            # What was deleted from earlier pages moved the rest forward, over the edge of this page.
            moved, total = stated < total, stated
            if moved and page > 1:
                page -= 1
            elif page >= _pages_in(reply):
                return
            else:
                page += 1

    def _listed(self, reply: Reply) -> list[dict[str, Any]]:
        if isinstance(reply.data, list) and all(_is_thing(thing) for thing in reply.data):
            return reply.data
        raise SourceError("WooCommerce did not answer with a list.", permanent=False)

    def _thing(self, reply: Reply) -> dict[str, Any] | None:
        """The one thing asked for, None where it is gone."""
        if reply.status == 404:
            return None
        if not isinstance(reply.data, dict):
            raise SourceError("WooCommerce did not answer with a product.", permanent=False)
        return reply.data

    def _get(self, path: str, params: dict[str, str | int], policy: RetryPolicy) -> Reply:
        reply = self._api.ask("GET", self._url + path, policy=policy, headers=self._headers, params=params)
        if reply.status == 404 and not _is_woocommerce(reply.data):
            message = "There is no WooCommerce API under WOOCOMMERCE_URL. Are pretty permalinks switched on?"
            raise SourceError(message, permanent=True)
        return reply

    def _currency(self) -> str:
        reply = self._get("data/currencies/current", {"_fields": "code"}, CRAWL)
        code = (self._thing(reply) or {}).get("code")
        if not isinstance(code, str) or len(code) != 3:
            raise SourceError("WooCommerce does not say which currency its prices are in.", permanent=True)
        return code

    def _shelves(self) -> dict[int, str]:
        """Every category's path by its id: {15: "Women > Dresses"}."""
        fields: dict[str, str | int] = {"_fields": "id,name,parent"}
        listed = {each["id"]: each for each in self._pages("products/categories", fields)}
        return {number: " > ".join(_path(listed, number)) for number in listed}


def _path(listed: dict[int, dict[str, Any]], number: int) -> list[str]:
    """Names from the top down; a circle among parents ends where it closes."""
    names: dict[int, str] = {}
    while number in listed and number not in names:
        names[number] = str(listed[number].get("name", ""))
        number = listed[number].get("parent", 0)
    return list(names.values())[::-1]


def _is_thing(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("id"), int)


def _is_woocommerce(data: Any) -> bool:
    """Whether a 404 means that one thing is gone, not that the whole API is elsewhere."""
    return isinstance(data, dict) and str(data.get("code", "")).startswith("woocommerce_rest")


def _pages_in(reply: Reply) -> int:
    return _number(reply, "X-WP-TotalPages")


def _number(reply: Reply, header: str) -> int:
    """Raises SourceError where it is missing: without it, the first page would pass for all."""
    stated = reply.headers.get(header, "")
    if not stated.isdecimal():
        message = f"WooCommerce's answer lacks {header}. Does a proxy or a cache before the shop remove it?"
        raise SourceError(message, permanent=True)
    return int(stated)


def _is_sold(product: dict[str, Any]) -> bool:
    """Whether shoppers can see it."""
    return product.get("status") == "publish" and product.get("catalog_visibility") != "hidden"


def _style(product: dict[str, Any], currency: str, shelves: dict[int, str], line: int) -> Style:
    stated = [each for each in product["categories"] or [] if each["slug"] != "uncategorized"]
    paths = [shelves.get(each["id"]) or str(each["name"]) for each in stated]
    tags = [str(tag["name"]) for tag in product["tags"] or []]
    attributes = {str(each["name"]): list(map(str, each["options"])) for each in product["attributes"] or []}
    brands = [str(brand["name"]) for brand in product.get("brands") or []]
    return Style(
        external_id=str(product["id"]),
        title=product["name"],
        line=line,
        currency=currency,
        description=product["description"] or product["short_description"] or "",
        brand=next(iter(brands), ""),
        # The deepest one says most.
        category_path=max(paths, key=lambda path: path.count(" > "), default=""),
        url=product["permalink"] or "",
        images=_images(product["images"]),
        attributes={**attributes, "tags": tags} if tags else attributes,
        gender_words=(*tags, *(step for path in paths for step in path.split(" > "))),
    )


def _variant(thing: dict[str, Any]) -> Variant:
    """A variation, or a product that has none."""
    image = thing.get("image")
    # "parent": one stock for all variations, which no one of them can claim.
    counted = thing["manage_stock"] is True and thing["stock_quantity"] is not None
    return Variant(
        # A product's own attributes list "options"; a variation's name one "option" each.
        options={str(each["name"]): str(each["option"]) for each in thing["attributes"] if "option" in each},
        price=thing["price"],
        list_price=thing["regular_price"],
        in_stock=thing["stock_status"] == "instock",
        quantity=int(thing["stock_quantity"]) if counted else None,
        images=_images([image] if image else []),
        url=thing["permalink"] or "",
    )


def _images(listed: Any) -> tuple[str, ...]:
    return tuple(str(image["src"]) for image in listed or [] if image.get("src"))
