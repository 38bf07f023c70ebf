"""What a report tells of a feed besides its counts: how it was read, and what in it nobody read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.attributes import is_known
from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.columns import is_internal, looks_like
from catalog.sources.feeds.dialects.base import Dialect
from catalog.sources.feeds.formats.feed_file import FeedFile
from catalog.sources.feeds.mapping import READ_BESIDE, is_rounded
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.values.lists import size_columns
from catalog.sources.feeds.values.prices import parse_price

_NAMED = 30
# Names by column_name, and as they are written.
Columns = Mapping[str, str]


def review(file: FeedFile, columns: Columns, dialect: Dialect, reading: Reading) -> Iterator[str]:
    """Sentences for a person, the most important first. ``columns`` are the feed's, as they are written."""
    yield from _undecided(reading, columns)
    yield from _rounded(reading, columns)
    yield from _only_before(reading, columns, dialect)
    yield from _zero(reading, columns)
    yield from _unmapped(reading)
    yield from dialect.notes()
    yield from _unread(columns, dialect, reading)
    if file.guessed:
        yield f"The text was taken for {file.guessed}; --encoding says another one."
    rows = reading.survey.rows
    yield f"Read as: {dialect.name}, {rows:,} {'row' if rows == 1 else 'rows'}."


def _unmapped(reading: Reading) -> Iterator[str]:
    """A mapping of a column that is not there has no effect, for a typing error perhaps."""
    missing = [column for column in reading.mapping if column not in reading.present]
    if missing:
        yield f"The feed has no column {', '.join(missing)}, which a mapping (--map) names."


def _undecided(reading: Reading, columns: Columns) -> Iterator[str]:
    for column, evidence in reading.survey.evidence.items():
        is_asked = column in reading.asked_columns and not reading.decimal_of(column)
        if evidence.undecided and is_asked and not _is_price(evidence.example, reading):
            example = evidence.example
            yield (
                f"Column {columns.get(column, column)}: {evidence.undecided:,} values such as "
                f"{example!r} can be read in two ways, and nothing in the feed decides; their rows are "
                "rejected. Say with --decimal . or --decimal , which mark begins the decimals."
            )


def _only_before(reading: Reading, columns: Columns, dialect: Dialect) -> Iterator[str]:
    """Where a feed has a price before a reduction alone, it may be what its products cost."""
    of = reading.columns.of
    before = [column for column in of("list_price") if reading.survey.filled[column]]
    if dialect.keeps_the_rest and before and not (of("price") or of("sale_price")):
        name = columns.get(before[0], before[0])
        yield (
            f"No column holds a price, and {name} is read as the price before a reduction; if that is what "
            f"products cost, --map {name!r}=price says so."
        )


def _zero(reading: Reading, columns: Columns) -> Iterator[str]:
    for column, count in reading.zero_prices.items():
        rows = "1 row states" if count == 1 else f"{count:,} rows state"
        yield (
            f"Column {columns.get(column, column)}: {rows} a price of 0, which counts as none: a product "
            "is shown without a price, unless a sale or another of its variants has one."
        )


def _is_price(example: str, reading: Reading) -> bool:
    """Whether its currency decides what no mark does: 12,800 yen have no fraction."""
    try:
        parse_price(example, currency=reading.columns.price_currency, default=reading.currency)
    except InvalidProduct:
        return False
    return True


def _rounded(reading: Reading, columns: Columns) -> Iterator[str]:
    for column in (*reading.columns.of("gtin"), *reading.columns.of("mpn")):
        sample = reading.survey.samples.get(column, "").strip()
        if is_rounded(sample):
            yield (
                f"Column {columns.get(column, column)}: numbers such as {sample} lost their digits in a "
                "spreadsheet and are left out; export the column as text."
            )


def _unread(columns: Columns, dialect: Dialect, reading: Reading) -> Iterator[str]:
    unread = [name for name in columns if name and not _is_read(name, dialect, reading)]
    for kind in ("price", "picture"):
        alike = [name for name in unread if looks_like(name, reading.survey.samples.get(name, "")) == kind]
        if alike:
            named = _list(columns, alike)
            field = "price" if kind == "price" else "image"
            yield (
                f"Nobody read {named}, which {'looks' if len(alike) == 1 else 'look'} like a {kind}; "
                f"--map {columns[alike[0]]!r}={field} reads it."
            )
    filled = [name for name in unread if reading.survey.filled[name] and not is_internal(name)]
    if internal := [name for name in unread if is_internal(name)]:
        yield f"Columns that are not for shoppers, which nobody is shown: {_list(columns, internal)}."
    if filled:
        became = "They became attributes." if dialect.keeps_the_rest else "They were left out."
        yield f"Columns that are no field: {_list(columns, filled)}. {became}"


def _is_read(name: str, dialect: Dialect, reading: Reading) -> bool:
    if name in reading.columns.mapped or dialect.reads(name) or name in READ_BESIDE:
        return True
    if name in size_columns(reading.present):
        return True
    return dialect.keeps_the_rest and (reading.columns.holds_field(name) or is_known(name))


def _list(columns: Columns, names: list[str]) -> str:
    shown = ", ".join(columns[name] for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown
