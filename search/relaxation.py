"""Query relaxation: which one filter or reading to let go when a query leaves nothing, and how to say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from search.query import Chip, Filters, SearchQuery
from search.result import Relaxed

# What a shopper gives up most easily comes first; what is not named here comes before all of these.
_ORDER = ("price_min", "price_max", "in_stock", "brand", "gender", "colour", "category", "kind")
# Exclusions stand: what was named as unwanted is never shown. A translation lets nothing go.
_KEPT = frozenset({"exclude", "word"})


@dataclass(frozen=True)
class Alternative:
    """The query without one of its filters or readings."""

    query: SearchQuery
    field: str
    value: str

    def text(self, count: int) -> str:
        """What is left, in words: "3 without colour Red"."""
        return _("%(count)d without %(what)s") % {"count": count, "what": _described(self.field, self.value)}


def without_readings(query: SearchQuery, chips: Sequence[Chip]) -> Iterator[Alternative]:
    """The query with one reading of its words taken back, in the order to try."""
    for chip in sorted(chips, key=lambda chip: _place(chip.field)):
        if chip.field not in _KEPT:
            ignored = (*query.ignore, f"{chip.field}:{chip.value}")
            yield Alternative(replace(query, ignore=ignored), chip.field, chip.value)


def without_filters(query: SearchQuery) -> Iterator[Alternative]:
    """The query with one chosen filter taken off, in the order to try."""
    chosen = query.filters.in_use()
    for name in sorted(chosen, key=_place):
        value = chosen[name]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield Alternative(query.narrowed(**{name: _usual(name)}), name, shown)


def without(query: SearchQuery, relaxed: Relaxed) -> SearchQuery | None:
    """The query without what was let go, for a link; None where the query is without it already."""
    for each in without_filters(query):
        if each.field == relaxed.field:
            return each.query
    ignored = f"{relaxed.field}:{relaxed.value}"
    if any(ignored == each for each in query.ignore):
        return None
    return replace(query, ignore=(*query.ignore, ignored), offset=0)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else -1


def _usual(name: str) -> Any:
    """The value of a filter that is not set."""
    return next(
        each.default if each.default is not MISSING else each.default_factory()  # type: ignore[misc]
        for each in fields(Filters)
        if each.name == name
    )


def _described(name: str, value: str) -> str:
    if name == "in_stock":
        return _("“in stock”")
    known = {
        "price_min": _("a price from %(value)s"),
        "price_max": _("a price up to %(value)s"),
        "brand": _("brand %(value)s"),
        "gender": _("for %(value)s"),
        "colour": _("colour %(value)s"),
        "category": _("category %(value)s"),
        "kind": _("kind %(value)s"),
        "size": _("size %(value)s"),
        "material": _("material %(value)s"),
        "pattern": _("pattern %(value)s"),
    }
    return known.get(name, "%(value)s") % {"value": value}
