"""The interpretation of a query text."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

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

    def narrow(self, chosen: Filters) -> Filters:
        """Filters for the search: per field what the shopper chose, else what the text states."""
        narrowed = {
            each.name: getattr(chosen, each.name) or getattr(self.filters, each.name)
            for each in fields(chosen)
        }
        # The limits belong together: a chosen minimum with a stated maximum could be an empty range.
        if chosen.price_min is not None or chosen.price_max is not None:
            narrowed |= {"price_min": chosen.price_min, "price_max": chosen.price_max}
        return Filters(**narrowed)
