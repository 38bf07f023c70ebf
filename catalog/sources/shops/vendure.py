"""A Vendure 3 shop as source, through its Shop API (docs/shops.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Self
from urllib.parse import urljoin

from django.conf import settings

from catalog.sources.base import Rejected, SourceProduct
from catalog.sources.shops.graphql import GraphQLApi, Node, NodeSource
from catalog.sources.shops.listing import deepest, every_one, product_link
from catalog.sources.shops.shop_api import (
    CHECK,
    CRAWL,
    TOKEN,
    RetryPolicy,
    plugin_webhook,
)
from catalog.sources.variants import Style, Variant, products

# Vendure's HardenPlugin refuses a query whose complexity reaches 1,000: its fields, each 5 times for every
# list that it stands in, and more for a larger page.
PAGE = 10

_FIELDS = """
  id name slug description
  featuredAsset { source }
  assets { source }
  collections { breadcrumbs { name } }
  facetValues { name facet { name } }
  variants {
    sku priceWithTax currencyCode stockLevel
    featuredAsset { source }
    assets { source }
    options { name group { name } }
  }
"""
PRODUCTS = f"""
query Products($skip: Int!, $take: Int!) {{
  products(options: {{skip: $skip, take: $take, sort: {{id: ASC}}}}) {{ totalItems items {{ {_FIELDS} }} }}
}}
"""
PRODUCT = f"query Product($id: ID!) {{ product(id: $id) {{ {_FIELDS} }} }}"
COUNT = "query Count { products(options: {take: 1}) { totalItems } }"


class VendureSource(NodeSource):
    """The enabled products of one channel of the shop whose Shop API is at ``url``.

    ``product_url`` is the address of a product in the storefront, with {slug}; ``decimals`` is the precision
    of the shop's MoneyStrategy.
    """

    name = "vendure"
    system = "Vendure"
    configured_by = "VENDURE_URL"
    webhook = plugin_webhook("VENDURE_WEBHOOK_SECRET")

    def __init__(
        self,
        url: str,
        *,
        channel: str = "",
        product_url: str = "",
        decimals: int = 2,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._product_url = product_url
        self._decimals = decimals
        headers = {"vendure-token": channel} if channel else {}
        self._api = GraphQLApi(
            "Vendure", url, "VENDURE_URL", headers=headers, secrets=(channel,), pause=pause
        )

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.VENDURE_URL:
            return None
        return cls(
            settings.VENDURE_URL,
            channel=settings.VENDURE_CHANNEL,
            product_url=settings.VENDURE_PRODUCT_URL,
            decimals=settings.VENDURE_DECIMALS,
        )

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id, also with ``since``: a new price or stock does not change a product's
        ``updatedAt``, so what changed cannot be told.
        """
        nodes = every_one(self._page, lambda node: str(node["id"]))
        for line, node in enumerate(nodes, start=1):
            yield from self._rows(node, line)

    def check(self, *, now: datetime) -> str:
        return f"{self._api.query(COUNT, {}, CHECK)['products']['totalItems']:,} enabled products."

    def _page(self, skip: int) -> tuple[Sequence[Node], int]:
        listed = self._api.query(PRODUCTS, {"skip": skip, "take": PAGE}, CRAWL)["products"]
        return listed["items"], listed["totalItems"]

    def _node(self, style_id: str, policy: RetryPolicy) -> Node | None:
        """The product, None where it is deleted or not enabled."""
        if not TOKEN.fullmatch(style_id):
            return None
        node: Node | None = self._api.query(PRODUCT, {"id": style_id}, policy)["product"]
        return node

    # --- Mapping ---------------------------------------------------------------------------------

    def _products(self, node: Node, line: int) -> Iterator[SourceProduct | Rejected]:
        variants = [self._variant(each) for each in node["variants"]]
        return products(self._style(node, line), variants)

    def _style(self, node: Node, line: int) -> Style:
        # The first breadcrumb is the root of all collections, which no shopper sees.
        paths = [[step["name"] for step in each["breadcrumbs"][1:]] for each in node["collections"]]
        attributes: dict[str, list[str]] = {}
        for value in node["facetValues"]:
            attributes.setdefault(value["facet"]["name"], []).append(value["name"])
        currencies = [variant["currencyCode"] for variant in node["variants"]]
        return Style(
            external_id=str(node["id"]),
            title=node["name"],
            line=line,
            currency=next(iter(currencies), ""),
            description=node["description"] or "",
            category_path=deepest([" > ".join(path) for path in paths]),
            url=product_link(self._product_url, slug=node["slug"]),
            images=self._images(node),
            attributes=attributes,
            gender_words=tuple(step for path in paths for step in path),
        )

    def _variant(self, node: Node) -> Variant:
        stock = str(node["stockLevel"])
        # One of three words, unless the shop's own StockDisplayStrategy states a number.
        counted = int(stock) if stock.isdecimal() else None
        return Variant(
            options={option["group"]["name"]: option["name"] for option in node["options"]},
            price=str(Decimal(node["priceWithTax"]).scaleb(-self._decimals)),
            list_price=None,
            in_stock=stock != "OUT_OF_STOCK" if counted is None else counted > 0,
            quantity=counted,
            images=self._images(node),
            sku=node["sku"] or "",
        )

    def _images(self, node: Node) -> tuple[str, ...]:
        assets = [node["featuredAsset"], *node["assets"]]
        return tuple(urljoin(self._url, asset["source"]) for asset in assets if asset)
