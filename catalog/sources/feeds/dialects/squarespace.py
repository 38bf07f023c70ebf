"""Squarespace's product CSV: a row for each variant, the product's own fields on its first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.categories import deepest, joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.lists import images_of
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.feeds.visibility import is_no
from catalog.sources.variants import Style

_ID = "product_id_non_editable"
_PRICES = PriceColumns(price=("price",), sale=("sale_price",), switch=("on_sale",))
_OPTIONS = range(1, 7)


class SquarespaceExport(Dialect):
    """A sale price stands beside every variant; the column "On Sale" says whether it counts."""

    name = "Squarespace product CSV"
    main = {
        "price": "price", "sale_price": "sale_price", "sku": "sku", "quantity": "stock",
        "category": "categories", "image": "hosted_image_urls",
    }  # fmt: skip
    unused = frozenset(
        {
            *(_ID, "variant_id_non_editable", "product_type_non_editable", "product_page", "product_url"),
            *("title", "description", "sku", "price", "sale_price", "on_sale", "stock", "categories", "tags"),
            *("weight", "length", "width", "height", "visible", "hosted_image_urls"),
        }
    )

    def __init__(self) -> None:
        self._product = ""

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return {_ID, "title", "price"} <= columns

    def begin(self) -> None:
        self._product = ""

    def key(self, row: Row) -> str:
        self._product = row.first(_ID) or self._product
        return self._product

    def id_of(self, row: Row) -> str:
        return row.first(_ID)[:80]

    def reads(self, column: str) -> bool:
        return column in self.unused or column.startswith(("option_name_", "option_value_"))

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        head = rows[0]
        if is_no(head.first("visible")):
            yield Skipped(head.line, self.id_of(head), "hidden")
            return
        names = {number: head.first(f"option_name_{number}") for number in _OPTIONS}
        variants = Variants.read(rows, lambda row: _variant(row, names, reading), self.id_of(head))
        yield from variants.of(_style(head, reading))


def _variant(row: Row, names: dict[int, str], reading: Reading) -> Offered:
    options = {
        row.first(f"option_name_{number}") or names[number]: row.first(f"option_value_{number}")
        for number in _OPTIONS
    }
    quantity = read_quantity(row.first("stock"), reading.decimal_of("stock"))
    return asked_variant(
        row,
        _PRICES,
        reading,
        options={name: value for name, value in options.items() if name and value},
        in_stock=quantity is None or quantity > 0,
        quantity=quantity,
        sku=row.first("sku"),
    )


def _style(head: Row, reading: Reading) -> Style:
    paths = [steps_of(part.strip()) for part in head.first("categories").split(",")]
    paths = [path for path in paths if path]
    tags = tuple(tag.strip() for tag in head.first("tags").split(",") if tag.strip())
    more = {"categories": [joined(path) for path in paths]} if len(paths) > 1 else {}
    return Style(
        external_id=head.first(_ID),
        title=head.first("title"),
        line=head.line,
        currency=reading.currency,
        description=head.first("description"),
        category_path=joined(deepest(paths)),
        images=images_of(head.all("hosted_image_urls")),
        attributes={**more, **({"tags": tags} if tags else {})},
        gender_words=(*tags, *(step for path in paths for step in path)),
    )
