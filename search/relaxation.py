"""Query relaxation: which filter or readings to let go when a query leaves nothing, and how to say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog.templatetags.shop import price_bound
from search.candidates.generator import CAP, CLOSE
from search.labels import value_label
from search.language.parsed_query import ORDER
from search.language.parser import IGNORE_ALL
from search.query import Chip, Filters, SearchQuery, Sort
from search.result import Relaxed, SearchResult

# What a shopper gives up most easily comes first; what is not named here comes before all of these.
_ORDER = ("price_min", "price_max", "in_stock", "brand", "gender", "colour", "category", "kind")
# Exclusions stand: what was named as unwanted is never shown. A translation and an order let nothing go.
_KEPT = frozenset({"exclude", "word", ORDER})


@dataclass(frozen=True)
class Alternative:
    """The query without one of its filters or readings, or without ``others`` besides."""

    query: SearchQuery
    field: str
    value: str
    others: tuple[Chip, ...] = ()

    @property
    def is_of_a_sale(self) -> bool:
        """Whether a shopper was looking around among what is reduced, and for nothing else."""
        return self.field == "on_sale" and self.query.browse and not self.query.text

    @property
    def looser(self) -> SearchQuery:
        """The query for the looser matches: in the order asked for, without a sale the newest."""
        order = Sort.NEWEST if self.is_of_a_sale else self.query.sort
        return replace(self.query, offset=0, top_k=CLOSE, sort=order)

    def text(self, count: int) -> str:
        """What is left, in words: "3 without colour Red"; of a shop's sale, what stands there instead."""
        if self.is_of_a_sale:
            return _("Nothing here is reduced at the moment. This is what is new.")
        others = [_described(chip.field, chip.value) for chip in self.others]
        what = ", ".join([_described(self.field, self.value), *others])
        return _("%(count)s without %(what)s") % {"count": shown_count(count), "what": what}


Search = Callable[[SearchQuery], SearchResult]


def without_readings(query: SearchQuery, chips: Sequence[Chip]) -> Iterator[Alternative]:
    """The query with one reading of its words taken back, in the order to try."""
    for chip in _yielding(chips):
        yield Alternative(_ignoring(query, [chip]), chip.field, chip.value)


def without_several_readings(query: SearchQuery, chips: Sequence[Chip]) -> Iterator[Alternative]:
    """The query with the first two readings to let go taken back, with three, and so on to all of them."""
    yielding = _yielding(chips)
    for count in range(2, len(yielding) + 1):
        first, *others = yielding[:count]
        yield Alternative(_ignoring(query, [first, *others]), first.field, first.value, tuple(others))


def _yielding(chips: Sequence[Chip]) -> list[Chip]:
    """The readings that may be let go, in that order."""
    return sorted((chip for chip in chips if chip.field not in _KEPT), key=lambda chip: _place(chip.field))


def _ignoring(query: SearchQuery, chips: Sequence[Chip]) -> SearchQuery:
    return replace(query, ignore=(*query.ignore, *(f"{chip.field}:{chip.value}" for chip in chips)))


def without_filters(query: SearchQuery) -> Iterator[Alternative]:
    """The query with one chosen filter taken off, in the order to try."""
    chosen, unfiltered = query.filters.in_use(), Filters()
    # Who looks around among what is reduced gives that up last.
    looks_around = query.browse and not query.text
    for name in sorted(chosen, key=lambda name: (looks_around and name == "on_sale", _place(name))):
        value = chosen[name]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield Alternative(query.narrowed(**{name: getattr(unfiltered, name)}), name, shown)


def without(query: SearchQuery, relaxed: Relaxed) -> SearchQuery | None:
    """The query without what was let go, for a link; None where the query is without it already."""
    for each in without_filters(query):
        if each.field == relaxed.field:
            return each.query
    ignored = f"{relaxed.field}:{relaxed.value}"
    if any(ignored == each for each in query.ignore):
        return None
    return replace(query, ignore=(*query.ignore, ignored), offset=0)


def with_reading_let_go(
    result: SearchResult, chips: Sequence[Chip], search: Search, has_answer: Callable[[SearchQuery], bool]
) -> SearchResult:
    """The answer without one of the readings (``chips``), or else several, which leave nothing to answer.

    They are let go in the answer itself, as the words may have been misread. Chosen filters have no part in
    the decision: under each of them the same reading is let go, so that a facet's count is the total of
    choosing its value. ``search`` answers a query, ``has_answer`` says whether it leaves anything.
    """
    query = result.query
    plain = replace(query, filters=Filters(), offset=0)
    looser = (*without_readings(plain, chips), *without_several_readings(plain, chips))
    let_go = next((each for each in looser if has_answer(each.query)), None)
    if let_go is None:
        # Taken literally the words would no longer say what is unwanted.
        is_bound = any(chip.field == "exclude" for chip in chips)
        return result if is_bound else search(replace(query, ignore=(*query.ignore, IGNORE_ALL)))
    relaxed = search(replace(query, ignore=let_go.query.ignore))
    return replace(relaxed, relaxed=Relaxed(let_go.text(relaxed.total), let_go.field, let_go.value))


def with_filter_let_go(result: SearchResult, search: Search) -> SearchResult:
    """An empty answer with what is left without one chosen filter or reading as looser matches.

    What the shopper chose holds for the answer itself. ``search`` answers a query.
    """
    query = result.query
    if not query.filters.in_use():
        return result
    for each in (*without_filters(query), *without_readings(query, result.chips)):
        found = search(each.looser)
        if found.total:
            text = each.text(found.total)
            relaxed = Relaxed(text, each.field, each.value, is_of_a_sale=each.is_of_a_sale)
            return replace(result, close=found.hits, close_id=found.query_id, relaxed=relaxed)
    return result


def without_sizes(result: SearchResult, sizes: Sequence[str]) -> SearchResult:
    """An answer that says of the sizes in its words that nothing here has them, unless it says of something
    else that it was let go.
    """
    if not sizes or not result.total or result.relaxed is not None:
        return result
    first, *others = sizes
    let_go = Alternative(result.query, "size", first, tuple(Chip("size", each, "") for each in others))
    return replace(result, relaxed=Relaxed(let_go.text(result.total), let_go.field, let_go.value))


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else -1


def shown_count(count: int) -> str:
    """A number of products for people, "1,000+" where counting ended there."""
    # Nothing is grouped below a thousand, and a page has a hundred such numbers.
    number = str(count) if count < 1000 else number_format(count, use_l10n=True, force_grouping=True)
    return f"{number}+" if count >= CAP else number


def shown_value(name: str, value: str) -> str:
    """A filter's values in the reader's language, joined as they are in ``value``."""
    return ", ".join(value_label(name, part) for part in value.split(", "))


def _described(name: str, value: str) -> str:
    if name == "in_stock":
        return _("“in stock”")
    if name == "on_sale":
        return _("“on sale”")
    value = price_bound(value) if name.startswith("price_") else shown_value(name, value)
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
