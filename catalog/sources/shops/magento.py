"""A Magento 2 or Adobe Commerce shop as source, through its REST API (docs/shops.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Self

from django.conf import settings
from django.utils import timezone

from catalog.sources.base import Offer, Rejected, SourceProduct
from catalog.sources.protocols import ShopSource
from catalog.sources.shops.listing import understood
from catalog.sources.shops.magento_api import PAGE, Filter, MagentoApi, Record, Store
from catalog.sources.shops.magento_mapping import (
    axes_of,
    extension,
    has_unknown_options,
    style_of,
    variant_of,
)
from catalog.sources.shops.shop_api import CHECK, CRAWL, LIVE, NUMBER, PublicPictures, RetryPolicy
from catalog.sources.variants import GONE, offer_among, products, unreadable

# How long what a store view states once is kept for live offers.
STORE_SECONDS = 600.0
_ENABLED: Filter = ("status", "eq", 1)
# Catalogue, search, or both; 1 is "not visible individually", as a configurable product's children are.
_VISIBLE: Filter = ("visibility", "in", "2,3,4")

# Whether something can be bought, and how many there are.
Stock = tuple[bool, int | None]
NONE: Stock = (False, 0)
# What can be bought: a child or a whole product.
Row = tuple[Record, Stock]

# By address and store view: (what it states, when to ask again by time.monotonic()).
_stores: dict[tuple[str, str], tuple[Store, float]] = {}


class MagentoSource(PublicPictures, ShopSource):
    """The enabled, visible products of the store view ``store``, read with an integration's ``token``.

    ``clock`` says whether a special price counts now.
    """

    name = "magento"
    configured_by = "MAGENTO_URL and MAGENTO_TOKEN"

    def __init__(
        self,
        address: str,
        token: str,
        *,
        store: str = "default",
        product_url: str = "",
        clock: Callable[[], datetime] = timezone.now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key = address, store
        self._product_url = product_url
        self._clock = clock
        self._api = MagentoApi(address, token, store, pause=pause)

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.MAGENTO_URL:
            return None
        return cls(
            settings.MAGENTO_URL,
            settings.MAGENTO_TOKEN,
            store=settings.MAGENTO_STORE,
            product_url=settings.MAGENTO_PRODUCT_URL,
        )

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id, also with ``since``: a child's price, stock and the days of a special price do
        not change a product's ``updated_at``, so what changed cannot be told.
        """
        store, line = self._store(CRAWL, fresh=True), 0
        for page in self._api.by_id([_ENABLED, _VISIBLE], CRAWL):
            for record, rows in self._rows(page, store, CRAWL):
                line += 1
                yield from self._mapped(record, rows, store, line)

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        if not NUMBER.fullmatch(style_id):
            return GONE
        store = self._store(LIVE)
        styles = list(self._styles(style_id, store, LIVE))
        mapped = (row for record, rows in styles for row in self._mapped(record, rows, store, 1))
        offer = offer_among(mapped, external_id)
        # A colour that is new since the labels were read has no name here yet: it is not gone.
        if offer is GONE and any(
            has_unknown_options(each, record, store) for record, rows in styles for each, _stock in rows
        ):
            return None
        return offer

    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        if NUMBER.fullmatch(style_id):
            store = self._store(CRAWL)
            for record, rows in self._styles(style_id, store, CRAWL):
                yield from self._mapped(record, rows, store, 1)

    def check(self, *, now: datetime) -> str:
        # With its stock and attributes, for which a token may lack the permission.
        self._store(CHECK, fresh=True)
        _items, total = self._api.page("products", [[_ENABLED], [_VISIBLE]], CHECK, size=1)
        return f"{total:,} visible products."

    def _styles(self, style_id: str, store: Store, policy: RetryPolicy) -> Iterator[tuple[Record, list[Row]]]:
        """The product with this id, as in _rows(); nothing where the shop does not show it."""
        wanted: list[list[Filter]] = [[("entity_id", "eq", style_id)], [_ENABLED], [_VISIBLE]]
        found, _total = self._api.page("products", wanted, policy)
        yield from self._rows(found, store, policy)

    def _store(self, policy: RetryPolicy, *, fresh: bool = False) -> Store:
        store, until = _stores.get(self._key, (None, 0.0))
        if store is None or fresh or time.monotonic() > until:
            store = self._api.store(policy)
            _stores[self._key] = store, time.monotonic() + STORE_SECONDS
        return store

    def _rows(
        self, page: Sequence[Record], store: Store, policy: RetryPolicy
    ) -> Iterator[tuple[Record, list[Row]]]:
        """Each product that the website sells, with what can be bought of it."""
        sold = [record for record in page if _is_sold(record, store)]
        linked = {record["id"]: extension(record, "configurable_product_links") for record in sold}
        children = self._children([number for numbers in linked.values() for number in numbers], policy)
        skus = [record["sku"] for record in (*sold, *children.values())]
        stock = self._api.stock_of(skus, store, policy)
        for record in sold:
            own = [record]
            if record["type_id"] == "configurable":
                linked_children = (children[number] for number in linked[record["id"]] if number in children)
                own = [child for child in linked_children if _is_sold(child, store)]
            # What staff set out of stock as a whole cannot be bought, however many its children have.
            can_be_bought, _left = stock.get(record["sku"], NONE)
            yield record, [(each, stock.get(each["sku"], NONE) if can_be_bought else NONE) for each in own]

    @understood("Magento")
    def _children(self, numbers: Sequence[int], policy: RetryPolicy) -> dict[int, Record]:
        found: dict[int, Record] = {}
        for start in range(0, len(numbers), PAGE):
            wanted = ",".join(map(str, numbers[start : start + PAGE]))
            for child in self._api.every("products", [[("entity_id", "in", wanted)], [_ENABLED]], policy):
                found[int(child["id"])] = child
        return found

    # --- Mapping ---------------------------------------------------------------------------------

    def _mapped(
        self, record: Record, rows: Sequence[Row], store: Store, line: int
    ) -> Iterator[SourceProduct | Rejected]:
        try:
            axes = axes_of(record, store)
            today = self._clock().astimezone(store.zone).date()
            variants = [variant_of(each, axes, store, today, stock) for each, stock in rows]
            mapped = list(products(style_of(record, store, line, self._product_url), variants))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            mapped = [unreadable(line, record.get("id"), "Magento", error)]
        yield from mapped


def _is_sold(record: Record, store: Store) -> bool:
    """Whether the website has it; a child may lack where its product does not."""
    return store.website in extension(record, "website_ids")
