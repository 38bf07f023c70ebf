"""Attributes as shops name and spell them: one name for "Fabric" and "Stoff", one value for NAVY and Navy.

Products keep what their shop stated; sources and the search read it through this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

# Names of options and attributes as shops write them, by column_name().
COLOUR = {
    *("colour", "color", "farbe", "couleur", "colore", "kleur", "cor", "farve", "färg", "kolor"),
    *("カラー", "色", "renk", "barva", "farba", "szín", "цвет", "колір", "颜色", "顏色", "색상", "väri"),
    *("culoare", "χρώμα", "boja", "farge"),
}
SIZE = {
    *("size", "sizes", "größe", "grösse", "groesse", "taille", "taglia", "maat", "talla", "storlek"),
    *("rozmiar", "tamanho", "サイズ", "beden", "velikost", "veľkosť", "méret", "размер", "розмір"),
    *("尺码", "尺寸", "사이즈", "koko", "mărime", "μέγεθος", "veličina", "størrelse"),
}
BRAND = {"marka", "brand", "brands", "marke", "hersteller", "manufacturer", "marque", "marca", "merk"}
GENDER = {
    *("gender", "geschlecht", "sex", "target_gender", "genre", "zielgruppe", "geslacht", "genere", "sexe"),
    *("sexo", "género", "gênero", "płeć", "pohlaví", "pohlavie", "nem", "cinsiyet", "sukupuoli", "kön"),
    *("køn", "kjønn", "пол", "стать", "φύλο", "性別", "性别", "성별"),
}
MATERIAL = {
    *("material", "materials", "material_type", "main_material", "outer_material", "upper_material"),
    *("fabric", "fabrics", "fabric_type", "textile", "shell", "composition", "material_composition"),
    *("obermaterial", "stoff", "materialien", "zusammensetzung", "matière", "matiere", "tissu"),
    *("materiale", "tessuto", "materiaal", "stof", "tejido", "materiał", "materyal", "kumaş", "tecido"),
}
PATTERN = {
    *("pattern", "patterns", "pattern_type", "print", "prints", "print_type", "design_pattern"),
    *("muster", "motif", "motivo", "fantasia", "patroon", "estampado", "patrón", "wzór", "desen"),
    *("padrão", "estampa", "mönster"),
}
_ALIASES = {
    alias: name
    for name, aliases in (
        ("colour", COLOUR),
        ("size", SIZE),
        ("brand", BRAND),
        ("gender", GENDER),
        ("material", MATERIAL),
        ("pattern", PATTERN),
    )
    for alias in aliases
}
# Attributes of Google's product data specification that have no meaning of their own here.
_COMMON = {"age_group", "condition"}
SOLD_OUT_SIZES = "sold_out_sizes"
# Article numbers that a shop keeps as attributes: the trade's, the manufacturer's.
GTIN = {"gtin", "ean", "ean13", "upc", "isbn", "barcode"}
MPN = {"mpn", "manufacturer_part_number"}
# Every path of a product that stands in several categories; its category filter has the deepest.
CATEGORIES = "categories"
# Written for a marketplace or a warehouse, by column_name(): no shopper chooses by them. Those that none may
# even see, feeds leave out before (catalog.sources.feeds.columns.is_internal).
TECHNICAL = {
    *("gtin", "ean", "upc", "isbn", "mpn", "sku", "identifier_exists", "google_product_category"),
    *(
        "shipping",
        "shipping_weight",
        "shipping_label",
        "shipping_length",
        "shipping_width",
        "shipping_height",
    ),
    *("tax", "tax_category", "tax_class", "tax_status", "ads_redirect", "mobile_link", "canonical_link"),
    *("availability_date", "expiration_date", "cost_of_goods_sold", "unit_pricing_measure", "is_bundle"),
    *("multipack", "size_system", "size_type", "excluded_destination", "included_destination", "inventory"),
    *(f"custom_label_{number}" for number in range(5)),
}

# Of Google's names, of its custom ones, and of what eBay calls item specifics ("C:Brand").
_PREFIX = re.compile(r"^[gcC]:")
_LIST = re.compile(r"\s*[,;|/]\s*")
# "80% cotton, 20% elastane", "cotton & linen", "Baumwolle und Leinen".
_BLEND = re.compile(r"\s*[,;|/&+]\s*|\s+(?:and|und)\s+", re.IGNORECASE)
_SHARE = re.compile(r"\s*\d+(?:[.,]\d+)?\s*%\s*")


@lru_cache(maxsize=8192)
def column_name(header: str) -> str:
    """One spelling for all: "g:image link", "Image-Link" and "imageLink" are image_link."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _PREFIX.sub("", header.strip()))
    return re.sub(r"[^\w]+", "_", name.lower()).strip("_")[:60]


