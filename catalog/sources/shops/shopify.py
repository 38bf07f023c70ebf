"""A Shopify shop as source, through its GraphQL Admin API (docs/shops.md)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.conf import settings

from catalog.sources.base import Offer, Rejected, SourceError, SourceProduct
from catalog.sources.protocols import Reference, ShopSource, Topic, Webhook
from catalog.sources.shops.shop_api import CHECK, CRAWL, LIVE, NUMBER, PublicPictures
from catalog.sources.shops.shopify_api import (
    API_VERSION,
    API_VERSION_ENDS,
    QueryTooCostly,
    ShopifyApi,
    ShopifyKeys,
)
from catalog.sources.shops.shopify_bulk import BulkUnavailable, bulk_products
from catalog.sources.shops.shopify_queries import INVENTORY_ITEM, PRODUCT, PRODUCTS, SHOP, VARIANTS
from catalog.sources.uncategorized import is_uncategorized
from catalog.sources.variants import GONE, Style, Variant, offer_among, products, unreadable

# At most 250. A page's cost counts every variant and picture it might hold, and one query may cost 1,000.
PAGE = 50
# Shopify pages through 25,000 things at most; the next series begins after the last id.
SERIES = 20_000
# From so many products on, Shopify writes them all into one file (a bulk operation), which costs no budget.
BULK_FROM = 5_000
# How long before its end `manage.py doctor` finds fault with the API's version.
VERSION_NOTICE = timedelta(days=60)

_REPEATED = "Shopify answers with the same page again and again."
logger = logging.getLogger(__name__)


class ShopifySource(PublicPictures, ShopSource):
    """The active products of ``shop`` ("name.myshopify.com") that its online store shows.

    ``address`` replaces "https://<shop>" where something else answers for it.
    """

    name = "shopify"
    configured_by = "SHOPIFY_SHOP and the keys that go with it"
    webhook = Webhook(
        signed_by="SHOPIFY_WEBHOOK_SECRET",
        signature_header="X-Shopify-Hmac-Sha256",
        topic_header="X-Shopify-Topic",
        topics={
            **dict.fromkeys(("products/create", "products/update", "products/delete"), Topic(("id",))),
            "inventory_levels/update": Topic(("inventory_item_id",), Reference.INVENTORY_ITEM),
        },
        id_pattern=NUMBER,
        # Other shops of the organisation sign with the same app's secret.
        shop_header=("X-Shopify-Shop-Domain", "SHOPIFY_SHOP"),
    )

    def __init__(
        self,
        shop: str,
        keys: ShopifyKeys,
        *,
        address: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._api = ShopifyApi(address or f"https://{shop}", keys, pause=pause)

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.SHOPIFY_SHOP:
            return None
        keys = ShopifyKeys(settings.SHOPIFY_TOKEN, settings.SHOPIFY_CLIENT_ID, settings.SHOPIFY_CLIENT_SECRET)
        return cls(settings.SHOPIFY_SHOP, keys)

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id; with ``since``, those that Shopify says were updated at or after it."""
        conditions = "status:active"
        if since is not None:
            conditions += f" updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
        for line, (currency, node) in enumerate(self._nodes(conditions, bulk=since is None), start=1):
            yield from self._rows(node, currency, line)

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        """Price and stock now; None where the product has more variants than one answer holds."""
        if not style_id.isdecimal():
            return None
        data = self._api.query(PRODUCT, {"id": f"gid://shopify/Product/{style_id}"}, LIVE)
        node = data["product"]
        if node is None or not _is_visible(node):
            return GONE
        if node["variants"]["pageInfo"]["hasNextPage"]:
            return None
        return offer_among(self._rows(node, data["shop"]["currencyCode"], 1), external_id)

    def product_of_inventory_item(self, item: str) -> str | None:
        data = self._api.query(INVENTORY_ITEM, {"id": f"gid://shopify/InventoryItem/{item}"}, CRAWL)
        # An item that no variant uses any more has no list of them.
        variants = ((data["inventoryItem"] or {}).get("variants") or {"nodes": []})["nodes"]
        return str(variants[0]["product"]["legacyResourceId"]) if variants else None

    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        if not style_id.isdecimal():
            return
        # Not by a search, whose index is some seconds behind.
        data = self._api.query(PRODUCT, {"id": f"gid://shopify/Product/{style_id}"}, CRAWL)
        if data["product"] is not None:
            yield from self._rows(data["product"], data["shop"]["currencyCode"], 1)

    def check(self, *, now: datetime) -> str:
        name = self._api.query(SHOP, {}, CHECK)["shop"]["name"]
        served = f"API version {API_VERSION}, which Shopify serves until {API_VERSION_ENDS:%-d %B %Y}"
        if now.date() > API_VERSION_ENDS - VERSION_NOTICE:
            raise SourceError(f"This release uses {served}; update Tandem before.", permanent=True)
        return f"{name} answers through {served}."

    # --- Mapping ---------------------------------------------------------------------------------

    def _rows(self, node: dict[str, Any], currency: str, line: int) -> Iterator[SourceProduct | Rejected]:
        if not _is_visible(node):
            return
        try:
            style = _style(node, currency, line)
            variants = [_variant(each, node["onlineStoreUrl"]) for each in self._variants(node)]
            rows = list(products(style, variants))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rows = [unreadable(line, node.get("legacyResourceId"), "Shopify", error)]
        yield from rows

    def _variants(self, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Those that came with the product, then the pages that did not fit."""
        connection = node["variants"]
        yield from connection["nodes"]
        while connection["pageInfo"]["hasNextPage"]:
            variables = {"id": node["id"], "after": connection["pageInfo"]["endCursor"]}
            product = self._api.query(VARIANTS, variables, CRAWL)["product"]
            if product is None:  # deleted while it was read
                return
            _cursor(product["variants"], connection["pageInfo"]["endCursor"])
            connection = product["variants"]
            yield from connection["nodes"]

    # --- Paging ----------------------------------------------------------------------------------

    def _nodes(self, conditions: str, *, bulk: bool) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every product that meets ``conditions``, with the shop's currency; ``bulk``: from a file."""
        query, after, read, size, last = conditions, None, 0, PAGE, 0
        while True:
            try:
                data = self._api.query(PRODUCTS, {"first": size, "after": after, "query": query}, CRAWL)
            except QueryTooCostly:
                if size == 1:
                    raise
                # The cost grows with the page; the smaller size is kept for the rest of the crawl.
                size //= 2
                continue
            if bulk and data["productsCount"]["count"] >= BULK_FROM:
                try:
                    yield from ((data["shop"]["currencyCode"], node) for node in bulk_products(self._api))
                except BulkUnavailable as error:
                    logger.warning("%s The products are read page by page.", error)
                else:
                    return
            bulk = False
            connection = data["products"]
            for node in connection["nodes"]:
                yield data["shop"]["currencyCode"], node
            if not connection["pageInfo"]["hasNextPage"]:
                return
            after, read = _cursor(connection, after), read + len(connection["nodes"])
            if read >= SERIES:
                before, last = last, int(connection["nodes"][-1]["legacyResourceId"])
                if last <= before:
                    raise SourceError(_REPEATED, permanent=False)
                query, after, read = f"{conditions} id:>{last}", None, 0


def _cursor(connection: dict[str, Any], before: str | None) -> str | None:
    """Where the next page begins. Raises SourceError where that is where this one began, and for an empty
    page with more behind it: to go on would begin anew, and to end would hide the rest.
    """
    page = connection["pageInfo"]
    after: str | None = page["endCursor"]
    if page["hasNextPage"] and not connection["nodes"]:
        raise SourceError("Shopify answers with an empty page before the last one.", permanent=False)
    if page["hasNextPage"] and after in (None, before):
        raise SourceError(_REPEATED, permanent=False)
    return after


def _is_visible(node: dict[str, Any]) -> bool:
    return node.get("status") == "ACTIVE" and bool(node.get("onlineStoreUrl"))


def _style(node: dict[str, Any], currency: str, line: int) -> Style:
    tags = tuple(map(str, node["tags"]))
    taxonomy = (node["category"] or {}).get("fullName", "")
    return Style(
        external_id=str(node["legacyResourceId"]),
        title=node["title"],
        line=line,
        currency=currency,
        description=node["descriptionHtml"] or "",
        brand=node["vendor"] or "",
        category_path=node["productType"] or ("" if is_uncategorized(taxonomy) else taxonomy),
        url=node["onlineStoreUrl"],
        images=_images(node),
        attributes={"tags": tags} if tags else {},
        gender_words=tags,
    )


def _variant(node: dict[str, Any], store_url: str) -> Variant:
    in_stock, quantity = bool(node["availableForSale"]), node["inventoryQuantity"]
    # What is sold on without any in stock is as many as anyone orders.
    is_counted = bool(node["inventoryItem"]["tracked"]) and not (in_stock and (quantity or 0) <= 0)
    options = {option["name"]: option["value"] for option in node["selectedOptions"]}
    # A product without options has one variant with this one.
    if options == {"Title": "Default Title"}:
        options = {}
    return Variant(
        options=options,
        price=node["price"],
        list_price=node["compareAtPrice"],
        in_stock=in_stock,
        quantity=quantity if is_counted else None,
        images=_images(node),
        url=f"{store_url}?variant={node['legacyResourceId']}",
        sku=node["sku"] or "",
        gtin=node["barcode"] or "",
    )


def _images(node: dict[str, Any]) -> tuple[str, ...]:
    """Addresses of pictures; films and models have none here, nor has a picture still being processed."""
    return tuple(media["image"]["url"] for media in node["media"]["nodes"] if media.get("image"))
