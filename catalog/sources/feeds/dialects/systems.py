"""Exports whose rows are read as those of any feed, with names of their own: Amazon, OpenCart, Shopware 5."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.dialects.base import Columns
from catalog.sources.feeds.dialects.generic import GenericFeed
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row


class AmazonFeed(GenericFeed):
    """Its rows of a parent have neither price nor stock: nobody can buy them, only their children."""

    name = "Amazon flat file"

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return bool({"parentage", "parent_child", "parentage_level"} & columns)

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        children = [row for row in rows if not _is_parent(row)]
        for row in rows:
            if _is_parent(row):
                yield Skipped(row.line, self.id_of(row), "parent of variants")
        if children:
            yield from super().read(children, reading)

    def id_of(self, row: Row) -> str:
        return row.first("item_sku", "seller_sku", "sku")[:80] or super().id_of(row)


def _is_parent(row: Row) -> bool:
    return row.first("parentage", "parent_child", "parentage_level").casefold() == "parent"


class OpenCartExport(GenericFeed):
    """What its stock status says holds only once the stock is out."""

    name = "OpenCart product export"
    aliases = {
        "id": ("product_id",),
        "sale_price": ("special",),
        "image": ("image_name", "image"),
        "mpn": ("mpn", "model"),
    }
    unused = frozenset({
        "points", "sort_order", "tax_class_id",
        "stock_status_id", "manufacturer_id", "weight_class_id", "viewed",
        "length_class_id", "subtract", "minimum",
        "date_added", "date_modified", "date_available", "stock_status",
        "weight_class", "length_class", "date_start", "date_end", "jan", "layout", "store_ids", "seo_keyword",
    })  # fmt: skip

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        own = {"image_name", "stock_status_id", "stock_status", "tax_class_id", "date_available"}
        return {"product_id", "model", "name", "quantity"} <= columns and bool(own & columns)

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        return super().read([_without(row, "stock_status") for row in rows], reading)

    def id_of(self, row: Row) -> str:
        return row.first("product_id")[:80]


def _without(row: Row, column: str) -> Row:
    return Row(row.line, {name: values for name, values in row.cells.items() if name != column})


class Shopware5Export(GenericFeed):
    """EK is what it calls the group of customers who are consumers, not what the shop pays."""

    name = "Shopware 5 product export"
    aliases = {
        "id": ("ordernumber",),
        "brand": ("supplier", "supplier_name"),
        "description": ("description_long", "description"),
        "price": ("price_ek", "price"),
        "list_price": ("pseudoprice_ek", "pseudoprice"),
        "quantity": ("instock",),
        "availability": (),
        "image": ("image_url", "images", "image"),
        "sku": ("ordernumber",),
    }
    unused = frozenset({"tax", "mainnumber", "additional_text", "shippingtime", "releasedate", "stockmin"})

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return "ordernumber" in columns and bool({"mainnumber", "supplier", "pseudoprice_ek"} & columns)

    def id_of(self, row: Row) -> str:
        return row.first("ordernumber")[:80]
