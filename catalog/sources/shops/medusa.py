"""A Medusa v2 shop as source, through its Store API (docs/shops.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Self

from django.conf import settings

from catalog.attributes import BRAND, GENDER, column_name
from catalog.sources.base import Offer, Rejected, SourceError, SourceProduct
from catalog.sources.protocols import ShopSource
from catalog.sources.shops.listing import deepest, every_one, path_of, product_link, understood
from catalog.sources.shops.shop_api import (
    CHECK,
    CRAWL,
    LIVE,
    TOKEN,
    PublicPictures,
    Reply,
    RetryPolicy,
    ShopApi,
    plugin_webhook,
)
from catalog.sources.variants import GONE, Style, Variant, offer_among, products, sold, unreadable

PAGE = 100
CATEGORY_SECONDS = 600.0
_FIELDS = (
    "id,title,description,handle,material,metadata,thumbnail,tags.value,type.value,collection.title,images.url,"
    # The whole variant: the Store API leaves variant_rank out where it is asked for by its name.
    "*variants,"
    # Relations of relations come whole or not at all.
    "+variants.inventory_quantity,*variants.calculated_price,*variants.options,*variants.options.option,"
    "*variants.images,*categories"
)

Record = dict[str, Any]

# By address and key: (paths by a category's id, when to ask again by time.monotonic()).
_categories: dict[tuple[str, str], tuple[dict[str, str], float]] = {}


class MedusaSource(PublicPictures, ShopSource):
    """The published products in the sales channel of a publishable ``key``, at the prices of ``region``.

    ``country`` (two letters) adds that country's taxes to prices entered without; ``product_url`` is the
    address of a product in the storefront, with {handle}.
    """

    name = "medusa"
    configured_by = "MEDUSA_URL, MEDUSA_KEY and MEDUSA_REGION"
    webhook = plugin_webhook("MEDUSA_WEBHOOK_SECRET")

    def __init__(
        self,
        address: str,
        key: str,
        region: str,
        *,
        country: str = "",
        product_url: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = f"{address.rstrip('/')}/store/"
        self._key = address, key
        self._headers = {"x-publishable-api-key": key}
        self._context: dict[str, str | int] = {
            "region_id": region,
            **({"country_code": country.lower()} if country else {}),
        }
        self._product_url = product_url
        self._api = ShopApi("Medusa", secrets=(key,), pause=pause)

    @classmethod
    def from_settings(cls) -> Self | None:
        if not settings.MEDUSA_URL:
            return None
        return cls(
            settings.MEDUSA_URL,
            settings.MEDUSA_KEY,
            settings.MEDUSA_REGION,
            country=settings.MEDUSA_COUNTRY,
            product_url=settings.MEDUSA_PRODUCT_URL,
        )

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """All products by id, also with ``since``: a new price or stock does not change a product's
        ``updated_at``, so what changed cannot be told.
        """
        paths = self._paths(fresh=True)
        records = every_one(self._page, lambda record: str(record["id"]))
        for line, record in enumerate(records, start=1):
            yield from self._rows(record, paths, line)

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        record = self._record(style_id, LIVE)
        return GONE if record is None else offer_among(self._rows(record, {}, 1), external_id)

    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        record = self._record(style_id, CRAWL)
        if record is not None:
            paths = self._paths()
            if any(category["id"] not in paths for category in record.get("categories") or []):
                paths = self._paths(fresh=True)
            yield from self._rows(record, paths, 1)

    def check(self, *, now: datetime) -> str:
        # With prices, so that an unknown region shows.
        _records, total = self._listed({"limit": 1, "offset": 0}, CHECK)
        return f"{total:,} published products."

    # --- Requests --------------------------------------------------------------------------------

    def _page(self, offset: int) -> tuple[Sequence[Record], int]:
        return self._listed({"limit": PAGE, "offset": offset, "order": "id"}, CRAWL)

    def _listed(self, paging: dict[str, str | int], policy: RetryPolicy) -> tuple[Sequence[Record], int]:
        asked = {**self._context, "fields": _FIELDS, **paging}
        return _list_in(self._get("products", asked, policy), "products")

    @understood("Medusa")
    def _paths(self, *, fresh: bool = False) -> dict[str, str]:
        """The paths of active categories by their ids."""
        paths, until = _categories.get(self._key, ({}, 0.0))
        if fresh or time.monotonic() > until:
            records = every_one(self._category_page, lambda record: str(record["id"]))
            named = {each["id"]: (str(each["name"]), each.get("parent_category_id")) for each in records}
            paths = {number: path_of(named, number) for number in named}
            _categories[self._key] = paths, time.monotonic() + CATEGORY_SECONDS
        return paths

    def _category_page(self, offset: int) -> tuple[Sequence[Record], int]:
        asked: dict[str, str | int] = {
            "fields": "id,name,parent_category_id",
            "limit": PAGE,
            "offset": offset,
        }
        reply = self._get("product-categories", {**asked, "order": "id"}, CRAWL)
        return _list_in(reply, "product_categories")

    def _record(self, style_id: str, policy: RetryPolicy) -> Record | None:
        """The product, None where it is deleted or not published."""
        if not TOKEN.fullmatch(style_id):
            return None
        reply = self._get(f"products/{style_id}", {**self._context, "fields": _FIELDS}, policy)
        if reply.status == 200 and isinstance(reply.data, dict) and "product" in reply.data:
            return dict(reply.data["product"])
        # A 404 of Medusa's own; any other comes from something else at the address.
        if reply.status == 404 and isinstance(reply.data, dict) and reply.data.get("type") == "not_found":
            return None
        raise SourceError("Medusa did not answer with a product.", permanent=False)

    def _get(self, path: str, params: dict[str, str | int], policy: RetryPolicy) -> Reply:
        return self._api.request("GET", self._url + path, policy=policy, headers=self._headers, params=params)

    # --- Mapping ---------------------------------------------------------------------------------

    def _rows(self, record: Record, paths: dict[str, str], line: int) -> Iterator[SourceProduct | Rejected]:
        try:
            rows = list(products(self._style(record, paths, line), _variants(record["variants"])))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rows = [unreadable(line, record.get("id"), "Medusa", error)]
        yield from rows

    def _style(self, record: Record, all_paths: dict[str, str], line: int) -> Style:
        categories = [category["id"] for category in record.get("categories") or []]
        paths = [all_paths[number] for number in categories if number in all_paths]
        tags = [str(tag["value"]) for tag in record.get("tags") or []]
        prices = [
            variant["calculated_price"] for variant in record["variants"] if variant.get("calculated_price")
        ]
        return Style(
            external_id=str(record["id"]),
            title=record["title"],
            line=line,
            currency=str(prices[0]["currency_code"]).upper() if prices else "",
            description=record["description"] or "",
            category_path=deepest(paths),
            url=product_link(self._product_url, handle=record["handle"]),
            images=_images(record),
            attributes=_attributes(record, tags),
            gender_words=(*tags, *(step for path in paths for step in path.split(" > "))),
        )


def _list_in(reply: Reply, name: str) -> tuple[Sequence[Record], int]:
    if reply.status == 404 or not isinstance(reply.data, dict) or name not in reply.data:
        raise SourceError("There is no Medusa Store API under MEDUSA_URL.", permanent=True)
    return reply.data[name], int(reply.data["count"])


def _attributes(record: Record, tags: list[str]) -> dict[str, list[str]]:
    stated: dict[str, list[Any]] = {
        "tags": tags,
        "type": [(record.get("type") or {}).get("value")],
        "collection": [(record.get("collection") or {}).get("title")],
        "material": [record.get("material")],
    }
    # Metadata may hold anything, most of it not for shoppers.
    for name, value in (record.get("metadata") or {}).items():
        if column_name(name) in BRAND | GENDER:
            stated[name] = [value]
    return {name: list(map(str, filter(None, values))) for name, values in stated.items() if any(values)}


def _variants(records: Sequence[Record]) -> list[Variant]:
    # Medusa lists them in no fixed order, which would count as a change.
    records = sorted(records, key=lambda record: (record.get("variant_rank") or 0, record["id"]))
    pictures = [{image["url"] for image in record.get("images") or []} for record in records]
    # Medusa lists a product's pictures under each variant too; those of one variant alone are its own.
    shared = set.intersection(*pictures) if pictures else set()
    return sold([_variant(record, shared) for record in records])


def _variant(record: Record, shared: set[str]) -> Variant:
    price = record.get("calculated_price") or {}
    quantity = int(record["inventory_quantity"]) if record["manage_inventory"] else None
    return Variant(
        options={each["option"]["title"]: each["value"] for each in record["options"] or []},
        price=_amount(price, "calculated_amount"),
        list_price=_amount(price, "original_amount"),
        in_stock=quantity is None or quantity > 0,
        quantity=quantity,
        images=tuple(each["url"] for each in record.get("images") or [] if each["url"] not in shared),
        sku=record["sku"] or "",
        gtin=record["ean"] or record["upc"] or record["barcode"] or "",
    )


def _amount(price: Record, name: str) -> str | None:
    """With tax, where Medusa computed it for the country."""
    stated = price.get(f"{name}_with_tax", price.get(name))
    return None if stated is None else str(stated)


def _images(record: Record) -> tuple[str, ...]:
    pictures = [image["url"] for image in record.get("images") or []]
    return tuple(pictures or filter(None, [record.get("thumbnail")]))
