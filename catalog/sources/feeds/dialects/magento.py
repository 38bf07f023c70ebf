"""Magento 2's (Adobe Commerce's) product CSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from catalog.attributes import COLOUR, SIZE
from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.categories import deepest, joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.feeds.visibility import SWITCHED_OFF, is_no
from catalog.sources.variants import Style

_PRICES = PriceColumns(
    price=("price",),
    sale=("special_price",),
    before=("msrp_price",),
    starts=("special_price_from_date",),
    ends=("special_price_to_date",),
)
_PAIR = re.compile(r",(?=[A-Za-z0-9_]+=)")
# "Not Visible Individually", in the languages of the admin.
_ALONE = re.compile(r"\b(?:not|nicht|non|no|niet|nie|não|inte)\b", re.IGNORECASE)
_TECHNICAL_COLUMN = re.compile(
    r"(?:meta|bundle|gift|msrp|use_config|related|crosssell|upsell|map|page|custom|downloadable|giftcard)_"
    r"|(?:min|max)_cart|(?:.*_image_labels?|.*_skus|.*_position)$"
)
# Attributes that steer the shop and say nothing about the article.
_TECHNICAL = re.compile(
    r"has_options|required_options|ts_|gift_message|shipment_type|links_|quantity_and_stock|msrp|tax_|mageworx|.*_url|.*_id$"
)


class MagentoExport(Dialect):
    """Simple products that a configurable one lists are its variants, wherever they stand."""

    name = "Magento 2 product CSV"
    main = {
        "price": "price", "sale_price": "special_price", "list_price": "msrp_price", "brand": "manufacturer",
        "category": "categories", "image": "base_image", "description": "description", "gtin": "gtin",
        "mpn": "mpn",
        "quantity": "qty", "availability": "is_in_stock",
    }  # fmt: skip
    unused = frozenset(
        {
            *("sku", "store_view_code", "attribute_set_code", "product_type", "categories"),
            *("product_websites", "name"),
            *("description", "short_description", "weight", "product_online", "tax_class_name"),
            *("visibility", "price"),
            *("special_price", "special_price_from_date", "special_price_to_date", "url_key"),
            *("base_image", "small_image"),
            *("thumbnail_image", "swatch_image", "additional_images", "additional_attributes", "qty"),
            "is_in_stock",
            *("manage_stock", "configurable_variations", "configurable_variation_labels"),
            *("manufacturer", "brand"),
            *("created_at", "updated_at", "new_from_date", "new_to_date", "country_of_manufacture"),
            "msrp_price",
            *("out_of_stock_qty", "allow_backorders", "is_qty_decimal", "website_id"),
            *("associated_skus", "image"),
            *("hide_from_product_page", "custom_options", "display_product_options_in", "status"),
            *("gtin", "ean", "mpn"),
            *("barcode", "upc", "notify_on_stock_below", "qty_increments", "enable_qty_increments"),
        }
    )  # fmt: skip

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self.pictures_without_base = 0

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        own = {"product_online", "additional_attributes", "configurable_variations", "attribute_set_code"}
        return {"sku", "product_type", "name"} <= columns and bool(own & columns)

    def key(self, row: Row) -> str:
        sku = row.first("sku")
        if not row.first("store_view_code"):
            for child in _variations(row):
                self._parents.setdefault(child, sku)
        return sku

    def resolve(self, key: str) -> str:
        return self._parents.get(key, key)

    def id_of(self, row: Row) -> str:
        return row.first("sku")[:80]

    def reads(self, column: str) -> bool:
        return column in self.unused or bool(_TECHNICAL_COLUMN.match(column))

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        # Rows of a store view repeat a product with its translated texts alone.
        by_sku: dict[str, Row] = {}
        for row in rows:
            if not row.first("store_view_code"):
                by_sku.setdefault(row.first("sku"), row)
        if not by_sku:
            return
        head = by_sku.get(self.resolve(rows[0].first("sku"))) or next(iter(by_sku.values()))
        children = [row for row in by_sku.values() if row is not head]
        reason = _why_hidden(head)
        if reason:
            yield Skipped(head.line, self.id_of(head), reason)
            return
        options = _variations(head)
        shown = [row for row in children if not _is_off(row)] or ([] if options else [head])
        if not shown:
            yield Skipped(head.line, self.id_of(head), "no variant is switched on")
            return
        pictures = _Pictures(reading.media)
        variants = Variants.read(
            shown, lambda row: _variant(row, head, options, pictures, reading), self.id_of(head)
        )
        yield from variants.of(_style(head, pictures, varied=bool(options), reading=reading))
        self.pictures_without_base += pictures.relative

    def notes(self) -> list[str]:
        if not self.pictures_without_base:
            return []
        where = "--media says its address, such as https://shop.example/media/catalog/product."
        return [f"Pictures are paths in Magento's media folder; {where}"]


class _Pictures:
    """Paths as Magento keeps them, below the address of its media."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self.relative = 0

    def of(self, row: Row) -> tuple[str, ...]:
        columns = ("base_image", "image", "small_image", "additional_images")
        paths = [part.strip() for text in row.all(*columns) for part in text.split(",")]
        return tuple(dict.fromkeys(self._address(path) for path in paths if path and path != "no_selection"))

    def _address(self, path: str) -> str:
        if path.startswith(("http://", "https://")):
            return path
        if not self._base:
            self.relative += 1
        return f"{self._base}/{path.lstrip('/')}" if self._base else path.lstrip("/")


