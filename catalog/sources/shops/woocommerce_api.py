"""WooCommerce's REST API v3: the key, paging and errors (docs/shops.md)."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catalog.sources.base import SourceError
from catalog.sources.shops.listing import every_one
from catalog.sources.shops.shop_api import CRAWL, Reply, RetryPolicy, ShopApi

# The most that WooCommerce gives at once.
PAGE = 100

# One object of an answer: a product, a variation, a category.
Record = dict[str, Any]
Params = Mapping[str, str | int]


class WooCommerceApi:
    """The API of the shop at ``address`` ("https://shop.example", with the folder if any).

    Every method raises SourceError.
    """

    def __init__(
        self, address: str, key: str, secret: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._url = f"{address.rstrip('/')}/wp-json/wc/v3/"
        credentials = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._api = ShopApi("WooCommerce", secrets=(key, secret, credentials), pause=pause)

    def record(self, path: str, params: Params, policy: RetryPolicy) -> Record | None:
        """The one record under ``path``, None where it is gone."""
        reply = self._get(path, params, policy)
        if reply.status == 404:
            return None
        if not isinstance(reply.data, dict):
            raise SourceError("WooCommerce did not answer with a product.", permanent=False)
        return reply.data

    def first_page(self, path: str, params: Params, policy: RetryPolicy) -> tuple[list[Record], int] | None:
        """The first 100 records under ``path`` and the number of pages; None where the path is gone."""
        reply = self._get(path, {**params, "per_page": PAGE}, policy)
        return None if reply.status == 404 else (_records(reply), _page_count(reply))

    def count(self, path: str, params: Params, policy: RetryPolicy) -> int:
        """How many records there are under ``path``."""
        return _number(self._get(path, {**params, "per_page": 1, "_fields": "id"}, policy), "X-WP-Total")

    def pages(self, path: str, params: Params) -> Iterator[Record]:
        """Every record under ``path`` once, in the order of the ids, page by page."""

        def read(offset: int) -> tuple[list[Record], int]:
            # By id, since the order by date changes while the pages are read.
            paging: Params = {"per_page": PAGE, "orderby": "id", "order": "asc", "offset": offset}
            reply = self._get(path, {**paging, **params}, CRAWL)
            if reply.status == 404:  # the product was deleted while its variations were read
                return [], 0
            return _records(reply), _number(reply, "X-WP-Total")

        return every_one(read, lambda record: record["id"])

    def _get(self, path: str, params: Params, policy: RetryPolicy) -> Reply:
        url = self._url + path
        reply = self._api.request("GET", url, policy=policy, headers=self._headers, params=params)
        if reply.status == 404 and not _is_woocommerce(reply.data):
            message = "There is no WooCommerce API under WOOCOMMERCE_URL. Are pretty permalinks switched on?"
            raise SourceError(message, permanent=True)
        return reply


def _records(reply: Reply) -> list[Record]:
    if isinstance(reply.data, list) and all(map(_is_record, reply.data)):
        return reply.data
    raise SourceError("WooCommerce did not answer with a list.", permanent=False)


def _is_record(data: object) -> bool:
    # Plugins may add to a record, but paging relies on its id.
    return isinstance(data, dict) and isinstance(data.get("id"), int)


def _is_woocommerce(data: object) -> bool:
    """Whether a 404 means that one record is gone, not that the whole API is elsewhere."""
    return isinstance(data, dict) and str(data.get("code", "")).startswith("woocommerce_rest")


def _page_count(reply: Reply) -> int:
    return _number(reply, "X-WP-TotalPages")


def _number(reply: Reply, header: str) -> int:
    """Raises SourceError where it is missing: without it, the first page would pass for all."""
    stated = reply.headers.get(header, "")
    if not stated.isdecimal():
        message = f"WooCommerce's answer lacks {header}. Does a proxy or a cache before the shop remove it?"
        raise SourceError(message, permanent=True)
    return int(stated)
