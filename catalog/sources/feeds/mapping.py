"""From a row of columns to a product: Google's attribute names and those of usual exports (docs/feeds.md)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence

from catalog.attributes import CATEGORIES
from catalog.sources.base import InvalidProduct, SourceProduct
from catalog.sources.feeds.categories import Path, deepest, joined, paths_of
from catalog.sources.feeds.columns import CATEGORY_STEPS, GOOGLE_CATEGORY, is_internal, is_of_location
from catalog.sources.feeds.reading import PriceColumns, Reading, read_prices
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.genders import read_gender
from catalog.sources.feeds.values.prices import is_nothing
from catalog.sources.feeds.values.stock import read_availability, read_quantity, stock_in
from catalog.sources.feeds.visibility import VISIBILITY

# A status may tell of the stock.
_STATUS = ("status", "product_status", "item_status", "listing_status", "sales_status")
_DELIVERY = ("delivery_time", "lieferzeit")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d{1,2}", re.IGNORECASE)
_NUMBERS = re.compile(r"[\d,;|\s]+")
_TOTALS = {
    *("total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "somme"),
    *("totale", "totaal", "razem", "suma", "soma", "итого", "合計", "toplam", "celkem", "yhteensä"),
}
# Read beside the fields, so no attributes.
_MOST_COLOURS = 4
READ_BESIDE = frozenset({*CATEGORY_STEPS, *GOOGLE_CATEGORY, *VISIBILITY})


def read_product(row: Row, reading: Reading) -> SourceProduct:
    """The product that a row states. Raises InvalidProduct."""
    of = reading.columns.of
    asked = read_prices(row, PriceColumns.of(reading.columns), reading)
    in_stock, quantity = read_stock(row, reading)
    paths = category_paths(row, reading)
    path = deepest(paths)
    attributes = _attributes(row, reading)
    if len(paths) > 1:
        attributes[CATEGORIES] = [joined(each) for each in paths]
    gender = row.first(*of("gender"))
    return SourceProduct(
        external_id=_id(row.first(*of("id"))),
        title=row.first(*of("title")),
        description=row.first(*of("description")),
        brand=row.first(*of("brand")),
        url=row.first(*of("link")),
        item_group_id=row.first(*of("style")),
        colour=capitalised("/".join(colours_of(row, reading))),
        gender=read_gender(gender, row.first("age_group")) or capitalised(gender),
        category=path[-1] if path else "",
        category_path=joined(path),
        price=asked.price,
        list_price=asked.list_price,
        currency=asked.currency,
        in_stock=in_stock,
        quantity=quantity,
        images=images_of(row.all(*of("image"), *of("more_images"))),
        article_numbers=article_numbers(row, reading),
        attributes=attributes,
        line=row.line,
    )


def _id(text: str) -> str:
    """Raises InvalidProduct for what a spreadsheet made of a long number, and for a row of totals."""
    if is_rounded(text):
        raise InvalidProduct(f"the id {text!r} lost its digits in a spreadsheet: make its column text")
    if text.strip(":").casefold() in _TOTALS:
        raise InvalidProduct(f"{text!r} stands before a row of totals, not before a product")
    return text


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet rounded a long number: "4.00638E+12"."""
    return bool(_ROUNDED.fullmatch(text))


def colours_of(row: Row, reading: Reading) -> list[str]:
    """The colours of the first column that states any; a list in brackets and repeated elements count."""
    for column in reading.columns.of("colour"):
        stated = [part for text in row.all(column) for part in listed(text)]
        if stated:
            return list(dict.fromkeys(stated))[:_MOST_COLOURS]
    return []


def listed(text: str) -> list[str]:
    """The parts of a cell that is a list as programs write it, ["a", "b"] or ['a', 'b']; else the cell."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return [text] if text else []
    parts = _parsed(text)
    if parts is None:
        return [part for each in text[1:-1].split(",") if (part := each.strip())]
    return [part for stated in parts if stated is not None and (part := str(stated).strip())]


def _parsed(text: str) -> list[object] | None:
    """A list of texts and numbers in JSON or Python's own notation; None for anything else."""
    for parse in (json.loads, ast.literal_eval):
        try:
            parts = parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(parts, list) and all(isinstance(part, str | int | float | None) for part in parts):
            return parts
    return None


def stated_id(row: Row, reading: Reading) -> str:
    """The id of a row that was refused for something else."""
    return row.first(*reading.columns.of("id"))[:80]


def capitalised(text: str) -> str:
    """ "navy blue" and "Navy Blue" are one value; "women's" becomes "Women's", and "DKNY" stays."""
    text = text.strip()
    if not text.islower():
        return text
    return re.sub(
        r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda word: word.group()[:1].upper() + word.group()[1:], text
    )


