"""From a feed's columns to a product: Google's attribute names and those of usual exports (docs/feeds.md)."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from catalog.sources.base import InvalidProduct, SourceProduct
from catalog.sources.feeds.formats import Row
from catalog.sources.feeds.prices import parse_price

# For each field, the columns that may hold it; the first that is not empty counts.
COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": (
        "id",
        "external_id",
        "product_id",
        "item_id",
        "offer_id",
        "sku",
        "article_number",
        "code",
    ),
    "title": ("title", "name", "product_name", "product_title", "product_display_name"),
    "description": ("description", "body_html", "body", "long_description", "short_description", "summary"),
    "brand": ("brand", "brand_name", "brands", "vendor", "manufacturer"),
    "colour": ("colour", "color", "base_colour", "base_color", "colour_name", "color_name"),
    "gender": ("gender", "sex", "target_gender"),
    "currency": ("currency", "currency_code", "price_currency"),
    "url": ("link", "url", "product_url", "permalink", "canonical_link"),
    "item_group_id": ("item_group_id", "group_id", "parent_sku", "parent_id", "style_id"),
}
CATEGORY = ("product_type", "category_path", "category", "type", "product_category")
CATEGORY_STEPS = ("master_category", "sub_category", "article_type")
PRICE = ("price", "regular_price", "unit_price", "current_price")
SALE_PRICE = ("sale_price", "special_price")
SALE_TIME = ("sale_price_effective_date",)
LIST_PRICE = ("list_price", "compare_at_price", "original_price", "msrp", "rrp")
AVAILABILITY = ("availability", "stock_status", "in_stock", "available")
QUANTITY = ("quantity", "stock_quantity", "stock_level", "stock", "inventory", "qty", "inventory_quantity")
SIZES = ("sizes", "size")
IMAGE = ("image_link", "image", "image_url", "images", "image_src", "main_image", "picture", "photo", "img")
MORE_IMAGES = ("additional_image_link", "additional_image_links", "additional_images", "other_images")

GENDERS = {
    **dict.fromkeys(("female", "woman", "women", "womens", "women's", "ladies", "f", "w"), "Women"),
    **dict.fromkeys(("male", "man", "men", "mens", "men's", "gentlemen", "m"), "Men"),
    "unisex": "Unisex",
    **dict.fromkeys(("girl", "girls"), "Girls"),
    **dict.fromkeys(("boy", "boys"), "Boys"),
}
IN_STOCK = {"instock", "available", "yes", "true", "1", "limitedavailability", "onlineonly", "y"}
OUT_OF_STOCK = {
    "outofstock",
    "soldout",
    "unavailable",
    "notavailable",
    "no",
    "false",
    "0",
    "n",
    "discontinued",
    "preorder",
    "backorder",
    "onbackorder",
    "instoreonly",
}


def read_product(row: Row, *, currency: str, now: datetime) -> SourceProduct:
    """The product a row states. ``currency`` is the ISO code for prices that state none; ``now`` decides
    whether a sale with stated dates is on. Raises InvalidProduct.
    """
    cells = _Cells(row.cells)
    fields = {name: cells.take(columns) for name, columns in COLUMNS.items()}
    fields["colour"] = _capitalised(fields["colour"])
    fields["gender"] = GENDERS.get(
        fields["gender"].strip().lower().replace("’", "'"), _capitalised(fields["gender"])
    )
    price, list_price, stated = _prices(cells, now)
    fields["currency"] = (
        (fields["currency"] or stated or currency).strip().upper() if price is not None else ""
    )
    category, path = _category(cells)
    quantity = _quantity(cells.take(QUANTITY))
    return SourceProduct(
        **fields,
        category=category,
        category_path=path,
        price=price,
        list_price=list_price,
        in_stock=_in_stock(cells.take(AVAILABILITY), quantity),
        quantity=quantity,
        images=_images(cells),
        attributes=_attributes(cells),
        line=row.line,
    )


def stated_id(row: Row) -> str:
    """The id of a row that was refused for something else."""
    return _Cells(row.cells).take(COLUMNS["external_id"]).strip()[:80]


class _Cells:
    """A row's values, and which of them became fields; the rest are attributes."""

    def __init__(self, cells: dict[str, list[str]]) -> None:
        self._cells = cells
        self._taken: set[str] = set()

    def take(self, columns: tuple[str, ...]) -> str:
        """The first value of the first of these columns that has one."""
        return next(iter(self.take_all(columns)), "")

    def take_all(self, columns: tuple[str, ...]) -> list[str]:
        name = next((name for name in columns if name in self._cells), None)
        if name is None:
            return []
        self._taken.add(name)
        return self._cells[name]

    def rest(self) -> dict[str, list[str]]:
        return {name: values for name, values in self._cells.items() if name and name not in self._taken}


