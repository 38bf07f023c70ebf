"""WooCommerce's product CSV, in the languages it is exported in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product as combinations

from catalog.attributes import is_usual
from catalog.sources.base import InvalidProduct, Rejected, Skipped, SourceRow
from catalog.sources.feeds.categories import arrow_steps, deepest, joined
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.dialects.woocommerce_names import (
    attribute_columns,
    canonical,
    hidden_attributes,
    is_attribute,
)
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_availability, read_quantity
from catalog.sources.feeds.visibility import is_no
from catalog.sources.uncategorized import is_uncategorized
from catalog.sources.variants import Style, Variant

_PRICES = PriceColumns(
    price=("regular_price",),
    sale=("sale_price",),
    starts=("date_sale_price_starts",),
    ends=("date_sale_price_ends",),
)
_SEPARATOR = re.compile(r"(?<!\\),\s*")
_WEIGHTS = ("weight_", "length_", "width_", "height_", "download_")
_MOST_VARIANTS = 500


class WooCommerceExport(Dialect):
    """Rows of type "variable" are styles; those of type "variation" name theirs as ``id:35`` or by SKU."""

    name = "WooCommerce product CSV"
    main = {
        "price": "regular_price", "sale_price": "sale_price", "brand": "brands", "category": "categories",
        "image": "images", "description": "description", "sku": "sku", "gtin": "gtin_upc_ean_or_isbn",
        "quantity": "stock", "availability": "in_stock",
    }  # fmt: skip

    def __init__(self) -> None:
        self._style_of_sku: dict[str, str] = {}
        self._styles: set[str] = set()

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        names = {canonical(column) for column in columns}
        return {"type", "name", "published"} <= names and bool({"regular_price", "parent"} & names)

    def key(self, row: Row) -> str:
        row = _canonical(row)
        if "variation" in _types(row):
            return row.first("parent")
        key = f"id:{self.id_of(row)}"
        if row.first("sku"):
            self._style_of_sku.setdefault(row.first("sku"), key)
        self._styles.add(key)
        return key

    def resolve(self, key: str) -> str:
        key = key.replace(" ", "")
        return key if key in self._styles else self._style_of_sku.get(key, key)

    def id_of(self, row: Row) -> str:
        row = _canonical(row)
        return (row.first("id") or row.first("sku"))[:80]

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        named = [_canonical(row) for row in rows]
        head = next((row for row in named if "variation" not in _types(row)), None)
        if head is None:
            for row in named:
                problem = f"its parent {row.first('parent')[:60]!r} is not in the file"
                yield Rejected(row.line, self.id_of(row), problem)
            return
        reason = _why_hidden(head)
        if reason:
            yield Skipped(head.line, self.id_of(head), reason)
            return
        yield from self._shown(head, named, reading)

    def _shown(self, head: Row, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        style_id = self.id_of(head)
        stated = dict(_attributes(head))
        hidden = {head.first(column) for column in hidden_attributes(head.cells)}
        seen = {name: values for name, values in stated.items() if name not in hidden or is_usual(name)}
        if "variable" not in _types(head):
            variants = Variants.read([head], lambda row: _variant(row, {}, reading), style_id)
            yield from variants.of(_style(head, style_id, seen, reading))
            return
        variations = [row for row in rows if row is not head and not _why_hidden(row)]
        if not variations:
            yield Skipped(head.line, style_id, "no variation is published")
            return
        varied = {name for row in variations for name, _values in _attributes(row)}
        variants = Variants.read(variations, lambda row: _variant(row, _chosen(row), reading), style_id)
        variants.offered = [
            each for variant in variants.offered for each in _expanded(variant, stated, varied)
        ]
        shared = {name: values for name, values in seen.items() if name not in varied}
        yield from variants.of(_style(head, style_id, shared, reading))

    def reads(self, column: str) -> bool:
        known = canonical(column) in _READ or column.startswith(_WEIGHTS)
        return known or is_attribute(column)


_READ = {
    *("id", "type", "sku", "name", "published", "visibility_in_catalog", "short_description", "description"),
    *("date_sale_price_starts", "date_sale_price_ends", "in_stock", "stock", "sale_price", "regular_price"),
    *("categories", "tags", "images", "parent", "brands", "gtin_upc_ean_or_isbn", "is_featured"),
    "tax_status",
    *("tax_class", "low_stock_amount", "backorders_allowed", "sold_individually", "allow_customer_reviews"),
    *("purchase_note", "shipping_class", "download_limit", "download_expiry_days", "grouped_products"),
    "upsells",
    *("cross_sells", "external_url", "button_text", "position"),
}  # fmt: skip


def _canonical(row: Row) -> Row:
    """With the English names of columns."""
    if all(canonical(name) == name for name in row.cells):
        return row
    cells: dict[str, list[str]] = {}
    for name, values in row.cells.items():
        cells.setdefault(canonical(name), values)
    return Row(row.line, cells)


def _types(row: Row) -> set[str]:
    return {part.strip() for part in row.first("type").casefold().split(",")}


def _why_hidden(row: Row) -> str:
    published = row.first("published")
    if is_no(published):
        return "not published" if published.startswith("-1") else "private"
    for kind in _types(row) & {"draft", "pending", "private", "trash"}:
        return kind
    if row.first("meta_post_password", "post_password"):
        return "password-protected"
    return "hidden" if row.first("visibility_in_catalog").casefold() == "hidden" else ""


def _attributes(row: Row) -> Iterator[tuple[str, list[str]]]:
    """The attributes of a row by the shop's names; an escaped comma is part of a value."""
    for name_column, value_column in attribute_columns(row.cells):
        name = row.first(name_column)
        if name:
            yield name, _listed(row.first(value_column))