def read_stock(row: Row, reading: Reading) -> tuple[bool, int | None]:
    """Whether the product can be bought, and how many there are. Raises InvalidProduct."""
    in_stock, counted = read_availability(row.first(*reading.columns.of("availability")))
    columns = reading.columns.of("quantity")
    stated = {each: text for each in columns if (text := row.first(each)) and not is_nothing(text)}
    quantity = _counted(stated, reading) if stated else counted
    if in_stock is None:
        in_stock = (quantity is None or quantity > 0) and not _says_that_it_is_out(row)
    return in_stock, quantity


def _counted(stated: dict[str, str], reading: Reading) -> int | None:
    """The quantity in the first of these columns, or in those of all locations together."""
    first = next(iter(stated))
    columns = list(filter(is_of_location, stated)) if is_of_location(first) else [first]
    counts = [read_quantity(stated[each], reading.decimal_of(each)) for each in columns]
    return None if None in counts else sum(each for each in counts if each is not None)


def _says_that_it_is_out(row: Row) -> bool:
    delivery = row.first(*_DELIVERY)
    # A time of 0 is at once.
    stated = [row.first(*_STATUS), "" if delivery.isdigit() else delivery]
    return any(stock_in(text) is False for text in stated)


def category_paths(row: Row, reading: Reading) -> list[Path]:
    """Every path that the row states, the shop's own before Google's."""
    columns = reading.columns.of("category")
    # Exports that list several have a "type" besides, which means something else.
    for column in sorted(columns, key=lambda name: name not in ("categories", "kategorien")):
        stated = [path for text in row.all(column) for path in _paths_in(text, column)]
        if stated:
            return list(dict.fromkeys(stated))
    steps = tuple(filter(None, (row.first(column) for column in CATEGORY_STEPS)))
    if steps:
        return [steps]
    google = row.first(*GOOGLE_CATEGORY)
    # Google's own taxonomy may also be stated as a bare number, which means nothing to a shopper.
    return [] if google.isdigit() else list(paths_of(google))


def _paths_in(text: str, column: str) -> Sequence[Path]:
    # The number of a category says nothing to a shopper.
    steps = [] if _NUMBERS.fullmatch(text) else listed(text)
    # A list as programs write it goes from the root down, unless its parts are paths themselves.
    if len(steps) > 1 and not any(">" in step for step in steps):
        return [tuple(steps)]
    return [path for step in steps for path in paths_of(step, is_list=_is_list(column))]


def _is_list(column: str) -> bool:
    return column in ("categories", "kategorien", "collection", "collections")


def images_of(stated: Iterable[str]) -> tuple[str, ...]:
    """Addresses and relative paths out of cells that may list several. A comma may stand inside an address,
    so only one before the next address, or between file names, separates.
    """
    return tuple(part for text in stated for each in listed(text) for part in _separated(each) if part)


def _separated(text: str) -> list[str]:
    parts = re.split(r"\s*[|\n]\s*|\s*[,;]\s*(?=https?://)|\s+(?=https?://)", text)
    return [piece.strip() for part in parts for piece in _paths(part)]


def _paths(text: str) -> list[str]:
    if text.startswith(("http://", "https://")):
        # "https://cdn/a.jpg, b.jpg" goes on with a file of the same folder only in theory.
        return [text.rstrip(",; ")]
    return re.split(r"(?<=[A-Za-z0-9])\s*[,;]\s*(?=\S)", text) if _FILES.fullmatch(text) else [text]


_FILE = r"[^,;]+\.(?:jpe?g|png|webp|avif|gif)"
_FILES = re.compile(rf"\s*{_FILE}(?:\s*[,;]\s*{_FILE})+[\s,;]*", re.IGNORECASE)


def article_numbers(row: Row, reading: Reading) -> dict[str, list[str]]:
    """Every SKU, GTIN and MPN that the row states."""
    of = reading.columns.of
    return {
        kind: [text.strip() for text in row.all(*of(kind)) if not is_rounded(text.strip())]
        for kind in ("sku", "gtin", "mpn")
    }


def _sizes_in(text: str) -> list[str]:
    """The sizes of a list: "36, 38", but "38,5" and "16,5; 17,0" are halves."""
    if re.search(r"[|;]", text):
        return re.split(r"[|;]", text)
    return re.split(r"(?<!\d{2}),|,(?![05](?:\D|$))", text)


def _attributes(row: Row, reading: Reading) -> dict[str, str | list[str]]:
    attributes: dict[str, str | list[str]] = {}
    stated = row.all(*reading.columns.of("sizes"))
    sizes = [part.strip() for text in stated for each in listed(text) for part in _sizes_in(each)]
    if sizes:
        attributes["sizes"] = list(dict.fromkeys(sizes))
    for name, values in row.cells.items():
        if (
            name
            and name not in READ_BESIDE
            and not is_internal(name)
            and not reading.columns.is_field(name, row.cells)
        ):
            attributes[name] = values[0] if len(values) == 1 else values
    return attributes
