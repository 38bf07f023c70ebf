"""Which columns of a feed hold which field: usual names, a mapping of one's own, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import cached_property

from catalog.sources.feeds.column_names import COLUMNS
from catalog.sources.feeds.values.currencies import is_code

# Fields none of whose columns is an attribute, even where another column decides.
_NEVER_SHOWN = {
    *("image", "more_images", "gtin", "mpn", "sku", "price", "sale_price", "list_price", "currency"),
    "quantity",
    *("availability", "link", "sale_starts", "sale_ends", "sale_dates", "sale_is_on", "sizes", "ignore"),
}  # fmt: skip
CATEGORY_STEPS = ("master_category", "sub_category", "article_type")
GOOGLE_CATEGORY = ("google_product_category", "fb_product_category")
MONEY = ("price", "sale_price", "list_price")
NUMERIC = (*MONEY, "quantity")

_PRICE_IN = re.compile(
    r"(?:regular_|unit_|retail_|selling_|product_)?(?:price|preis|prix|precio|prezzo)_([a-z]{3})"
)
# "price_cents": whole numbers of the smallest unit.
_IN_MINOR_UNITS = re.compile(r"(?P<name>.+)_(?:in_)?(?:cents?|minor(?:_units?)?|pence)")
_NUMBERED_IMAGE = re.compile(
    r"(?:product_|additional_|image_?file_|bild|picture|photo|image|img|immagine|imagen|imagem|afbeelding|resim|foto|"
    r"zdjęcie|zdjecie|obrázek|kép|billede|kuva|фото|изображение|图片)(?:image|img|picture|photo)?(?:_?(?:url|link|src))?_?\d{1,2}"
    r"(?:_(?:url|link|src))?"
)
_LIKE_PRICE = re.compile(r"price|preis|prix|precio|prezzo|prijs|msrp|rrp|uvp|\bcost|amount|_mrp")
_LIKE_PICTURE = re.compile(r"image|img|picture|photo|bild|foto")
_PICTURE_VALUE = re.compile(r"\S+\.(?:jpe?g|png|webp|avif|gif)(?:\?\S*)?(?:\s*[,|;].*)?", re.IGNORECASE)
# What a shop pays, or asks of others than shoppers.
_INTERNAL = re.compile(
    r"(?:^|.*_)(?:costs?|cost_price|wholesale|purchase|purchasing|buying|einkauf|einkaufspreis|ek|ek_preis|"
    r"hek|margin|marge)(?:_(?:price|preis|netto|net|per_item|of_goods|of_goods_sold))?"
)
# What Google's and Meta's specifications have for campaigns, destinations and warehouses, and promise to show
# no customer.
_FOR_MARKETPLACES = re.compile(
    r"(?:custom_(?:label|number)|internal_labels?)(?:_\d+)?|auto_pricing_min_price|(?:ads|adwords|display_ads)_\w+|"
    r"(?:in|ex)cluded_destination|shopping_ads_excluded_country|pause|promotion_id|(?:mobile_)?link_template|"
    r"shipping_label|transit_time_label|(?:commerce_)?tax_category|applinks_\w+"
)
_NO_SHOPPERS = re.compile(
    r"net(?:to|_)|_net|nettopreis|_ht$|excl|ohne_mwst|grundpreis|base_price|delivery|shipping|versand"
    r"|^discount(?:_(?:amount|percent|value))?$"
)
_PRICE_VALUE = re.compile(
    r"\s*[^\w\s]{0,2}\s?(?:[A-Z]{2,3}\s?)?\d[\d.,' ]*[.,]\d{2}\s?(?:[A-Z]{3}|[^\w\s]{0,2})\s*"
)


@dataclass(frozen=True)
class FeedColumns:
    """The columns of one feed by field. ``price_currency`` is what a name such as "Price (INR)" states."""

    by_field: Mapping[str, tuple[str, ...]]
    price_currency: str = ""
    mapped: frozenset[str] = frozenset()

    def of(self, name: str) -> tuple[str, ...]:
        return self.by_field.get(name, ())

    def is_field(self, name: str, cells: Mapping[str, object]) -> bool:
        """Whether this column of a row with these cells is read as a field, so that it is no attribute."""
        if name in self._never_shown:
            return True
        return any(
            next(column for column in columns if column in cells) == name
            for columns in self._holders.get(name, ())
        )

    def holds_field(self, name: str) -> bool:
        return name in self._never_shown or name in self._holders

    @cached_property
    def _never_shown(self) -> frozenset[str]:
        return frozenset(column for name in _NEVER_SHOWN for column in self.of(name))

    @cached_property
    def _holders(self) -> dict[str, list[tuple[str, ...]]]:
        holders: dict[str, list[tuple[str, ...]]] = {}
        for columns in self.by_field.values():
            for column in columns:
                holders.setdefault(column, []).append(columns)
        return holders


def usual_columns(mapping: Mapping[str, str] | None = None) -> FeedColumns:
    """The usual names, for rows whose feed was not looked through before."""
    return feed_columns(None, mapping or {})


def feed_columns(
    present: Iterable[str] | None,
    mapping: Mapping[str, str],
    aliases: Mapping[str, tuple[str, ...]] | None = None,
) -> FeedColumns:
    """``mapping`` decides, then ``aliases`` of the export's format, then the usual names, then what a name
    looks like. ``present`` are the feed's columns, None for any.
    """
    names = None if present is None else list(present)
    by_field = {}
    for each, usual in COLUMNS.items():
        mapped = [column for column, of in mapping.items() if of == each]
        wanted = [*mapped, *(aliases or {}).get(each, ()), *usual]
        by_field[each] = tuple(
            dict.fromkeys(
                name
                for name in wanted
                if (names is None or name in names) and mapping.get(name, each) == each
            )
        )
    currency = ""
    for name in names or ():
        priced = _PRICE_IN.fullmatch(name)
        if priced and not by_field["price"] and name not in mapping and is_code(priced.group(1).upper()):
            by_field["price"], currency = (name,), priced.group(1).upper()
        for each in MONEY:
            if is_in_minor_units(name, COLUMNS[each]) and name not in mapping:
                by_field[each] += (name,)
        if is_of_location(name) and name not in mapping:
            by_field["quantity"] += (name,)
        if _NUMBERED_IMAGE.fullmatch(name) and name not in mapping:
            by_field["more_images"] += (name,) * (name not in by_field["more_images"])
    return FeedColumns(by_field, currency, frozenset(mapping))


def is_in_minor_units(column: str, of: Collection[str] = ()) -> bool:
    """Whether a column's name says that it holds cents: of one of the columns ``of``, or of any."""
    found = _IN_MINOR_UNITS.fullmatch(column)
    return found is not None and (not of or found["name"] in of)


