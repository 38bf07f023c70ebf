"""The dashboard's figures as tables, for the page, its charts and the CSV export."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.models import Event
from catalog.models import RunState

Row = Mapping[str, Any]
# A spreadsheet evaluates a cell that begins with one of these as a formula, after characters that it drops;
# some take their full-width and small forms for them, which NFKC maps to these. The last is the minus sign.
_FORMULA_PREFIXES = ("=", "+", "-", "@", "|", "%", "\u2212")


@dataclass(frozen=True)
class Column:
    """A row's ``key``, the heading, and the format: text, day, number, share, ms, query, product, money or
    source.
    """

    key: str
    label: str | Promise
    kind: str = "number"


@dataclass(frozen=True)
class Table:
    """Columns and rows; ``chart`` is "line", "bar" or "" for none, and ``drawn`` names its columns."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    rows: list[Row]
    chart: str = ""
    drawn: tuple[str, ...] = ()
    note: str | Promise = ""

    @property
    def cells(self) -> list[list[tuple[Column, Any]]]:
        return [[(column, row.get(column.key)) for column in self.columns] for row in self.rows]

    def as_csv(self) -> str:
        """CSV with a header line, its cells made safe by ``escape_formula``.

        As spreadsheets of the reader's language expect it: a German one takes 0.5 for a date, and a file with
        commas for one column.
        """
        out, decimal = StringIO(), str(get_format("DECIMAL_SEPARATOR"))
        writer = csv.writer(out, delimiter=";" if decimal == "," else ",")
        writer.writerow([str(column.label) for column in self.columns])
        for row in self.rows:
            writer.writerow([_cell(row.get(column.key), column, decimal) for column in self.columns])
        return out.getvalue()


def _cell(value: Any, column: Column, decimal: str) -> Any:
    """Money by currency as one text, what the page calls a source, and fractions with this ``decimal``."""
    if column.kind == "source":
        return escape_formula(str(Event.Source(value).label))
    if isinstance(value, dict):
        amounts = {currency: amount.replace(".", decimal) for currency, amount in value.items()}
        return escape_formula(money_text(amounts))
    return str(value).replace(".", decimal) if isinstance(value, float) else escape_formula(value)


def money_text(money: Mapping[str, str]) -> str:
    """Amounts by currency, such as "79.90 EUR, 12.00 USD"; "" for none."""
    return ", ".join(f"{amount} {currency}" for currency, amount in money.items())


def escape_formula(value: Any) -> Any:
    """The value, "" for None; an apostrophe before text keeps spreadsheets from evaluating it (CWE-1236)."""
    if isinstance(value, str) and _may_be_formula(value):
        return f"'{value}"
    return "" if value is None else value


def _may_be_formula(text: str) -> bool:
    if text.startswith(("\t", "\r", "\n")):
        return True
    # Spaces, controls and marks without a width, such as a byte order mark or a soft hyphen.
    shown = next((at for at, char in enumerate(text) if unicodedata.category(char)[0] not in "ZC"), len(text))
    return unicodedata.normalize("NFKC", text[shown : shown + 1]).startswith(_FORMULA_PREFIXES)


_QUERY = Column("text", _("Query"), "query")
_PRODUCT = (Column("title", _("Product"), "product"), Column("product_id", _("Id"), "text"))


def _by_day(figures: Row) -> Table:
    columns = (
        Column("day", _("Day"), "day"),
        Column("text", _("Words")),
        Column("hybrid", _("Both")),
        Column("image", _("Picture")),
        Column("browse", _("Browsing")),
        Column("total", _("All")),
        Column("people", _("Signed-in people")),
    )
    rows = figures["searches"]["by_day"]
    return Table("searches", _("Searches by day"), columns, rows, "line", ("text", "hybrid", "image"))


def _latency(figures: Row) -> Table:
    columns = (
        Column("stage", _("Stage"), "text"),
        *(Column(p, p, "ms") for p in ("p50", "p95", "p99")),
    )
    rows: list[Row] = [{"stage": stage, **times} for stage, times in figures["latency_ms"].items()]
    return Table("latency", _("Time by stage"), columns, rows, "bar", ("p50", "p95"), _("In milliseconds."))


