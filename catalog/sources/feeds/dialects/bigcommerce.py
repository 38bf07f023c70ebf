"""BigCommerce's product CSV, version 2 and version 3: a product's row, then those of its variants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.categories import deepest, joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.feeds.visibility import is_no
from catalog.sources.variants import Style

_PRICES = PriceColumns(price=("price",), sale=("sale_price",), before=("retail_price",))
_IMAGES = re.compile(
    r"product_image_(?:file|url)_\d+|image_url_export|image_url_import|product_image_file\d*"
)
# "[S]Size=Small,[RT]Color=Red" (v2); "Type=Swatch|Name=Color|Value=Red" (v3).
_OPTION_V2 = re.compile(r"(?:\[[A-Z]+\])([^=,]+)=([^,\[]*(?:,(?!\s*\[)[^,\[]*)*)")
_OPTION_V3 = re.compile(r"Name=([^|]+)\|Value=(.*?)(?=[,;\s]*Type=|$)")
_SWATCH = re.compile(r"(?::|\[)#?[0-9A-Fa-f]{3,6}\]?$|\[[^\]]*\]$")


class BigCommerceExport(Dialect):
    name = "BigCommerce product CSV"
    main = {
        "price": "price", "sale_price": "sale_price", "list_price": "retail_price", "brand": "brand_name",
        "category": "category", "sku": "product_code_sku",
    }  # fmt: skip
    unused = frozenset(
        {
            *("item_type", "item", "product_id", "id", "product_name", "name", "product_code_sku"),
            *("sku", "brand_name"),
            *("brand", "brand_id", "product_description", "description", "price", "sale_price"),
            "retail_price",
            *("cost_price", "category", "categories", "options", "type", "gtin", "mpn", "upc_ean"),
            "track_inventory",
            *("inventory_tracking", "current_stock_level", "current_stock", "low_stock_level"),
            *("low_stock", "is_visible"),
            *("allow_purchases", "option_set", "option_set_align", "bin_picking_number", "sort_order"),
            *("weight", "width"),
            *("height", "depth", "search_keywords", "meta_keywords", "meta_description", "page_title"),
            "channels",
            *("is_featured", "warranty", "tax_class", "free_shipping", "fixed_shipping_cost"),
            "variant_image_url",
            *("manufacturer_part_number", "global_trade_number", "gender", "stop_processing_rules"),
            "redirect_old_url",
        }
    )  # fmt: skip

    def __init__(self) -> None:
        self._products = 0

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        second = {"item_type", "product_name"} <= columns and bool(
            {"product_code_sku", "product_id"} & columns
        )
        third = {"item", "name", "sku", "price"} <= columns and bool(
            {"is_visible", "inventory_tracking"} & columns
        )
        return second or third

    def begin(self) -> None:
        self._products = 0

    def key(self, row: Row) -> str:
        self._products += _kind(row) == "product"
        return str(self._products)

    def id_of(self, row: Row) -> str:
        return row.first("product_id", "id", "product_code_sku", "sku")[:80]

    def reads(self, column: str) -> bool:
        known = column in self.unused or bool(_IMAGES.fullmatch(column))
        return known or column.startswith(("product_", "gps_", "show_product", "image_", "internal_image"))

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        head = rows[0]
        visible = head.first("product_visible", "is_visible")
        if visible and is_no(visible):
            yield Skipped(head.line, self.id_of(head), "hidden")
            return
        offered = [row for row in rows[1:] if _kind(row) in ("sku", "variant")] or [head]
        variants = Variants.read(offered, lambda row: _variant(row, head, reading), self.id_of(head))
        yield from variants.of(self._style(head, rows, reading))

    def _style(self, head: Row, rows: Sequence[Row], reading: Reading) -> Style:
        stated = [
            part for part in head.first("category", "categories").split(";") if not part.strip().isdigit()
        ]
        paths = [path for path in map(steps_of, stated) if path and path != ("Shop All",)]
        attributes = {
            name: [text]
            for name in ("color", "size", "material", "pattern", "age_group")
            if (text := head.first(f"gps_{name}"))
        }
        if len(paths) > 1:
            attributes["categories"] = [joined(path) for path in paths]
        gender = head.first("gps_gender", "gender")
        return Style(
            external_id=self.id_of(head),
            title=head.first("product_name", "name"),
            line=head.line,
            currency=reading.currency,
            description=head.first("product_description", "description"),
            brand=head.first("brand_name", "brand"),
            category_path=joined(deepest(paths)),
            images=_pictures(rows),
            attributes=attributes,
            gender_words=(gender,) if gender else tuple(step for path in paths for step in path),
            sku=head.first("product_code_sku", "sku"),
        )


def _kind(row: Row) -> str:
    return row.first("item_type", "item").casefold()


def _variant(row: Row, head: Row, reading: Reading) -> Offered:
    own = row is not head
    # A variant without a price of its own has the product's.
    priced = row if row.first("price") else Row(row.line, {**row.cells, **_prices_of(head)})
    quantity = _quantity(row, head, reading)
    can_buy = head.first("allow_purchases")
    picture = row.first("variant_image_url")
    return asked_variant(
        priced,
        _PRICES,
        reading,
        options=_options(row) if own else {},
        in_stock=(quantity is None or quantity > 0) and not (can_buy and is_no(can_buy)),
        quantity=quantity,
        images=(picture,) if own and picture else (),
        sku=row.first("product_code_sku", "sku"),
        gtin=row.first(
            "gps_global_trade_item_number", "product_upc_ean", "gtin", "upc_ean", "global_trade_number"
        ),
        mpn=row.first("gps_manufacturer_part_number", "mpn", "manufacturer_part_number"),
    )


def _prices_of(head: Row) -> dict[str, list[str]]:
    columns = (*_PRICES.price, *_PRICES.sale, *_PRICES.before)
    return {name: head.cells[name] for name in columns if name in head.cells}


def _quantity(row: Row, head: Row, reading: Reading) -> int | None:
    """None where the shop does not count: neither the product nor its variants."""
    tracked = head.first("track_inventory", "inventory_tracking").casefold()
    if tracked in ("none", "no", "0", ""):
        return None
    holder = head if tracked in ("product", "by product") else row
    column = next((name for name in ("current_stock_level", "current_stock") if name in holder.cells), "")
    return read_quantity(holder.first(column), reading.decimal_of(column)) if column else None


def _options(row: Row) -> dict[str, str]:
    stated = row.first("options") or row.first("product_name", "name")
    found = _OPTION_V3.findall(stated) or _OPTION_V2.findall(stated)
    return {name.strip(): _SWATCH.sub("", value.strip()).strip() for name, value in found if value.strip()}


def _pictures(rows: Sequence[Row]) -> tuple[str, ...]:
    pictures = [
        row.first(column)
        for row in rows
        if _kind(row) in ("product", "image")
        for column in row.cells
        if _IMAGES.fullmatch(column)
    ]
    return tuple(dict.fromkeys(pictures))