def _capitalised(text: str) -> str:
    """ "navy blue" and "Navy Blue" are one facet value."""
    text = text.strip()
    return text.title() if text.islower() else text


def _prices(cells: _Cells, now: datetime) -> tuple[Decimal | None, Decimal | None, str]:
    """The price now, the price before a reduction (None without one), and the stated currency."""
    price, currency = parse_price(cells.take(PRICE))
    sale, sale_currency = parse_price(cells.take(SALE_PRICE))
    before, _currency = parse_price(cells.take(LIST_PRICE))
    # A "sale" above the price is a mistake in the feed; shoppers pay the lower one.
    if sale is not None and _is_on(cells.take(SALE_TIME), now) and (price is None or sale < price):
        price, before = sale, price if price is not None else before
    # Only a real reduction is shown as one.
    if before is not None and (price is None or before <= price):
        before = None
    return price, before, currency or sale_currency


def _is_on(interval: str, now: datetime) -> bool:
    """Whether ``now`` lies in "start/end" (ISO 8601, as Google writes it); no interval means always."""
    if not interval.strip():
        return True
    start, _slash, end = (part.strip() for part in interval.partition("/"))
    try:
        first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    except ValueError:
        raise InvalidProduct(f"the sale dates {interval[:60]!r} are not two ISO 8601 times") from None
    zone = now.tzinfo
    first, last = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in (first, last))
    return first <= now <= last


def _category(cells: _Cells) -> tuple[str, str]:
    """The last step, and all steps as "A > B > C"."""
    steps = [cells.take((column,)).strip() for column in CATEGORY_STEPS]
    path = " > ".join(step for step in steps if step)
    # WooCommerce lists several paths, separated by commas, beside a "type" that means something else.
    listed = cells.take(("categories",)).partition(",")[0]
    stated = listed or cells.take(CATEGORY) or path
    google = cells.take(("google_product_category",))
    # Google's own taxonomy may also be stated as a bare number, which means nothing to a shopper.
    stated = stated or ("" if google.strip().isdigit() else google)
    parts = [part.strip() for part in re.split(r"\s*(?:>|&gt;|»|/(?=\s))\s*", stated) if part.strip()]
    return (parts[-1], " > ".join(parts)) if parts else ("", "")


def _quantity(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    whole = re.fullmatch(r"([+-]?\d{1,10})(?:[.,]0*)?", text, re.ASCII)
    if whole is None:
        raise InvalidProduct(f"the quantity {text[:40]!r} is not a whole number")
    # A shop that oversells states fewer than none.
    return max(0, int(whole.group(1)))


def _in_stock(availability: str, quantity: int | None) -> bool:
    # "in stock", "in_stock" and "https://schema.org/InStock" mean the same.
    stated = re.sub(r"[^a-z0-9]", "", availability.strip().rpartition("/")[2].lower())
    if not stated:
        return quantity is None or quantity > 0
    if stated in IN_STOCK:
        return True
    if stated in OUT_OF_STOCK:
        return False
    if stated.isdigit():
        return int(stated) > 0
    raise InvalidProduct(f"the availability {availability[:40]!r} is neither in stock nor out of stock")


def _images(cells: _Cells) -> tuple[str, ...]:
    stated = [*cells.take_all(IMAGE), *cells.take_all(MORE_IMAGES)]
    # A comma may stand inside an address, so only one before the next address separates.
    return tuple(
        part for text in stated for part in re.split(r"\s*[|\n]\s*|\s*[,;]\s*(?=https?://)", text.strip())
    )


def _attributes(cells: _Cells) -> dict[str, str | list[str]]:
    attributes: dict[str, str | list[str]] = {}
    sizes = [part.strip() for text in cells.take_all(SIZES) for part in re.split(r"[,|;]", text)]
    if sizes:
        attributes["sizes"] = list(dict.fromkeys(sizes))
    for name, values in cells.rest().items():
        attributes[name] = values[0] if len(values) == 1 else values
    return attributes
