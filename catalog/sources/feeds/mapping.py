"""From a row of columns to a product: Google's attribute names and those of usual exports (docs/feeds.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from catalog.attributes import CATEGORIES, SOLD_OUT_SIZES
from catalog.sources.base import InvalidProduct, SourceProduct
from catalog.sources.feeds.categories import Path, deepest, joined, paths_of
from catalog.sources.feeds.columns import CATEGORY_STEPS, GOOGLE_CATEGORY, is_internal, is_of_location
from catalog.sources.feeds.reading import PriceColumns, Reading, read_prices
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.genders import read_gender
from catalog.sources.feeds.values.lists import (
    absolute,
    images_of,
    listed,
    size_columns,
    sizes_in_columns,
    sizes_of,
)
from catalog.sources.feeds.values.prices import is_nothing
from catalog.sources.feeds.values.stock import read_availability, read_quantity, stock_in
from catalog.sources.feeds.visibility import VISIBILITY

# A status may tell of the stock.
_STATUS = ("status", "product_status", "item_status", "listing_status", "sales_status")
_DELIVERY = ("delivery_time", "lieferzeit")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d{1,2}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{8,14}\.0")
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
    sizes = _sizes(row, reading)
    paths = category_paths(row, reading)
    path = deepest(paths)
    attributes = {**_of_sizes(sizes), **_attributes(row, reading)}
    if len(paths) > 1:
        attributes[CATEGORIES] = [joined(each) for each in paths]
    gender = _text(row, of("gender"))
    return SourceProduct(
        external_id=_id(row.first(*of("id"))),
        title=row.first(*of("title")),
        description=_text(row, of("description")),
        brand=_text(row, of("brand")),
        url=absolute(row.first(*of("link"))),
        item_group_id=row.first(*of("style")),
        colour=capitalised("/".join(colours_of(row, reading))),
        gender=read_gender(gender, row.first("age_group")) or capitalised(gender),
        category=path[-1] if path else "",
        category_path=joined(path),
        price=asked.price,
        list_price=asked.list_price,
        currency=asked.currency,
        in_stock=in_stock and (not sizes or any(count != 0 for count in sizes.values())),
        quantity=_sum(sizes) if quantity is None else quantity,
        images=images_of(row.all(*of("image"), *of("more_images"))),
        article_numbers=article_numbers(row, reading),
        attributes=attributes,
        line=row.line,
    )


def _text(row: Row, columns: Sequence[str]) -> str:
    text = row.first(*columns)
    return "" if is_nothing(text) else text


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
        stated = [part for text in row.all(column) for part in listed(text) if not is_nothing(part)]
        if stated:
            return list(dict.fromkeys(stated))[:_MOST_COLOURS]
    return []


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


def _sizes(row: Row, reading: Reading) -> dict[str, int | None]:
    """The sizes in their order, with how many there are where that is stated. Raises InvalidProduct."""
    sizes = sizes_of(row.all(*reading.columns.of("sizes")))
    columns = size_columns(reading.present)
    if sizes or not columns:
        return sizes
    return sizes_in_columns((name, row.first(name)) for name in row.cells if name in columns)


def _of_sizes(sizes: Mapping[str, int | None]) -> dict[str, str | list[str]]:
    left = [size for size, count in sizes.items() if count != 0]
    sold_out = [size for size in sizes if size not in left]
    if left and sold_out:
        return {"sizes": left, SOLD_OUT_SIZES: sold_out}
    return {"sizes": list(sizes)} if sizes else {}


def _sum(sizes: Mapping[str, int | None]) -> int | None:
    """How many there are of all sizes; None where one is not counted."""
    counts = [count for count in sizes.values() if count is not None]
    return sum(counts) if counts and len(counts) == len(sizes) else None


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
    steps = [] if _NUMBERS.fullmatch(text) or is_nothing(text) else listed(text)
    # A list as programs write it goes from the root down, unless its parts are paths themselves.
    if len(steps) > 1 and not any(">" in step for step in steps):
        return [tuple(steps)]
    return [path for step in steps for path in paths_of(step, is_list=_is_list(column))]


def _is_list(column: str) -> bool:
    return column in ("categories", "kategorien", "collection", "collections")


def article_numbers(row: Row, reading: Reading) -> dict[str, list[str]]:
    """Every SKU, GTIN and MPN that the row states."""
    of = reading.columns.of
    return {
        kind: [_number(text.strip()) for text in row.all(*of(kind)) if not is_rounded(text.strip())]
        for kind in ("sku", "gtin", "mpn")
    }


def _number(text: str) -> str:
    """ "4006381333931.0" is how tables of numbers with gaps save it."""
    return text.removesuffix(".0") if _LONG_NUMBER.fullmatch(text) else text


def _attributes(row: Row, reading: Reading) -> dict[str, str | list[str]]:
    attributes: dict[str, str | list[str]] = {}
    sizes = size_columns(reading.present)
    for name, values in row.cells.items():
        if (
            name
            and name not in READ_BESIDE
            and name not in sizes
            and not is_internal(name)
            and not reading.columns.is_field(name, row.cells)
        ):
            attributes[name] = values[0] if len(values) == 1 else values
    return attributes