def _why_hidden(row: Row) -> str:
    if _is_off(row):
        return "switched off"
    return "not visible individually" if _ALONE.search(row.first("visibility")) else ""


def _is_off(row: Row) -> bool:
    stated = row.first("product_online", "status")
    return stated in SWITCHED_OFF or is_no(stated)


def _variations(row: Row) -> dict[str, dict[str, str]]:
    """ "sku=a,color=Black|sku=b,color=Red" as the options of each SKU."""
    found = {}
    for part in row.first("configurable_variations").split("|"):
        options = _pairs(part)
        if sku := options.pop("sku", ""):
            found[sku] = options
    return found


def _pairs(text: str) -> dict[str, str]:
    """ "color=Black,size=M"; a value may hold commas, and a pair may stand in quotes."""
    if text.lstrip().startswith('"'):
        parts = next(csv.reader([text], skipinitialspace=True), [])
    else:
        parts = _PAIR.split(text)
    pairs = (part.partition("=") for part in parts)
    return {name.strip(): value.strip().strip('"') for name, mark, value in pairs if mark and name.strip()}


def _variant(
    row: Row, head: Row, options: dict[str, dict[str, str]], pictures: _Pictures, reading: Reading
) -> Offered:
    in_stock, quantity = _stock(row, reading)
    if row is not head and head.first("is_in_stock") == "0":
        in_stock = False
    stated = options.get(row.first("sku"), {})
    if not options:
        stated = {
            name: text
            for name, text in _pairs(row.first("additional_attributes")).items()
            if name in COLOUR | SIZE
        }
    return asked_variant(
        row,
        _PRICES,
        reading,
        options=stated,
        in_stock=in_stock,
        quantity=quantity,
        images=pictures.of(row) if row is not head else (),
        sku=row.first("sku"),
        gtin=_numbers(row, "gtin", "ean", "barcode", "upc"),
        mpn=_numbers(row, "mpn"),
    )


def _numbers(row: Row, *names: str) -> str:
    pairs = _pairs(row.first("additional_attributes"))
    return row.first(*names) or next((pairs[name] for name in names if pairs.get(name)), "")


def _stock(row: Row, reading: Reading) -> tuple[bool, int | None]:
    counts = row.first("manage_stock") != "0" or row.first("use_config_manage_stock") == "1"
    quantity = read_quantity(row.first("qty"), reading.decimal_of("qty")) if counts else None
    stated = row.first("is_in_stock")
    return (quantity is None or quantity > 0) if not stated else not is_no(stated), quantity


def _style(head: Row, pictures: _Pictures, *, varied: bool, reading: Reading) -> Style:
    stated = _pairs(head.first("additional_attributes"))
    attributes = {
        name: [part.strip() for part in value.split("|") if part.strip()]
        for name, value in stated.items()
        if not _TECHNICAL.match(name) and not (name in COLOUR | SIZE and not varied)
    }
    paths = [steps_of(path) for path in re.split(r"(?<!\\),(?=\S)", head.first("categories"))]
    paths = [path for path in dict.fromkeys(paths) if path]
    if len(paths) > 1:
        attributes["categories"] = [joined(path) for path in paths]
    return Style(
        external_id=head.first("sku"),
        title=head.first("name"),
        line=head.line,
        currency=reading.currency,
        description=head.first("description", "short_description"),
        brand=head.first("manufacturer", "brand"),
        category_path=joined(deepest(paths)),
        images=pictures.of(head),
        attributes=attributes,
        gender_words=tuple(step for path in paths for step in path),
        sku=head.first("sku"),
    )
