"""A WooCommerce shop as source, through its REST API v3 (docs/shops.md)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, Self, TypeVar, cast

from django.conf import settings
from django.core.cache import cache

from catalog.attributes import is_usual
from catalog.sources.base import Offer, Rejected, SourceError, SourceProduct
from catalog.sources.protocols import ShopSource, Topic, Webhook
from catalog.sources.shops.listing import deepest, path_of
from catalog.sources.shops.shop_api import CHECK, CRAWL, LIVE, NUMBER, PublicPictures, RetryPolicy
from catalog.sources.shops.woocommerce_api import Record, WooCommerceApi
from catalog.sources.uncategorized import is_uncategorized
from catalog.sources.variants import GONE, Style, Variant, offer_among, products, sold, unreadable

Value = TypeVar("Value")

CACHED_SECONDS = 600
# Without this, each product brings along what plugins keep with it, often more than the rest.
_PRODUCT_FIELDS = (
    "id,name,type,status,catalog_visibility,post_password,permalink,description,short_description,sku,"
    "global_unique_id,price,regular_price,stock_status,manage_stock,stock_quantity,categories,tags,brands,"
    "images,attributes"
)
_PUBLISHED_VARIATIONS: dict[str, str | int] = {
    "status": "publish",
    "_fields": (
        "id,permalink,sku,global_unique_id,price,regular_price,stock_status,manage_stock,stock_quantity,image,"
        "attributes"
    ),
}


class WooCommerceSource(PublicPictures, ShopSource):
    """The published products of the shop at ``address`` ("https://shop.example", with the folder if any)."""

    name = "woocommerce"
    configured_by = "WOOCOMMERCE_URL, WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET"
    webhook = Webhook(
        signed_by="WOOCOMMERCE_WEBHOOK_SECRET",
        signature_header="X-WC-Webhook-Signature",
        topic_header="X-WC-Webhook-Topic",
        topics=dict.fromkeys(
            ("product.created", "product.updated", "product.deleted", "product.restored"),
            # A variation comes as a product with a parent.
            Topic(("parent_id", "id")),
        ),
        id_pattern=NUMBER,
        test_body=re.compile(rb"webhook_id=\d{1,20}"),
    )

    def __init__(
        self, address: str, key: str, secret: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._api = WooCommerceApi(address, key, secret, pause=pause)

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.WOOCOMMERCE_URL:
            return None
        return cls(settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET)

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id; with ``since``, those that WooCommerce says were modified after it."""
        currency, categories = self._currency(CRAWL), self._category_paths()
        conditions: dict[str, str | int] = {"status": "publish", "_fields": _PRODUCT_FIELDS}
        if since is not None:
            conditions["modified_after"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
            conditions["dates_are_gmt"] = "true"
        for line, product in enumerate(self._api.pages("products", conditions), start=1):
            yield from self._rows(product, currency, categories, line)

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        """Price and stock now; None where it has more variations than one page holds."""
        if not style_id.isdecimal():
            return None
        product = self._api.record(f"products/{style_id}", {"_fields": _PRODUCT_FIELDS}, LIVE)
        if product is None or not _is_visible(product):
            return GONE
        variations = None
        if product.get("type") == "variable":
            page = self._api.first_page(f"products/{style_id}/variations", _PUBLISHED_VARIATIONS, LIVE)
            if page is None:
                return GONE
            variations, page_count = page
            if page_count > 1:
                return None
        # The decimals of a price are its currency's, which one product does not state.
        currency = self._cached("currency", str, lambda: self._currency(LIVE))
        return offer_among(self._mapped(product, variations, currency, {}, 1), external_id)

    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        if not style_id.isdecimal():
            return
        product = self._api.record(f"products/{style_id}", {"_fields": _PRODUCT_FIELDS}, CRAWL)
        if product is not None:
            # Thousands of products may be looked up one by one, after a bulk edit.
            currency = self._cached("currency", str, lambda: self._currency(CRAWL))
            categories = self._cached("categories", dict, self._category_paths)
            yield from self._rows(product, currency, categories, 1)

    def check(self, *, now: datetime) -> str:
        return f"{self._api.count('products', {'status': 'publish'}, CHECK):,} published products."

    def _cached(self, what: str, kind: type, read: Callable[[], Value]) -> Value:
        key = f"{self.name}-{what}"
        cached = cache.get(key)
        if not isinstance(cached, kind):
            cached = read()
            cache.set(key, cached, CACHED_SECONDS)
        return cast("Value", cached)

    # --- Mapping ---------------------------------------------------------------------------------

    def _rows(
        self, product: Record, currency: str, categories: dict[str, str], line: int
    ) -> Iterator[SourceProduct | Rejected]:
        if not _is_visible(product):
            return
        variations = None
        if product.get("type") == "variable":
            path = f"products/{product['id']}/variations"
            variations = list(self._api.pages(path, _PUBLISHED_VARIATIONS))
        yield from self._mapped(product, variations, currency, categories, line)

    def _mapped(
        self,
        product: Record,
        variations: list[Record] | None,
        currency: str,
        categories: dict[str, str],
        line: int,
    ) -> Iterator[SourceProduct | Rejected]:
        """``variations`` None: a product without any. A variable one whose list is empty cannot be bought."""
        try:
            style = _style(product, currency, categories, line)
            variants = [_variant(product)] if variations is None else _variants(variations, style)
            rows = list(products(style, variants))
        # Plugins change what fields hold; such a product costs itself, not the crawl.
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rows = [unreadable(line, product.get("id"), "WooCommerce", error)]
        yield from rows

    def _currency(self, policy: RetryPolicy) -> str:
        record = self._api.record("data/currencies/current", {"_fields": "code"}, policy)
        code = (record or {}).get("code")
        if not isinstance(code, str) or len(code) != 3:
            raise SourceError("WooCommerce does not say which currency its prices are in.", permanent=True)
        return code

    def _category_paths(self) -> dict[str, str]:
        """Every category's path by its id: {"15": "Women > Dresses"}."""
        fields = {"_fields": "id,name,parent"}
        stated = self._api.pages("products/categories", fields)
        categories = {each["id"]: (_name(each.get("name", "")), each.get("parent", 0)) for each in stated}
        return {str(number): path_of(categories, number) for number in categories}


def _name(stated: object) -> str:
    """The name of a term, which WordPress stores escaped: "Women &amp; Girls"."""
    return unescape(str(stated))


def _is_visible(product: Record) -> bool:
    # The API states products under a password like any other, description and price included.
    is_open = not product.get("post_password")
    return product.get("status") == "publish" and product.get("catalog_visibility") != "hidden" and is_open


def _style(product: Record, currency: str, categories: dict[str, str], line: int) -> Style:
    # Not by its slug, which stays when a shop gives the category a name of its own.
    stated = [each for each in product["categories"] or [] if not is_uncategorized(_name(each["name"]))]
    paths = [categories.get(str(each["id"])) or _name(each["name"]) for each in stated]
    tags = [_name(tag["name"]) for tag in product["tags"] or []]
    attributes = {
        _name(each["name"]): list(map(_name, each["options"]))
        for each in product["attributes"] or []
        if each.get("visible", True) or each.get("variation") or is_usual(_name(each["name"]))
    }
    brands = [_name(brand["name"]) for brand in product.get("brands") or []]
    return Style(
        external_id=str(product["id"]),
        title=product["name"],
        line=line,
        currency=currency,
        description=product["description"] or product["short_description"] or "",
        brand=next(iter(brands), ""),
        category_path=deepest(paths),
        url=product["permalink"] or "",
        images=_images(product["images"]),
        attributes={**attributes, "tags": tags} if tags else attributes,
        gender_words=(*tags, *(step for path in paths for step in path.split(" > "))),
    )


def _variants(variations: list[Record], style: Style) -> list[Variant]:
    variants = sold(list(map(_variant, variations)))
    # A variation without a picture states its product's first one, which belongs to every colour.
    cover = set(style.images[:1])
    return [
        replace(each, images=tuple(image for image in each.images if image not in cover)) for each in variants
    ]


def _variant(record: Record) -> Variant:
    """A variation, or a product that has none."""
    image = record.get("image")
    # "parent": one stock for all variations, which no one of them can claim.
    counted = record["manage_stock"] is True and record["stock_quantity"] is not None
    return Variant(
        # A product's own attributes list "options"; a variation's name one "option" each.
        options={
            _name(each["name"]): _name(each["option"]) for each in record["attributes"] if "option" in each
        },
        price=record["price"],
        list_price=record["regular_price"],
        in_stock=record["stock_status"] == "instock",
        quantity=int(record["stock_quantity"]) if counted else None,
        images=_images([image] if image else []),
        url=record["permalink"] or "",
        sku=str(record.get("sku") or ""),
        # Since WooCommerce 9.2.
        gtin=str(record.get("global_unique_id") or ""),
    )


def _images(listed: Any) -> tuple[str, ...]:
    return tuple(str(image["src"]) for image in listed or [] if image.get("src"))
