"""The products that one channel of a Saleor shop shows: crawl, price and stock now, webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings

from catalog.sources.base import Rejected, SourceError, SourceProduct
from catalog.sources.protocols import Topic, Webhook
from catalog.sources.shops.graphql import GraphQLApi, Node, NodeSource
from catalog.sources.shops.listing import understood
from catalog.sources.shops.saleor.mapping import style_of, variants_of
from catalog.sources.shops.saleor.queries import COUNT, PRODUCTS
from catalog.sources.shops.shop_api import CHECK, CRAWL, TOKEN, RetryPolicy
from catalog.sources.variants import products

# Saleor gives 100 at most; each comes with all its variants.
PAGE = 50
# What shoppers see. It changes nothing for a key without permissions, to which Saleor shows no more.
_VISIBLE = {"isPublished": True, "isVisibleInListing": True}
# Where the subscriptions of docs/shops.md place the product's id.
_PRODUCT_ID = Topic(("product.id", "productVariant.product.id", "productMedia.productId"))
_EVENTS = (
    *(f"product_{change}" for change in ("created", "updated", "deleted", "metadata_updated")),
    *(f"product_media_{change}" for change in ("created", "updated", "deleted")),
    *(f"product_variant_{change}" for change in ("created", "updated", "deleted", "metadata_updated")),
    *(f"product_variant_{change}" for change in ("stock_updated", "out_of_stock", "back_in_stock")),
    # Since Saleor 3.22 or later.
    "product_variant_discounted_price_updated",
    "product_variant_out_of_stock_in_channel",
    "product_variant_back_in_stock_in_channel",
)


class SaleorSource(NodeSource):
    """The products listed in ``channel`` (its slug) of the shop whose GraphQL API is at ``url``.

    ``token`` is an app's, without permissions, where the shop answers to no one else; ``product_url`` is the
    address of a product in the storefront, with {slug}.
    """

    name = "saleor"
    system = "Saleor"
    configured_by = "SALEOR_URL and SALEOR_CHANNEL"
    webhook = Webhook(
        signed_by="SALEOR_WEBHOOK_SECRET",
        signature_header="Saleor-Signature",
        topic_header="Saleor-Event",
        topics=dict.fromkeys(_EVENTS, _PRODUCT_ID),
        id_pattern=TOKEN,
        hexadecimal=True,
    )

    def __init__(
        self,
        url: str,
        channel: str,
        *,
        token: str = "",
        product_url: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._channel = channel
        self._product_url = product_url
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # Saleor's address ends in a slash; without it, it answers 404.
        address = f"{url.rstrip('/')}/"
        self._api = GraphQLApi(
            "Saleor", address, "SALEOR_URL", headers=headers, secrets=(token,), pause=pause
        )

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.SALEOR_URL:
            return None
        return cls(
            settings.SALEOR_URL,
            settings.SALEOR_CHANNEL,
            token=settings.SALEOR_TOKEN,
            product_url=settings.SALEOR_PRODUCT_URL,
        )

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products, oldest first; with ``since``, those whose ``updatedAt`` is not before it: a new
        stock, and a new price, need not show there.
        """
        where: dict[str, Any] = dict(_VISIBLE)
        if since is not None:
            where["updatedAt"] = {"range": {"gte": since.astimezone(UTC).isoformat()}}
        for line, node in enumerate(self._nodes(where), start=1):
            yield from self._rows(node, line)

    @understood("Saleor")
    def check(self, *, now: datetime) -> str:
        data = self._data(COUNT, {"where": _VISIBLE}, CHECK)
        return f"{data['shop']['name']} lists {data['products']['totalCount']:,} products in {self._channel}."

    # --- Requests --------------------------------------------------------------------------------

    def _nodes(self, where: dict[str, Any]) -> Iterator[Node]:
        after, seen = None, {""}
        while True:
            nodes, after = self._page(where, after, PAGE, CRAWL)
            yield from nodes
            if after is None:
                return
            if after in seen:
                # To go on would take for ever; to end would look like a whole catalogue.
                raise SourceError("Saleor's pages repeat themselves.", permanent=False)
            seen.add(after)

    @understood("Saleor")
    def _page(
        self, where: dict[str, Any], after: str | None, size: int, policy: RetryPolicy
    ) -> tuple[list[Node], str | None]:
        """Products, and the cursor after which there are more."""
        asked = {"where": where, "first": size, "after": after}
        listed = self._data(PRODUCTS, asked, policy)["products"]
        page = listed["pageInfo"]
        nodes = [dict(edge["node"]) for edge in listed["edges"]]
        return nodes, str(page["endCursor"] or "") if page["hasNextPage"] else None

    def _node(self, style_id: str, policy: RetryPolicy) -> Node | None:
        """The product, None where it is deleted or not shown (any more)."""
        if not TOKEN.fullmatch(style_id):
            return None
        # Not product(id: …), which answers with products that are in no list.
        nodes, _after = self._page({**_VISIBLE, "ids": [style_id]}, None, 1, policy)
        return next(iter(nodes), None)

    def _data(self, query: str, variables: dict[str, Any], policy: RetryPolicy) -> dict[str, Any]:
        data = self._api.query(query, {"channel": self._channel, **variables}, policy)
        # Saleor lists no products then, which would look like an empty catalogue.
        if data["channel"] is None:
            raise SourceError("SALEOR_CHANNEL is not the slug of an active channel.", permanent=True)
        return data

    # --- Mapping ---------------------------------------------------------------------------------

    def _products(self, node: Node, line: int) -> Iterator[SourceProduct | Rejected]:
        return products(style_of(node, line, self._product_url), variants_of(node))
