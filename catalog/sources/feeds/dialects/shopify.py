"""Shopify's product CSV, with the column names of before and since 2024."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.sources.base import Skipped, SourceRow
from catalog.sources.feeds.categories import joined, steps_of
from catalog.sources.feeds.dialects.base import Columns, Dialect, Offered, Variants, asked_variant
from catalog.sources.feeds.reading import PriceColumns, Reading
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.feeds.visibility import is_no
from catalog.sources.uncategorized import is_uncategorized
from catalog.sources.variants import Style

_HANDLE = ("handle", "url_handle")
_PRICES = PriceColumns(
    price=("variant_price", "price"), before=("variant_compare_at_price", "compare_at_price")
)
_QUANTITY = ("variant_inventory_qty", "inventory_quantity")
_TRACKER = ("variant_inventory_tracker", "inventory_tracker")
_OVERSELLS = {"continue", "true", "yes", "1"}
_OF_MARKETS = ("price_", "compare_at_price_", "included_")
_METAFIELD = ("_product_metafields_", "_variant_metafields_")


class ShopifyExport(Dialect):
    name = "Shopify product CSV"
    main = {
        "price": "variant_price", "list_price": "variant_compare_at_price", "brand": "vendor",
        "category": "type",
        "image": "image_src", "description": "body_html", "sku": "variant_sku", "gtin": "variant_barcode",
        "quantity": "variant_inventory_qty", "gender": "google_shopping_gender",
    }  # fmt: skip
    unused = frozenset(
        {
            *("title", "handle", "url_handle", "body_html", "description", "vendor", "tags", "type"),
            "custom_product_type",
            *("product_category", "standardized_product_type", "published"),
            *("published_on_online_store", "status"),
            *("image_src", "product_image_url", "image_position", "image_alt_text", "gift_card"),
            "collection",
            *(f"option{n}_{part}" for n in (1, 2, 3) for part in ("name", "value", "linked_to")),
            *("sku", "barcode", "price", "compare_at_price", "inventory_quantity", "inventory_tracker"),
            "cost_per_item",
            *("continue_selling_when_out_of_stock", "charge_tax", "tax_code", "requires_shipping"),
            "weight_value_grams",
            *("weight_unit_for_display", "fulfillment_service", "seo_title", "seo_description"),
            "included_primary",
            *("unit_price_total_measure", "unit_price_total_measure_unit", "unit_price_base_measure"),
            "unit_price_base_measure_unit",
        }
    )  # fmt: skip

    @classmethod
    def recognises(cls, columns: Columns) -> bool:
        return "title" in columns and bool(
            ({"handle", "url_handle"} & columns)
            and ({"option1_name", "option1_value", "variant_price", "variant_sku"} & columns)
        )

    def key(self, row: Row) -> str:
        return row.first(*_HANDLE)

    def id_of(self, row: Row) -> str:
        return row.first(*_HANDLE)[:80]

    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        # The product's own fields stand on its first row; a row with a title is it, wherever it came.
        head = next((row for row in rows if "title" in row.cells), rows[0])
        reason = _why_hidden(head)
        if reason:
            yield Skipped(head.line, self.id_of(head), reason)
            return
        names = {number: head.first(f"option{number}_name") for number in (1, 2, 3)}
        # Further rows may hold nothing but another picture.
        offered = [row for row in rows if row.first(*_PRICES.price) or row.first("option1_value")]
        variants = Variants.read(
            offered or [head], lambda row: _variant(row, names, reading), self.id_of(head)
        )
        yield from variants.of(_style(head, rows, reading))

    def reads(self, column: str) -> bool:
        if column in self.unused or column.startswith(("variant_", "google_shopping_", "seo_")):
            return True
        # Prices of other markets are not those of the shop's home.
        return any(mark in column for mark in _METAFIELD) or column.startswith(_OF_MARKETS)


def _why_hidden(head: Row) -> str:
    status = head.first("status").casefold()
    if status and status != "active":
        return status
    published = head.first("published", "published_on_online_store")
    if published and is_no(published):
        return "not published"
    # Prices of other markets are not read, so what is sold in those alone has none.
    return "not in the primary market" if is_no(head.first("included_primary")) else ""


def _variant(row: Row, names: dict[int, str], reading: Reading) -> Offered:
    options = {
        names[number]: row.first(f"option{number}_value")
        for number in names
        if names[number] and row.first(f"option{number}_value")
    }
    if options.get("Title") == "Default Title":
        options = {}
    quantity = _quantity(row, reading)
    policy = row.first("variant_inventory_policy", "continue_selling_when_out_of_stock").casefold()
    if quantity == 0 and policy in _OVERSELLS:
        quantity = None  # it is sold on without any in stock, as many as anyone orders
    image = row.first("variant_image", "variant_image_url")
    return asked_variant(
        row,
        _PRICES,
        reading,
        options=options,
        in_stock=quantity is None or quantity > 0,
        quantity=quantity,
        images=(image,) if image else (),
        sku=row.first("variant_sku", "sku").lstrip("'"),
        gtin=row.first("variant_barcode", "barcode").lstrip("'"),
    )


def _quantity(row: Row, reading: Reading) -> int | None:
    """None where Shopify does not count: without a tracker the stated quantity means nothing."""
    tracked = row.first(*_TRACKER)
    for column in _QUANTITY:
        if column in row.cells and (tracked or not _has_tracker(reading)):
            return read_quantity(row.first(column), reading.decimal_of(column))
    return None


def _has_tracker(reading: Reading) -> bool:
    return not reading.present.isdisjoint(_TRACKER)


def _style(head: Row, rows: Sequence[Row], reading: Reading) -> Style:
    tags = tuple(tag.strip() for tag in head.first("tags").split(",") if tag.strip())
    images = sorted(
        ((_position(row), row.first("image_src", "product_image_url")) for row in rows),
        key=lambda pair: pair[0],
    )
    gender = head.first("google_shopping_gender")
    return Style(
        external_id=head.first(*_HANDLE),
        title=head.first("title"),
        line=head.line,
        currency=reading.currency,
        description=head.first("body_html", "description"),
        brand=head.first("vendor"),
        category_path=_category(head),
        images=tuple(image for _position, image in images if image),
        attributes={**({"tags": tags} if tags else {}), **_metafields(head)},
        gender_words=(gender,) if gender else tags,
    )


def _position(row: Row) -> int:
    stated = row.first("image_position")
    return int(stated) if stated.isdecimal() and len(stated) < 6 else 10**6


def _category(head: Row) -> str:
    """Shopify's taxonomy where it ends in the shop's own type, else the type."""
    kind, taxonomy = (
        head.first("type", "custom_product_type"),
        head.first("product_category", "standardized_product_type"),
    )
    steps = steps_of(taxonomy) if not is_uncategorized(taxonomy) else ()
    if kind and not (steps and steps[-1].casefold() == kind.casefold()):
        return kind
    return joined(steps)


def _metafields(head: Row) -> dict[str, list[str]]:
    """ "Fabric (product.metafields.shopify.fabric)": "cotton; linen"."""
    found = {}
    for column, values in head.cells.items():
        name = next((column.partition(mark)[0] for mark in _METAFIELD if mark in column), "")
        if name:
            found[name] = [part.strip() for part in values[0].split(";") if part.strip()]
    return found