def missing_fields(names: Collection[str], mapping: Mapping[str, str]) -> list[str]:
    """Which of the two fields that every product needs have no column: "id", "title"."""
    columns = feed_columns(names, mapping)
    return [name for name in ("id", "title") if not columns.of(name)]


def is_of_location(column: str) -> bool:
    """Whether a column counts what one of a shop's locations has: Square's "Current Quantity Main Street"."""
    return column.startswith("current_quantity_")


@lru_cache(maxsize=4096)
def is_internal(name: str) -> bool:
    """Whether a column holds what the shop itself pays, or what it tells a marketplace alone, by its name:
    nothing that a shopper may see.
    """
    return bool(_INTERNAL.fullmatch(name) or _FOR_MARKETPLACES.fullmatch(name))


def looks_like(name: str, sample: str) -> str:
    """What an unread column seems to hold, by its name and one value: "price", "picture" or ""."""
    if _LIKE_PICTURE.search(name) and not name.endswith(("alt_text", "position", "alt", "id")):
        return "picture" if not sample or _PICTURE_VALUE.fullmatch(sample.strip()) or "/" in sample else ""
    if _PICTURE_VALUE.fullmatch(sample.strip()):
        return "picture"
    if is_internal(name) or _NO_SHOPPERS.search(name):
        return ""
    if _LIKE_PRICE.search(name) and any(map(str.isdigit, sample)):
        return "price"
    return "price" if _PRICE_VALUE.fullmatch(sample) and not _is_date(sample) else ""


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*", text))
