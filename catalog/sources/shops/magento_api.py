"""The REST API of Magento 2 and Adobe Commerce: token, search criteria, and what a store view states once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalog.sources.base import SourceError
from catalog.sources.shops.listing import path_of, understood
from catalog.sources.shops.shop_api import RetryPolicy, ShopApi

# Shops that limit the size of a page allow 300 by default.
PAGE = 100
# Names of stock-keeping units go into the address, which servers cut at 8 KiB.
SKUS = 25

Record = dict[str, Any]
# (field, condition, value), as Magento's search criteria name them.
Filter = tuple[str, str, str | int]


@dataclass(frozen=True)
class Store:
    """What a store view has in common: ``labels`` are of options, by attribute and the option's number."""

    currency: str
    link_base: str
    media_base: str
    website: int
    zone: ZoneInfo
    stock: int
    sources: frozenset[str]
    # Codes of attributes by their number, and their names by their code.
    codes: Mapping[str, str]
    names: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    # Attributes that the shop shows on its product pages.
    shown: frozenset[str]
    categories: Mapping[str, str]


class MagentoApi:
    """The API of the store view ``store`` of the shop at ``address``. Every method raises SourceError."""

    def __init__(
        self, address: str, token: str, store: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._url = f"{address.rstrip('/')}/rest/{store}/V1/"
        self._store = store
        self._headers = {"Authorization": f"Bearer {token}"}
        self._api = ShopApi("Magento", secrets=(token,), pause=pause)

    def get(self, path: str, params: Mapping[str, str | int], policy: RetryPolicy) -> Any:
        reply = self._api.request(
            "GET", self._url + path, policy=policy, headers=self._headers, params=params
        )
        if reply.status == 404:
            said = reply.data.get("message", "") if isinstance(reply.data, dict) else ""
            message = f"Magento has no {path} under MAGENTO_URL and MAGENTO_STORE. {said}"
            raise self._api.quoting(message, permanent=True)
        return reply.data

    def page(
        self,
        path: str,
        groups: Sequence[Sequence[Filter]],
        policy: RetryPolicy,
        *,
        page: int = 1,
        size: int | None = None,
        sort: str = "",
    ) -> tuple[list[Record], int]:
        """One page of what meets one filter of each group, and how many there are in all."""
        params: dict[str, str | int] = {
            "searchCriteria[pageSize]": size or PAGE,
            "searchCriteria[currentPage]": page,
        }
        for number, group in enumerate(groups):
            for place, (field, condition, value) in enumerate(group):
                key = f"searchCriteria[filter_groups][{number}][filters][{place}]"
                params |= {
                    f"{key}[field]": field,
                    f"{key}[condition_type]": condition,
                    f"{key}[value]": value,
                }
        if sort:
            params["searchCriteria[sortOrders][0][field]"] = sort
            params["searchCriteria[sortOrders][0][direction]"] = "ASC"
        answer = self.get(path, params, policy)
        if not isinstance(answer, dict) or not isinstance(answer.get("total_count"), int):
            raise SourceError(f"Magento did not answer {path} with a list.", permanent=False)
        # Magento states nothing as null.
        return list(answer.get("items") or []), answer["total_count"]

    def every(self, path: str, groups: Sequence[Sequence[Filter]], policy: RetryPolicy) -> Iterator[Record]:
        """Everything that meets the filters. A page past the end repeats the last one: the total decides."""
        read, page = 0, 1
        while True:
            items, total = self.page(path, groups, policy, page=page)
            yield from items
            read, page = read + len(items), page + 1
            if read >= total:
                return
            if not items:
                if read and read % PAGE == 0:
                    raise _too_early(path)
                return

    def by_id(self, filters: Sequence[Filter], policy: RetryPolicy) -> Iterator[list[Record]]:
        """Pages of products that meet every filter, by id: each begins after the last id of the one before,
        so that deletions meanwhile move nothing over the edge of a page.
        """
        last, was_full = 0, False
        while True:
            groups = [[each] for each in (*filters, ("entity_id", "gt", last))]
            items, total = self.page("products", groups, policy, sort="entity_id")
            items = [item for item in items if int(item["id"]) > last]
            if not items:
                if was_full and total:
                    raise _too_early("products")
                return
            yield items
            last, was_full = int(items[-1]["id"]), len(items) == PAGE
            if len(items) >= total:
                return

    # --- What a store view states once -----------------------------------------------------------

    @understood("Magento")
    def store(self, policy: RetryPolicy) -> Store:
        config = self._config(policy)
        websites = {each["id"]: each["code"] for each in self.get("store/websites", {}, policy)}
        code = websites.get(config["website_id"], "base")
        stock = int(self.get(f"inventory/stock-resolver/website/{code}", {}, policy)["stock_id"])
        links = self.every("inventory/stock-source-links", [[("stock_id", "eq", stock)]], policy)
        attributes = list(self.every("products/attributes", [], policy))
        return Store(
            currency=str(config["base_currency_code"]),
            link_base=str(config["secure_base_link_url"]),
            media_base=f"{config['secure_base_media_url']}catalog/product",
            website=int(config["website_id"]),
            zone=_zone(str(config["timezone"])),
            stock=stock,
            sources=frozenset(str(link["source_code"]) for link in links),
            codes={str(each["attribute_id"]): each["attribute_code"] for each in attributes},
            names={each["attribute_code"]: each.get("default_frontend_label") or "" for each in attributes},
            labels={each["attribute_code"]: _labels(each) for each in attributes},
            shown=frozenset(
                each["attribute_code"]
                for each in attributes
                if str(each.get("is_visible_on_front")) in ("1", "True")
            ),
            categories=_paths(self.get("categories", {}, policy)),
        )

    def _config(self, policy: RetryPolicy) -> Record:
        views = self.get("store/storeConfigs", {}, policy)
        view = next((each for each in views if each.get("code") == self._store), None)
        if view is None:
            raise SourceError("Magento has no store view of the name in MAGENTO_STORE.", permanent=True)
        return dict(view)

    # --- Stock -----------------------------------------------------------------------------------

    @understood("Magento")
    def stock_of(
        self, skus: Sequence[str], store: Store, policy: RetryPolicy
    ) -> dict[str, tuple[bool, int | None]]:
        """For each article, whether it can be bought, and how many lie in the sources of the store's stock.

        The number is None where the article can be bought without any: stock is not managed, or on backorder.
        """
        found: dict[str, tuple[bool, int | None]] = {}
        for start in range(0, len(skus), SKUS):
            batch = list(skus[start : start + SKUS])
            asked: dict[str, str | int] = {f"skus[{place}]": sku for place, sku in enumerate(batch)}
            answer = self.get("inventory/are-products-salable", {**asked, "stockId": store.stock}, policy)
            counts = self._counts(batch, store, policy)
            for each in answer:
                left, salable = counts.get(each["sku"], 0), bool(each["salable"])
                found[each["sku"]] = salable, (left or None) if salable else 0
        return found

    def _counts(self, skus: Sequence[str], store: Store, policy: RetryPolicy) -> dict[str, int]:
        # Filters of one group are alternatives; "in" would split a name at its commas.
        group: list[Filter] = [("sku", "eq", sku) for sku in skus]
        counts: dict[str, int] = {}
        for item in self.every("inventory/source-items", [group], policy):
            if item["source_code"] in store.sources and item["status"] == 1:
                counts[item["sku"]] = counts.get(item["sku"], 0) + max(0, int(item["quantity"]))
        return counts


def _too_early(path: str) -> SourceError:
    """For a page without anything new behind a full one, where the total states more. Behind one that was not
    full, Magento may count what it does not list.
    """
    return SourceError(f"Magento answers {path} with an empty page before the last one.", permanent=False)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SourceError(f"Magento names an unknown time zone: {name[:60]}.", permanent=True) from error


def _labels(attribute: Record) -> dict[str, str]:
    options = attribute.get("options") or []
    return {str(each["value"]): str(each["label"]).strip() for each in options if each.get("value")}


def _paths(root: Record) -> dict[str, str]:
    """Paths of active categories by id. The first two levels are roots that no shopper sees."""
    named: dict[int, tuple[str, int | None]] = {}

    def add(node: Record, parent: int | None) -> None:
        for child in node.get("children_data") or []:
            if child.get("is_active", True):
                named[child["id"]] = str(child["name"]), parent
                add(child, child["id"])

    # "Root Catalog" (level 0) may hold the store's own root (level 1), or be left out.
    tops = [root] if int(root.get("level", 1)) else root.get("children_data") or []
    for top in tops:
        add(top, None)
    return {str(number): path_of(named, number) for number in named}