@lru_cache(maxsize=4096)
def attribute_name(stated: str) -> str:
    """The one name of an attribute: "material" for "Fabric" and "Stoff", ``column_name`` for any other."""
    name = column_name(stated)
    return _ALIASES.get(name, name)


def is_known(stated: str) -> bool:
    """Whether an attribute of this name is more than what one shop calls something."""
    name = column_name(stated)
    return name in _ALIASES or name in _COMMON or name in TECHNICAL


def is_usual(stated: str) -> bool:
    """Whether shoppers choose by an attribute of this name, also where its shop's pages leave it out."""
    return column_name(stated) in _ALIASES


@lru_cache(maxsize=65_536)
def value_key(value: str) -> str:
    """Equal for all spellings of a value: NAVY and Navy, "Women's" and "women’s", "A-line" and "a line"."""
    folded = unicodedata.normalize("NFKC", value).casefold().replace("’", "'").replace(">", " > ")
    return " ".join(re.sub(r"(?<=\w)[-_](?=\w)", " ", folded).split())


def category_steps(path: str, category: str = "") -> tuple[str, ...]:
    """The steps of a category path ("Apparel > Dresses"), ``category`` last if one is given."""
    steps = tuple(step for part in path.split(">") if (step := part.strip()))
    is_last = steps and value_key(steps[-1]) == value_key(category)
    return steps if is_last or not category else (*steps, category)


def label(name: str) -> str:
    """An attribute's name as a heading: "sleeve_length" as "Sleeve length"."""
    return name.replace("_", " ").capitalize()


def sizes(attributes: Mapping[str, Any], *, in_stock: bool) -> list[tuple[str, bool]]:
    """The sizes a product states and whether each can be bought: {"M": 3}, ["S", "M"] or "S, M". Those that
    its shop lists as sold out come last.
    """
    stated: object = next((value for name, value in attributes.items() if value and is_size(name)), [])
    if isinstance(stated, Mapping):
        return [(str(size), in_stock and bool(count)) for size, count in stated.items()]
    listed = [
        size
        for text in _texts(stated)
        for size in (_LIST.split(text) if isinstance(stated, str) else [text])
        if size
    ]
    sold_out = {value_key(size): size for size in _texts(attributes.get(SOLD_OUT_SIZES))}
    known = {value_key(size) for size in listed}
    return [
        *((size, in_stock and value_key(size) not in sold_out) for size in listed),
        *((size, False) for key, size in sold_out.items() if key not in known),
    ]


def is_size(stated: str) -> bool:
    """Whether an attribute of this name lists sizes that can be bought."""
    return attribute_name(stated) == "size"


def choices(attributes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a product states besides its sizes, as (name, value) pairs under the names of this module."""
    for stated, value in attributes.items():
        name = attribute_name(stated)
        if name in ("size", SOLD_OUT_SIZES, CATEGORIES):
            continue
        for text in _texts(value):
            yield from ((name, part) for part in _parts(name, text))


def _parts(name: str, text: str) -> Iterable[str]:
    """A material or a pattern may list several in one text; any other attribute is one value."""
    if name == "material":
        return filter(None, (_SHARE.sub(" ", part).strip() for part in _BLEND.split(text)))
    return filter(None, _LIST.split(text)) if name == "pattern" else (text,)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
        yield str(value).strip()
