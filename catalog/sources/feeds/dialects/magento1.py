"""Magento 1's (OpenMage's) product CSV: further rows of a product add a category, a picture, a store view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.dialects.base import Columns
from catalog.sources.feeds.dialects.generic import GenericFeed
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.visibility import SWITCHED_OFF

_TECHNICAL = ("use_config_", "links_", "super_", "associated_", "meta_", "custom_", "gallery")
_ALONE = ("1", "1.0")
# Columns of which every row of a product has one more.
_SEVERAL = ("category", "media_image")


class Magento1Export(GenericFeed):
    name = "Magento 1 product CSV"
    aliases = {
        "id": ("sku",),
        "category": ("category",),
        "sale_price": ("special_price",),
        "sale_starts": ("special_from_date",),
        "sale_ends": ("special_to_date",),
        "list_price": ("msrp",),
        "availability": ("is_in_stock",),
        "quantity": ("qty",),
        "image": ("image", "media_image"),
        "link": (),
    }
    unused = frozenset({
        "store", "attribute_set", "type", "root_category",
        "product_websites", "visibility", "status", "url_key",
        "url_path", "small_image", "thumbnail",
        "has_options", "required_options", "options_container", "tax_class_id",
        "weight", "created_at", "updated_at", "manage_stock", "backorders", "min_qty", "page_layout",
        "media_attribute_id", "media_lable", "media_label", "media_position", "media_is_disabled",
    })  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._sku = ""

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return {"sku", "attribute_set", "type", "product_websites"} <= columns

    def begin(self) -> None:
        self._sku = ""

    def key(self, row: Row) -> str:
        self._sku = row.first("sku") or self._sku
        return self._sku

    def resolve(self, key: str) -> str:
        return key

    def id_of(self, row: Row) -> str:
        return row.first("sku")[:80]

    def reads(self, column: str) -> bool:
        return column.startswith(_TECHNICAL) or super().reads(column)

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        own = [row for row in rows if not row.first("store")]
        head = next((row for row in own if row.first("sku")), None)
        if head is None:
            return
        if head.first("status") in SWITCHED_OFF:
            yield Skipped(head.line, self.id_of(head), "switched off")
        elif head.first("visibility") in _ALONE:
            yield Skipped(head.line, self.id_of(head), "not visible individually")
        else:
            yield from self.read_rows([_whole(head, own, reading.media)], reading)


def _whole(head: Row, rows: Sequence[Row], media: str) -> Row:
    """The product's row with what its further rows add. "no_selection" is no picture."""
    cells = {name: values for name, values in head.cells.items() if name not in ("status", "visibility")}
    for name in _SEVERAL:
        stated = [text for row in rows for text in row.all(name)]
        if stated:
            cells[name] = list(dict.fromkeys(stated))
    for name in ("image", "media_image"):
        pictures = [text for text in cells.get(name, []) if text.strip() != "no_selection"]
        cells[name] = [_in_media(text.strip(), media) for text in pictures]
    return Row(head.line, {name: values for name, values in cells.items() if values})


def _in_media(path: str, media: str) -> str:
    return f"{media.rstrip('/')}/{path.lstrip('/')}" if media and "://" not in path else path
