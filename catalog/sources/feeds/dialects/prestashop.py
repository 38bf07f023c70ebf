"""PrestaShop's product CSV: the columns of its import file, of its product list and of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from catalog.attributes import COLOUR
from catalog.sources.base import InvalidProduct, Rejected, Skipped, SourceProduct, SourceRow
from catalog.sources.feeds.categories import deepest, joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect
from catalog.sources.feeds.mapping import capitalised, read_product
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.dates import is_on
from catalog.sources.feeds.visibility import VISIBILITY, is_no, why_hidden
from catalog.sources.money import rounded

_OWN = {
    *("active_0_1", "categories_x_y_z", "price_tax_excluded", "price_tax_included", "image_urls_x_y_z"),
    "id_product",
    *("price_tax_excl", "price_tax_incl", "price_tax_excluded_or_price_tax_included"),
    "show_price_0_no_1_yes",
}  # fmt: skip
_WITH_TAX = ("price_tax_included", "price_tax_incl", "final_price", "price_final")
_WITHOUT_TAX = ("price_tax_excluded", "price_tax_excl", "price")
_CATEGORIES = ("categories_x_y_z", "category", "categories", "category_name")
_ROOTS = ("home", "start", "inicio", "início", "strona główna", "hem")


class PrestaShopExport(Dialect):
    name = "PrestaShop product CSV"
    keeps_the_rest = True
    aliases = {
        "id": ("product_id", "id_product", "id"),
        "title": ("name",),
        "description": ("description", "summary", "description_short"),
        "price": (*_WITH_TAX, *_WITHOUT_TAX),
        "brand": ("manufacturer", "manufacturer_name", "brand"),
        "quantity": ("quantity",),
        "image": ("image_urls_x_y_z", "image", "images"),
        "sku": ("reference", "supplier_reference"),
        "gtin": ("ean13", "upc", "isbn"),
        "style": (),
    }
    unused = frozenset(
        {
            *("tax_rules_id", "wholesale_price", "on_sale_0_1", "discount_amount", "discount_percent"),
            "ecotax",
            *("discount_from_yyyy_mm_dd", "discount_to_yyyy_mm_dd", "supplier", "width", "height"),
            *("depth", "weight"),
            *("minimal_quantity", "low_stock_level", "meta_title", "meta_keywords", "meta_description"),
            *("url_rewritten", "tags_x_y_z", "position", "unit_price", "delete_existing_images_0_no_1_yes"),
            "available_online_only_0_no_1_yes",
            *("available_for_order_0_no_1_yes", "show_price_0_no_1_yes", "image_alt_texts_x_y_z"),
            *("product_creation_date", "product_available_date", "text_when_in_stock"),
            *("additional_shipping_cost", "unity", "text_when_backorder_allowed"),
            "advanced_stock_management",
        }
    )  # fmt: skip

    def __init__(self) -> None:
        self._without_tax = False

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return (
            "name" in columns and bool({"product_id", "id_product", "id"} & columns) and bool(_OWN & columns)
        )

    def key(self, row: Row) -> str:
        return ""

    def id_of(self, row: Row) -> str:
        return row.first("product_id", "id_product", "id")[:80]

    def reads(self, column: str) -> bool:
        return (
            super().reads(column)
            or column in _CATEGORIES
            or column in VISIBILITY
            or column.startswith("feature")
        )

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        for row in rows:
            try:
                reason = _why_hidden(row, reading.now)
                if reason:
                    yield Skipped(row.line, self.id_of(row), reason)
                    continue
                yield self._product(row, reading)
            except InvalidProduct as error:
                yield Rejected(row.line, self.id_of(row), str(error))

    def _product(self, row: Row, reading: Reading) -> SourceProduct:
        self._without_tax |= not row.first(*_WITH_TAX) and bool(row.first(*_WITHOUT_TAX))
        product = read_product(row, reading)
        price, before = _reduced(row, product, reading)
        paths = [steps_of(path, roots=_ROOTS) for path in row.first(*_CATEGORIES).split(",")]
        path = deepest([path for path in paths if path])
        orderable = row.first("available_for_order_0_no_1_yes")
        shows_price = row.first("show_price_0_no_1_yes")
        if shows_price and is_no(shows_price):
            price = before = None
        features = dict(_features(row))
        colour = next((features[name] for name in features if name in COLOUR), "")
        return replace(
            product,
            colour=product.colour or capitalised(colour),
            currency=product.currency if price is not None else "",
            price=price,
            list_price=before,
            category=path[-1] if path else "",
            category_path=joined(path),
            in_stock=product.in_stock and not (orderable and is_no(orderable)),
            attributes=self._attributes(product, [joined(path) for path in paths if path], features),
        )

    def _attributes(
        self, product: SourceProduct, paths: list[str], features: dict[str, str]
    ) -> dict[str, str | list[str]]:
        attributes: dict[str, str | list[str]] = {
            name: value
            for name, value in product.attributes.items()
            if not self.reads(name) and name != "categories"
        }
        if len(set(paths)) > 1:
            attributes["categories"] = list(dict.fromkeys(paths))
        return {**attributes, **{name: text for name, text in features.items() if name not in COLOUR}}

    def notes(self) -> list[str]:
        return ["The prices are those without tax: no column states them with it."] * self._without_tax


def _features(row: Row) -> Iterator[tuple[str, str]]:
    """ "Composition:Cotton:1,Style:Casual:2"."""
    for column in row.cells:
        if column.startswith("feature"):
            for feature in row.first(column).split(","):
                name, _mark, value = feature.partition(":")
                if name.strip() and value.strip():
                    yield name.strip().lower(), value.partition(":")[0].strip()


def _why_hidden(row: Row, now: datetime) -> str:
    # The status of its product list is a flag.
    return "switched off" if is_no(row.first("status")) else why_hidden(row, now)


def _reduced(row: Row, product: SourceProduct, reading: Reading) -> tuple[Decimal | None, Decimal | None]:
    """The price with the discount that is on now, and the one before."""
    if product.price is None:
        return None, None
    starts, ends = row.first("discount_from_yyyy_mm_dd"), row.first("discount_to_yyyy_mm_dd")
    amount = reading.price(row, ("discount_amount",))
    share = reading.share(row, "discount_percent")
    off = amount.amount if amount else Decimal(0)
    if not off and share:
        off = product.price * share / 100
    if not 0 < off < product.price or not is_on(starts, ends, reading.now):
        return product.price, product.list_price
    return rounded(product.price - off, product.currency), product.price
