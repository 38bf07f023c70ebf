"""Wix Stores' product CSV, of both versions of its catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product as combinations

from catalog.sources.base import InvalidProduct, Skipped, SourceRow
from catalog.sources.feeds.categories import deepest, joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, text_of
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_availability
from catalog.sources.feeds.visibility import is_no
from catalog.sources.money import rounded
from catalog.sources.variants import Style, Variant

_MEDIA = "https://static.wixstatic.com/media"
_OPTIONS = range(1, 7)
_MOST_VARIANTS = 300


class WixExport(Dialect):
    """A row of type Product, and one of type Variant for each of its variants that are managed."""

    name = "Wix product CSV"
    main = {
        "price": "price",
        "brand": "brand",
        "category": "collection",
        "image": "product_image_url",
        "sku": "sku",
    }
    unused = frozenset(
        {
            *("handle_id", "handle", "field_type", "name", "description", "plain_description"),
            "product_image_url",
            *("media", "media_alt_text", "collection", "categories", "sku", "barcode", "ribbon"),
            *("price", "surcharge"),
            *("strikethrough_price", "visible", "discount_mode", "discount_value", "inventory"),
            *("weight", "cost", "brand"),
            *("pre_order_enabled", "pre_order_message", "pre_order_limit", "base_unit"),
            "base_unit_measurement",
            *("total_units", "total_units_measurement", "tax_group_id"),
        }
    )  # fmt: skip

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return {"field_type", "name"} <= columns and bool({"handle_id", "handle"} & columns)

    def key(self, row: Row) -> str:
        return row.first("handle_id", "handle")

    def id_of(self, row: Row) -> str:
        return row.first("handle_id", "handle")[:80]

    def reads(self, column: str) -> bool:
        return column in self.unused or column.startswith(
            ("product_option", "additional_info", "custom_text")
        )

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        head = next((row for row in rows if _kind(row) == "product"), rows[0])
        if is_no(head.first("visible") or "true"):
            yield Skipped(head.line, self.id_of(head), "hidden")
            return
        managed = [
            row for row in rows if _kind(row) == "variant" and not is_no(row.first("visible") or "true")
        ]
        if any(_kind(row) == "variant" for row in rows) and not managed:
            yield Skipped(head.line, self.id_of(head), "no variant is visible")
            return
        options = _options(head)
        if managed:
            variants = Variants.read(
                managed, lambda row: _variant(row, head, _chosen(row, head), reading), self.id_of(head)
            )
        else:
            names, choices = list(options), list(combinations(*options.values()))[:_MOST_VARIANTS]
            each = [dict(zip(names, values, strict=True)) for values in choices]
            variants = Variants.read(
                [head], lambda row: _variant(row, head, each[0], reading), self.id_of(head)
            )
            variants.offered = [_with(variant, chosen) for variant in variants.offered for chosen in each]
        yield from variants.of(_style(head, rows, options, reading))


def _kind(row: Row) -> str:
    return row.first("field_type").casefold()


def _with(variant: Variant, options: dict[str, str]) -> Variant:
    return Variant(
        options, variant.price, variant.list_price, variant.in_stock, None, sku=variant.sku, gtin=variant.gtin
    )


def _options(head: Row) -> dict[str, list[str]]:
    """ "S;M" or "#000000:Black;#ffffff:White" by the option's name."""
    found = {}
    for number in _OPTIONS:
        name = head.first(f"product_option_name{number}", f"product_option_name_{number}")
        stated = head.first(
            f"product_option_description{number}",
            f"product_option_choices{number}",
            f"product_option_choices_{number}",
        )
        values = [_label(part) for part in stated.split(";") if part.strip()]
        if name and values:
            found[name] = values
    return found


def _chosen(row: Row, head: Row) -> dict[str, str]:
    own = _options(Row(row.line, {**head.cells, **row.cells}))
    return {name: values[0] for name, values in own.items()}


def _label(choice: str) -> str:
    colour, mark, label = choice.strip().partition(":")
    return label.strip() if mark and colour.startswith("#") else choice.strip()


def _variant(row: Row, head: Row, options: dict[str, str], reading: Reading) -> Offered:
    price, before, currency = _prices(row, head, reading)
    inventory = row.first("inventory") or head.first("inventory")
    in_stock, quantity = read_availability(inventory)
    if inventory.isdecimal():
        quantity = int(inventory)
    variant = Variant(
        options=options,
        price=text_of(price),
        list_price=text_of(before),
        in_stock=in_stock is not False,
        quantity=quantity,
        sku=row.first("sku"),
        gtin=row.first("barcode"),
    )
    return variant, currency


def _prices(row: Row, head: Row, reading: Reading) -> tuple[Decimal | None, Decimal | None, str]:
    """With the surcharge of a variant and the discount of the product."""
    stated = reading.price(row, ("price",)) if row is not head and not row.first("surcharge") else None
    stated = stated or reading.price(head, ("price",))
    if stated is None:
        return None, None, ""
    currency = stated.currency or reading.currency
    surcharge = reading.price(row, ("surcharge",))
    full = stated.amount + (surcharge.amount if surcharge else 0)
    before = reading.price(row, ("strikethrough_price",)) or reading.price(head, ("strikethrough_price",))
    mode = head.first("discount_mode").upper()
    off = _discount(head, mode, reading)
    if not off:
        return full, before.amount if before else None, currency
    if mode not in ("PERCENT", "AMOUNT"):
        raise InvalidProduct(f"the discount_mode {mode[:20]!r} is neither PERCENT nor AMOUNT")
    reduction = full * off / 100 if mode == "PERCENT" else off
    if not 0 < reduction < full:
        return full, None, currency
    return rounded(full - reduction, currency), full, currency


def _discount(head: Row, mode: str, reading: Reading) -> Decimal | None:
    if mode == "PERCENT":
        return reading.share(head, "discount_value")
    stated = reading.price(head, ("discount_value",))
    return stated.amount if stated else None


def _style(head: Row, rows: Sequence[Row], options: dict[str, list[str]], reading: Reading) -> Style:
    paths = [steps_of(part) for part in head.first("collection", "categories").split(";")]
    paths = [path for path in paths if path and path != ("All Products",)]
    more = {"categories": [joined(path) for path in paths]} if len(paths) > 1 else {}
    pictures = [
        part.strip()
        for row in rows
        for text in row.all("product_image_url", "media")
        for part in text.split(";")
    ]
    return Style(
        external_id=head.first("handle_id", "handle"),
        title=head.first("name"),
        line=head.line,
        currency=reading.currency,
        description=head.first("description", "plain_description"),
        brand=head.first("brand"),
        category_path=joined(deepest(paths)),
        images=tuple(dict.fromkeys(_address(picture, reading.media) for picture in pictures if picture)),
        attributes=more,
        gender_words=tuple(step for path in paths for step in path),
        sku=head.first("sku"),
    )


def _address(picture: str, media: str) -> str:
    if picture.startswith(("http://", "https://")):
        return picture
    return f"{(media or _MEDIA).rstrip('/')}/{picture.lstrip('/')}"
