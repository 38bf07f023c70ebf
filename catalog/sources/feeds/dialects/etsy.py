"""Etsy's listings CSV, which states no ids: the SKU is it, else the title."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product as combinations

from django.utils.text import slugify

from catalog.attributes import COLOUR
from catalog.sources.base import SourceRow
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.variants import Style, Variant

_PRICES = PriceColumns(price=("price",))
_IMAGES = tuple(f"image{number}" for number in range(1, 21))
_COLOUR_NAMES = {"primary color", "primary colour", "main color", "color", "colour", *COLOUR}
_MOST_VARIANTS = 300


class EtsyExport(Dialect):
    name = "Etsy listings CSV"
    main = {"price": "price", "sku": "sku", "quantity": "quantity", "currency": "currency_code"}
    unused = frozenset(
        {"title", "description", "price", "currency_code", "quantity", "tags", "materials", "sku", *_IMAGES}
    )

    def __init__(self) -> None:
        self._without_sku = 0

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return {"title", "price", "currency_code", "quantity"} <= columns and bool(
            {"image1", "variation_1_type", "materials"} & columns
        )

    def key(self, row: Row) -> str:
        return ""

    def id_of(self, row: Row) -> str:
        sku = row.first("sku")
        if sku:
            return sku.partition(",")[0].strip()[:80]
        title = row.first("title")
        digest = hashlib.sha256(title.encode(errors="replace")).hexdigest()[:8]
        return f"{slugify(title)[:40].strip('-')}-{digest}".lstrip("-") if title else ""

    def reads(self, column: str) -> bool:
        return column in self.unused or column.startswith("variation_")

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        for row in rows:
            self._without_sku += not row.first("sku")
            variants = Variants.read([row], lambda row: _variant(row, reading), self.id_of(row))
            variants.offered = [each for one in variants.offered for each in _chosen(one, _options(row))]
            yield from variants.of(self._style(row, reading))

    def _style(self, row: Row, reading: Reading) -> Style:
        attributes = {
            name: [part.strip().replace("_", " ") for part in row.first(column).split(",") if part.strip()]
            for name, column in (("material", "materials"), ("tags", "tags"))
            if row.first(column)
        }
        return Style(
            external_id=self.id_of(row),
            title=row.first("title"),
            line=row.line,
            currency=reading.row_currency(row) or reading.currency,
            description=row.first("description"),
            images=tuple(text.strip() for text in row.all(*_IMAGES)),
            attributes=attributes,
            gender_words=tuple(attributes.get("tags", ())),
        )

    def notes(self) -> list[str]:
        if not self._without_sku:
            return []
        what = "their title is their id, so a new title is a new product."
        return [f"{self._without_sku:,} listings have no SKU; {what}"]


def _options(row: Row) -> dict[str, list[str]]:
    found = {}
    for number in (1, 2):
        name = row.first(f"variation_{number}_name") or row.first(f"variation_{number}_type")
        values = [part.strip() for part in row.first(f"variation_{number}_values").split(",") if part.strip()]
        if values:
            found["color" if name.casefold() in _COLOUR_NAMES else name or f"option {number}"] = values
    return found


def _variant(row: Row, reading: Reading) -> Offered:
    quantity = read_quantity(row.first("quantity"), reading.decimal_of("quantity"))
    return asked_variant(
        row,
        _PRICES,
        reading,
        options={},
        in_stock=quantity is None or quantity > 0,
        quantity=quantity,
        sku=row.first("sku"),
    )


def _chosen(variant: Variant, options: dict[str, list[str]]) -> Iterator[Variant]:
    """One Variant for each choice. The quantity is that of the whole listing, so only one colour has it."""
    colours = len(options.get("color", ()))
    skus = [part.strip() for part in variant.sku.split(",")]
    for number, values in enumerate(list(combinations(*options.values()))[:_MOST_VARIANTS]):
        quantity = variant.quantity if number == 0 else 0
        yield replace(
            variant,
            options=dict(zip(options, values, strict=True)),
            quantity=None if colours > 1 else quantity,
            sku=skus[number] if number < len(skus) else "",
        )