def _listed(text: str) -> list[str]:
    return [part.replace("\\,", ",").strip() for part in _SEPARATOR.split(text) if part.strip()]


def _chosen(row: Row) -> dict[str, str]:
    """A variation's options; one without a value stands for any."""
    return {name: values[0] if values else "" for name, values in _attributes(row)}


def _variant(row: Row, options: dict[str, str], reading: Reading) -> Offered:
    in_stock, quantity = _stock(row, reading)
    return asked_variant(
        row,
        _PRICES,
        reading,
        options=options,
        in_stock=in_stock,
        quantity=quantity,
        images=tuple(_listed(row.first("images"))) if options else (),
        sku=row.first("sku"),
        gtin=row.first("gtin_upc_ean_or_isbn"),
    )


def _stock(row: Row, reading: Reading) -> tuple[bool, int | None]:
    counted = row.first("stock")
    # "parent": the style counts for all of its variations.
    quantity = (
        None if not any(map(str.isdigit, counted)) else read_quantity(counted, reading.decimal_of("stock"))
    )
    stated, _count = read_availability(row.first("in_stock"))
    return (quantity is None or quantity > 0) if stated is None else stated, quantity


def _expanded(variant: Variant, stated: dict[str, list[str]], varied: set[str]) -> Iterator[Variant]:
    """One Variant for each value that an option may take where a variation leaves it open."""
    open_options = [name for name in varied if not variant.options.get(name) and stated.get(name)]
    choices = list(combinations(*(stated[name] for name in open_options)))[:_MOST_VARIANTS]
    for number, values in enumerate(choices):
        options = {**variant.options, **dict(zip(open_options, values, strict=True))}
        # What is there is there once, whichever is chosen.
        quantity = variant.quantity if number == 0 or variant.quantity is None else 0
        yield Variant(
            options={name: value for name, value in options.items() if value},
            price=variant.price,
            list_price=variant.list_price,
            in_stock=variant.in_stock,
            quantity=quantity,
            images=variant.images,
            sku=variant.sku,
            gtin=variant.gtin,
        )


def _style(head: Row, style_id: str, attributes: dict[str, list[str]], reading: Reading) -> Style:
    paths = [arrow_steps(path.replace("\\,", ",")) for path in _SEPARATOR.split(head.first("categories"))]
    paths = [path for path in paths if path and not is_uncategorized(joined(path))]
    tags = _listed(head.first("tags"))
    more = {"categories": [joined(path) for path in paths]} if len(paths) > 1 else {}
    if not head.first("name"):
        raise InvalidProduct("the title is missing")
    return Style(
        external_id=style_id,
        title=head.first("name"),
        line=head.line,
        currency=reading.currency,
        description=head.first("description") or head.first("short_description"),
        brand=next(iter(_listed(head.first("brands"))), ""),
        category_path=joined(deepest(paths)),
        images=tuple(_listed(head.first("images"))),
        attributes={**attributes, **more, **({"tags": tags} if tags else {})},
        gender_words=(*tags, *(step for path in paths for step in path)),
        sku=head.first("sku"),
    )
