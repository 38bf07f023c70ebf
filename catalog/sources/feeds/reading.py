"""How the values of one feed are read: its columns, its decimal marks, the shop's currency, the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog.sources.feeds.column_names import COLUMNS
from catalog.sources.feeds.columns import NUMERIC, FeedColumns, is_in_minor_units, usual_columns
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.currencies import currency_of
from catalog.sources.feeds.values.dates import is_on, is_on_interval
from catalog.sources.feeds.values.numbers import Evidence
from catalog.sources.feeds.values.prices import Price, in_major_units, parse_price
from catalog.sources.feeds.visibility import is_no

# Columns of numbers in exports, besides those that a mapping names.
_NUMBER_NAMES = (
    *("price", "preis", "prix", "precio", "prezzo", "prijs", "pris", "preço", "cena", "tarif", "sale"),
    *("msrp", "rrp"),
    *("uvp", "amount", "compare", "cost", "quantity", "qty", "stock", "inventory", "bestand"),
    *("surcharge", "discount"),
)  # fmt: skip
_NUMBER_COLUMNS = frozenset(column for name in NUMERIC for column in COLUMNS[name])
_SAMPLE = 80


@dataclass
class Survey:
    """What one look through a feed tells of its columns: how often each has a value, one of them, and which
    decimal mark its numbers have.
    """

    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    numeric: set[str] = field(default_factory=set)
    _known: dict[str, bool] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.rows += 1
        for name, values in row.cells.items():
            self.filled[name] += 1
            if name not in self.samples:
                self.samples[name] = values[0][:_SAMPLE]
            if self._is_numeric(name):
                self.evidence.setdefault(name, Evidence()).add(values[0])

    def _is_numeric(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            by_name = name in _NUMBER_COLUMNS or any(part in name for part in _NUMBER_NAMES)
            known = self._known[name] = by_name or name in self.numeric
        return known

    def decimal_of(self, column: str) -> str:
        """The decimal mark of a column: its own, else that of the feed's other numbers, "" where unknown."""
        own = self.evidence.get(column)
        if own is not None and own.marks:
            return own.decimal
        marks: Counter[str] = Counter()
        for other in self.evidence.values():
            marks.update(other.marks)
        return next(iter(marks)) if len(marks) == 1 else ""


@dataclass(frozen=True)
class Reading:
    """``currency`` is the ISO code of prices that state none; ``decimal`` overrules the columns."""

    now: datetime
    currency: str
    columns: FeedColumns = field(default_factory=usual_columns)
    survey: Survey = field(default_factory=Survey)
    decimal: str = ""
    media: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    # Every column that the feed has, filled or not.
    present: frozenset[str] = frozenset()
    # Columns that prices or quantities were read from.
    asked_columns: set[str] = field(default_factory=set)
    # How many rows state a price of 0, by column.
    zero_prices: Counter[str] = field(default_factory=Counter)
    _decimals: dict[str, str] = field(default_factory=dict)

    def decimal_of(self, column: str) -> str:
        """The decimal mark of a column, "" where it is not known."""
        self.asked_columns.add(column)
        if column not in self._decimals:
            self._decimals[column] = self.decimal or self.survey.decimal_of(column)
        return self._decimals[column]

    def row_currency(self, row: Row) -> str:
        """What the row's currency column states, "" without one. Raises InvalidProduct."""
        return currency_of(row.first(*self.columns.of("currency")), self.currency)

    def price(self, row: Row, columns: Iterable[str], stated_currency: str = "") -> Price | None:
        """The first of these columns that has a value, as a price. Raises InvalidProduct."""
        for column in columns:
            text = row.first(column)
            if text:
                stated = parse_price(
                    text,
                    decimal=self.decimal_of(column),
                    currency=stated_currency,
                    default=self.currency,
                    column=column,
                )
                is_minor = stated is not None and is_in_minor_units(column)
                return in_major_units(stated, self.currency, column) if stated and is_minor else stated
        return None

    def share(self, row: Row, column: str) -> Decimal | None:
        """A number of percent, with or without its sign. Raises InvalidProduct."""
        stated = parse_price(
            row.first(column).rstrip(" %"),
            decimal=self.decimal_of(column),
            default=self.currency,
            column=column,
        )
        return stated.amount if stated else None


@dataclass(frozen=True)
class PriceColumns:
    """The columns of one kind of export that make up the price."""

    price: tuple[str, ...]
    sale: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    interval: tuple[str, ...] = ()
    # Whether the sale is on at all.
    switch: tuple[str, ...] = ()

    @classmethod
    def of(cls, columns: FeedColumns) -> PriceColumns:
        return cls(
            price=columns.of("price"),
            sale=columns.of("sale_price"),
            before=columns.of("list_price"),
            starts=columns.of("sale_starts"),
            ends=columns.of("sale_ends"),
            interval=columns.of("sale_dates"),
            switch=columns.of("sale_is_on"),
        )


@dataclass(frozen=True)
class Asked:
    """What a shopper pays, the price before a reduction (None without one), and the currency."""

    price: Decimal | None
    list_price: Decimal | None
    currency: str


def read_prices(row: Row, columns: PriceColumns, reading: Reading) -> Asked:
    """The price of a row at ``reading.now``. Raises InvalidProduct.

    A price of 0 is none. So is a sale of nothing, in another currency, or above the price, and one whose
    dates are over.
    """
    stated = reading.row_currency(row) or (
        reading.columns.price_currency if columns.price == reading.columns.of("price") else ""
    )
    price = reading.price(row, columns.price, stated)
    if price is not None and not price.amount:
        reading.zero_prices[next(name for name in columns.price if row.first(name))] += 1
    sale = reading.price(row, columns.sale)
    before = reading.price(row, columns.before)
    currency = (price.currency if price else "") or stated or reading.currency
    if price is None and sale is not None:
        currency = sale.currency or currency
    amount = (price.amount or None) if price else None
    list_price = before.amount if before and (before.currency or currency) == currency else None
    if (
        sale is not None
        and sale.amount > 0
        and (sale.currency or currency) == currency
        and (amount is None or sale.amount < amount)
        and _sale_is_on(row, columns, reading.now)
    ):
        amount, list_price = sale.amount, amount if amount is not None else list_price
    if list_price is not None and (amount is None or list_price <= amount):
        list_price = None
    return Asked(amount, list_price, currency if amount is not None else "")


def _sale_is_on(row: Row, columns: PriceColumns, now: datetime) -> bool:
    if is_no(row.first(*columns.switch)):
        return False
    interval = row.first(*columns.interval)
    if interval:
        return is_on_interval(interval, now)
    return is_on(row.first(*columns.starts), row.first(*columns.ends), now)


def numeric_columns(mapping: Mapping[str, str]) -> set[str]:
    """Columns whose numbers count, though their names do not show it."""
    return {column for column, name in mapping.items() if name in NUMERIC}
