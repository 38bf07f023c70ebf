"""What a dialect is: one kind of export, recognised by its columns, whose rows make products."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from catalog.sources.base import InvalidProduct, Rejected, SourceRow
from catalog.sources.feeds.reading import PriceColumns, Reading, read_prices
from catalog.sources.feeds.rows import Row
from catalog.sources.variants import Style, Variant, products

Columns = frozenset[str]


class Dialect(ABC):
    """One kind of export. A feed is looked through once, with ``key`` for each row, and then read; ``begin``
    comes before each.
    """

    # As reports call it.
    name = ""
    # Columns of fields beside the usual names, and columns that say nothing to a shopper.
    aliases: Mapping[str, tuple[str, ...]] = {}
    unused: frozenset[str] = frozenset()
    # The column that each field of a mapping takes the place of.
    main: Mapping[str, str] = {}
    # Whether the rest of the columns become attributes of products.
    keeps_the_rest = False

    @classmethod
    @abstractmethod
    def recognises(cls, columns: Columns) -> bool:
        """Whether these columns are those of the export."""

    def begin(self) -> None:  # noqa: B027 - most dialects keep nothing between rows
        """A new look at the first row."""

    @abstractmethod
    def key(self, row: Row) -> str:
        """Rows of one key are read together; "" for a row alone."""

    def resolve(self, key: str) -> str:
        """What a key turned out to be once every row was seen."""
        return key

    @abstractmethod
    def read(self, rows: Sequence[Row], reading: Reading) -> Iterator[SourceRow]:
        """The products of rows of one key, in the feed's order. Raises InvalidProduct for all of them."""

    @abstractmethod
    def id_of(self, row: Row) -> str:
        """The id of a row that is refused."""

    def reads(self, column: str) -> bool:
        """Whether this dialect reads a column, or leaves it out on purpose."""
        return column in self.unused or any(column in columns for columns in self.aliases.values())

    def mapped(self, row: Row, mapping: Mapping[str, str]) -> Row:
        """The row with mapped columns in the place of this dialect's own."""
        placed = {
            self.main[name]: row.cells[column]
            for column, name in mapping.items()
            if name in self.main and column in row.cells
        }
        return Row(row.line, {**row.cells, **placed}) if placed else row

    def field_columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of fields beside the usual names; those of "ignore" say nothing to a shopper."""
        return {**self.aliases, "ignore": tuple(self.unused) if self.keeps_the_rest else ()}

    def notes(self) -> Iterable[str]:
        """What a person should know, once all is read."""
        return ()


Offered = tuple[Variant, str]


@dataclass
class Variants:
    """The variants of a style that can be read, the currencies of their prices, and the rows refused."""

    style_id: str
    offered: list[Variant] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    refused: list[Rejected] = field(default_factory=list)

    @classmethod
    def read(cls, rows: Iterable[Row], read: Callable[[Row], Offered], style_id: str) -> Variants:
        """``read`` gives the variant of a row and its currency, or raises InvalidProduct."""
        variants = cls(style_id)
        for row in rows:
            try:
                variant, currency = read(row)
            except InvalidProduct as error:
                variants.refused.append(Rejected(row.line, style_id, str(error)))
                continue
            variants.offered.append(variant)
            if currency:
                variants.currencies.add(currency)
        return variants

    def of(self, style: Style) -> Iterator[SourceRow]:
        """The products of the style, unless every variant was refused."""
        yield from self.refused
        if len(self.currencies) > 1:
            several = ", ".join(sorted(self.currencies))
            yield Rejected(style.line, self.style_id, f"its variants have prices in {several}")
        elif self.offered:
            currency = next(iter(self.currencies), style.currency)
            yield from products(replace(style, currency=currency), self.offered)


def asked_variant(
    row: Row, columns: PriceColumns, reading: Reading, *, options: Mapping[str, str], in_stock: bool,
    quantity: int | None, images: tuple[str, ...] = (), sku: str = "", gtin: str = "", mpn: str = "",
) -> Offered:  # fmt: skip
    """A Variant with the price that the row states, and its currency. Raises InvalidProduct."""
    asked = read_prices(row, columns, reading)
    variant = Variant(
        options=options,
        price=text_of(asked.price),
        list_price=text_of(asked.list_price),
        in_stock=in_stock,
        quantity=quantity,
        images=images,
        sku=sku,
        gtin=gtin,
        mpn=mpn,
    )
    return variant, asked.currency


def text_of(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
