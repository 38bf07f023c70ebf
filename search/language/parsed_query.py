"""The interpretation of a query text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from catalog.attributes import attribute_name
from search.query import Chip, Filters


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
