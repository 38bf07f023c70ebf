"""Which columns of a feed hold which field: usual names, a mapping of one's own, and what looks like one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalog.attributes import BRAND, COLOUR, GENDER, SIZE
from catalog.sources.feeds.values.currencies import is_code

# For each field, the columns that may hold it; the first that is not empty counts.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "external_id", "product_id", "item_id", "offer_id", "sku", "article_number", "code"),
        "id_product",
        *("item_number", "article_no", "variant_id", "artikelnummer", "product_code", "reference", "ref"),
        *("art_nr", "artnr", "artikel_nr", "artikelnr", "item_no", "style_number", "référence", "referencia"),
    ),
    "title": (
        *("title", "name", "product_name", "product_title", "product_display_name", "item_name"),
        "item_title",
        *("titel", "produktname", "bezeichnung", "artikelname", "nom", "titre", "nombre", "nome", "naam"),
    ),
    "description": (
        *("description", "body_html", "body", "long_description", "product_description", "short_description"),
        *("summary", "plain_description", "beschreibung", "descripcion", "descrizione", "omschrijving"),
    ),
    "brand": (
        *("brand", "brand_name", "brands", "product_brand", "vendor", "manufacturer"),
        *sorted(BRAND),
        "fabricant",
    ),
    "colour": (
        *("colour", "color", "base_colour", "base_color", "colour_name", "color_name", "primary_color"),
        *("primary_colour", "product_color", "product_colour", "main_color", "main_colour"),
        *("colours", "colors", "farben", "couleurs", "colores", "colori", "kleuren"),
        *sorted(COLOUR),
    ),
    "gender": ("gender", "sex", "target_gender", "product_gender", *sorted(GENDER)),
    "currency": ("currency", "currency_code", "price_currency", "währung", "devise", "moneda", "valuta"),
    "link": (
        *("link", "url", "product_url", "permalink", "canonical_link", "product_link", "deep_link"),
        "deeplink",
        *("merchant_deep_link", "page_url", "item_url"),
    ),
    "style": ("item_group_id", "group_id", "parent_sku", "parent_id", "style_id", "parent_product_id"),
    "category": (
        *("product_type", "category_path", "categories", "category", "type", "product_category"),
        "category_name",
        *("warengruppe", "rubrique", "familia"),
        *("kategorie", "kategorien", "catégorie", "categoria", "categoría", "categorie"),
    ),
    "price": (
        *("price", "regular_price", "unit_price", "current_price", "selling_price", "search_price"),
        "store_price",
        *("preis", "prix", "precio", "prezzo", "prijs", "pris", "cena", "preço", "preco", "price_incl_tax"),
        *("vk", "vk_preis", "vk_brutto", "verkaufspreis", "bruttopreis", "preis_brutto", "prix_ttc", "pvp"),
        *("prix_de_vente", "prix_vente", "precio_venta", "verkoopprijs", "prezzo_di_vendita", "price_gross"),
    ),
    "sale_price": (
        *("sale_price", "special_price", "discount_price", "offer_price", "angebotspreis"),
        *("promo_price", "discounted_price", "online_sale_price", "reduced_price", "promotional_price"),
        *("clearance_price", "markdown_price", "deal_price", "price_sale", "price_discounted", "sonderpreis"),
        *("aktionspreis", "prix_promo", "prix_promotionnel", "prix_soldé", "prix_solde", "precio_oferta"),
        *("precio_rebajado", "prezzo_scontato", "actieprijs", "cena_promocyjna", "preço_promocional"),
    ),
    "sale_is_on": ("on_sale", "is_on_sale", "sale_active", "sale_enabled", "onsale"),
    "sale_starts": (
        *("sale_price_start_date", "sale_start_date", "special_price_from_date", "special_from_date"),
        "date_sale_price_starts",
    ),
    "sale_ends": (
        *("sale_price_end_date", "sale_end_date", "special_price_to_date", "special_to_date"),
        "date_sale_price_ends",
    ),
    "sale_dates": ("sale_price_effective_date",),
    "list_price": (
        *("list_price", "compare_at_price", "original_price", "msrp", "rrp", "rrp_price"),
        "product_price_old",
        *("old_price", "was_price", "strikethrough_price", "retail_price", "uvp", "mrp"),
    ),
    "availability": (
        *("availability", "stock_status", "in_stock", "available", "is_in_stock", "verfügbarkeit"),
        *("disponibilité", "disponibilidad", "beschikbaarheid", "lieferstatus"),
    ),
    "quantity": (
        *("quantity", "stock_quantity", "stock_level", "stock", "inventory", "qty", "inventory_quantity"),
        *("quantity_to_sell_on_facebook", "current_stock", "stock_qty", "bestand", "lagerbestand", "anzahl"),
    ),
    "sizes": (
        *("sizes", "size", "size_name", "sizes_available", "available_sizes", "size_options", "größen"),
        *("tailles", "tallas", "taglie", "maten"),
        *sorted(SIZE),
    ),
    "image": (
        *("image_link", "image", "image_url", "images", "image_src", "main_image", "picture", "photo", "img"),
        *("merchant_image_url", "large_image", "aw_image_url", "image_urls", "picture_url"),
        *("photo_url", "base_image"),
        *("product_image_url", "thumbnail_url", "bild", "bild_url", "bilder", "image_0_url"),
        "main_image_url",
    ),
    "more_images": (
        *("additional_image_link", "additional_image_links", "additional_images", "other_images"),
        *("additional_image_urls", "alternate_image", "alternate_image_two", "alternate_image_three"),
        *("alternate_image_four", "more_images", "gallery", "gallery_images"),
    ),
    "sku": (
        *("sku", "article_number", "article_no", "artikelnummer", "product_code", "reference", "item_number"),
        "merchant_product_id",
    ),
    "gtin": (
        *("gtin", "ean", "ean13", "upc", "isbn", "barcode", "gtin13", "gtin12", "product_gtin", "ean_code"),
        "global_trade_item_number",
    ),
    "mpn": ("mpn", "manufacturer_part_number", "model_number", "part_number"),
    "ignore": (),
}  # fmt: skip
# Fields none of whose columns is an attribute, even where another column decides.
_NEVER_SHOWN = {
    *("image", "more_images", "gtin", "mpn", "sku", "price", "sale_price", "list_price", "currency"),
    "quantity",
    *("availability", "link", "sale_starts", "sale_ends", "sale_dates", "sale_is_on", "sizes", "ignore"),
}  # fmt: skip
CATEGORY_STEPS = ("master_category", "sub_category", "article_type")
GOOGLE_CATEGORY = ("google_product_category", "fb_product_category")
NUMERIC = ("price", "sale_price", "list_price", "quantity")

_PRICE_IN = re.compile(
    r"(?:regular_|unit_|retail_|selling_|product_)?(?:price|preis|prix|precio|prezzo)_([a-z]{3})"
)
_NUMBERED_IMAGE = re.compile(
    r"(?:product_|additional_|image_?file_|bild|picture|photo|image|img)(?:image|img|picture|photo)?(?:_?(?:url|link|src))?_?\d{1,2}"
    r"(?:_(?:url|link|src))?"
)
_LIKE_PRICE = re.compile(r"price|preis|prix|precio|prezzo|prijs|msrp|rrp|uvp|\bcost|amount|_mrp")
_LIKE_PICTURE = re.compile(r"image|img|picture|photo|bild|foto")
_PICTURE_VALUE = re.compile(r"\S+\.(?:jpe?g|png|webp|avif|gif)(?:\?\S*)?(?:\s*[,|;].*)?", re.IGNORECASE)
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
        if _NUMBERED_IMAGE.fullmatch(name) and name not in mapping:
            by_field["more_images"] += (name,) * (name not in by_field["more_images"])
    return FeedColumns(by_field, currency, frozenset(mapping))


def has_id_and_title(names: Collection[str], mapping: Mapping[str, str]) -> bool:
    """Whether these can be the columns of a feed."""
    return not missing_fields(names, mapping)


def missing_fields(names: Collection[str], mapping: Mapping[str, str]) -> list[str]:
    """Which of the two fields that every product needs have no column: "id", "title"."""
    columns = feed_columns(names, mapping)
    return [name for name in ("id", "title") if not columns.of(name)]


def looks_like(name: str, sample: str) -> str:
    """What an unread column seems to hold, by its name and one value: "price", "picture" or ""."""
    if _LIKE_PICTURE.search(name) and not name.endswith(("alt_text", "position", "alt", "id")):
        return "picture" if not sample or _PICTURE_VALUE.fullmatch(sample.strip()) or "/" in sample else ""
    if _PICTURE_VALUE.fullmatch(sample.strip()):
        return "picture"
    if _LIKE_PRICE.search(name) and any(map(str.isdigit, sample)):
        return "price"
    return "price" if _PRICE_VALUE.fullmatch(sample) and not _is_date(sample) else ""


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*", text))
