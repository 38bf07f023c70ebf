"""The interpretation of a query text, and what collects it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from catalog.attributes import attribute_name
from search.query import Chip, Filters, Sort

# The field of a chip that says in which order the answer stands.
ORDER = "sort"


@dataclass(frozen=True)
class ParsedQuery:
    """``text`` is what remains for the encoder and the lexical index; "" in a filter-only query."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    # Values whose products are excluded.
    excluded: Filters = field(default_factory=Filters)
    # Other unwanted things: products that name them are excluded, and similar ones score lower.
    unwanted: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    # The order that the words ask for: RELEVANCE for one that was taken back, None where they ask for none.
    sort: Sort | None = None

    @property
    def is_order_alone(self) -> bool:
        """Whether no word is left beside those that ask for an order or became filters."""
        return self.sort is not None and not self.text

    def without_order(self) -> ParsedQuery:
        """The same interpretation in no order of its own, and without its chip."""
        return replace(self, sort=None, chips=tuple(chip for chip in self.chips if chip.field != ORDER))

    def without(self, name: str) -> ParsedQuery:
        """The same interpretation with no filter on this field, and without its chips."""
        nothing: dict[str, Any] = {name: ()}
        return replace(
            self,
            filters=replace(self.filters, **nothing),
            chips=tuple(chip for chip in self.chips if chip.field != name),
        )

    def beside(self, chosen: Filters) -> ParsedQuery:
        """The same interpretation without what the shopper's own filters override, and without its chips."""
        return replace(
            self,
            filters=self.filters.beside(chosen),
            chips=tuple(chip for chip in self.chips if not _is_overridden(chip, chosen)),
        )

    def narrow(self, chosen: Filters) -> Filters:
        """Filters for the search: per field what the shopper chose, else what the text states."""
        return chosen.joined(self.filters.beside(chosen))


def _is_overridden(chip: Chip, chosen: Filters) -> bool:
    if chip.field in ("price_min", "price_max"):
        return chosen.price_min is not None or chosen.price_max is not None
    if chip.field == "attribute":
        return attribute_name(chip.value.partition(":")[0]) in chosen.attributes()
    return bool(getattr(chosen, chip.field, ()))


class Readings:
    """What is read of a text step by step; a step blanks the words it consumed, so that offsets stay valid.

    ``ignore`` names readings that the shopper took back, as "field:value".
    """

    def __init__(self, text: str, ignore: Sequence[str]) -> None:
        self._original = self._text = text
        self._ignored = {entry.casefold() for entry in ignore}
        self._limits: dict[str, Decimal] = {}
        self._values: dict[str, Any] = {}
        self._excluded: dict[str, Any] = {}
        self._chips: list[Chip] = []

    def _add_chip(self, name: str, value: str, start: int, end: int) -> bool:
        """Add a chip for these words of the text; False if the shopper removed it."""
        if self._is_ignored(name, value):
            return False
        self._chips.append(Chip(name, value, self._original[start:end].strip()))
        return True

    def _is_ignored(self, name: str, value: str) -> bool:
        return f"{name}:{value}".casefold() in self._ignored

    def _blank(self, start: int, end: int) -> None:
        self._text = self._text[:start] + " " * (end - start) + self._text[end:]


def add_values(held: dict[str, Any], field: str, values: Sequence[str]) -> None:
    """Add values to those of a field, each once."""
    held[field] = tuple(dict.fromkeys([*held.get(field, ()), *values]))