def _positions(figures: Row) -> Table:
    columns = (
        Column("position", _("Position")),
        Column("click_through", _("Click-through"), "share"),
        Column("clicks", _("Clicks")),
        Column("shown", _("Answers this long")),
    )
    rows = figures["clicks"]["by_position"]
    return Table("positions", _("Clicks by position"), columns, rows, "bar", ("click_through",))


def _weights(figures: Row) -> Table:
    columns = (Column("weight", _("Fusion weight"), "text"), Column("searches", _("Searches")))
    note = _("0 is words only, 1 is picture only.")
    rows = figures["fusion_weights"]
    return Table("weights", _("Words or picture"), columns, rows, "bar", ("searches",), note)


def _queries(name: str, title: str | Promise) -> Callable[[Row], Table]:
    # The key of the figures names the table, with hyphens as its CSV's URL is a slug.
    columns = (
        _QUERY,
        Column("searches", _("Searches")),
        Column("zero_results", _("Found nothing")),
        Column("low_confidence", _("Barely found")),
        Column("click_through", _("Click-through"), "share"),
    )
    return lambda figures: Table(name.replace("_", "-"), title, columns, figures["queries"][name])


def _clicked(figures: Row) -> Table:
    columns = (*_PRODUCT, Column("clicks", _("Clicks")))
    return Table("products", _("Opened most"), columns, figures["clicks"]["products"])


def _favorites(figures: Row) -> Table:
    columns = (*_PRODUCT, Column("people", _("People")))
    return Table("favorites", _("Kept most"), columns, figures["favorites"]["products"])


def _sales(name: str, key: str, title: str | Promise, *columns: Column) -> Callable[[Row], Table]:
    """One table of figures["sales"][key], with what was bought and for how much."""
    all_columns = (
        *columns,
        Column("baskets", _("Into the basket")),
        Column("purchases", _("Bought")),
        Column("revenue", _("Revenue"), "money"),
    )
    return lambda figures: Table(name, title, all_columns, figures["sales"][key])


def _filters(figures: Row) -> Table:
    columns = (Column("filter", _("Filter"), "text"), Column("searches", _("Searches")))
    return Table("filters", _("Filters used"), columns, figures["filters"])


def _sources(figures: Row) -> Table:
    columns = (
        Column("source", _("Source"), "text"),
        Column("products", _("Products")),
        Column("inactive", _("Inactive")),
        Column("state", _("Last sync"), "text"),
        Column("age_h", _("Hours ago")),
        Column("message", _("Message"), "text"),
    )
    rows: list[Row] = [_with_sync(row, row["last_sync"]) for row in figures["catalogue"]["sources"]]
    return Table("sources", _("Catalogue by source"), columns, rows)


def _with_sync(row: Row, sync: Row | None) -> Row:
    return {**row, **sync, "state": RunState(sync["state"]).label} if sync else row


_TABLES: tuple[Callable[[Row], Table], ...] = (
    _by_day,
    _latency,
    _positions,
    _weights,
    _queries("top", _("Asked most")),
    _queries("zero_results", _("Asked and not found")),
    _queries("low_confidence", _("Barely found")),
    _clicked,
    _favorites,
    _sales(
        "sales-by-query",
        "by_query",
        _("What searches sell"),
        _QUERY,
        Column("searches", _("Searches")),
        Column("conversion", _("Conversion"), "share"),
    ),
    _sales(
        "sales-by-position",
        "by_position",
        _("What positions sell"),
        Column("position", _("Position")),
        Column("clicks", _("Clicks")),
    ),
    _sales(
        "sales-by-source",
        "by_source",
        _("What sells, by where it was shown"),
        Column("source", _("Shown in"), "source"),
        Column("views", _("Views")),
        Column("clicks", _("Clicks")),
    ),
    _filters,
    _sources,
)


def tables(figures: Row) -> Iterable[Table]:
    return [make(figures) for make in _TABLES]


def table(figures: Row, name: str) -> Table:
    """The table with this name. Raises KeyError when there is none."""
    return {one.name: one for one in tables(figures)}[name]
