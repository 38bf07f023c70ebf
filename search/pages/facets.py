"""The filters of a results page: the facets in its rail, and the filters that are on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.attributes import category_steps
from catalog.templatetags.shop import localised, price_bound
from search.labels import SWITCH_LABELS, attribute_label, value_label
from search.pages.addresses import results_url
from search.pages.places import Place, place_of
from search.query import SWITCHES, VALUE_FILTERS, Filters, SearchQuery
from search.result import FacetValue, SearchResult

FACET_LABELS = {
    "category": gettext_lazy("Category"),
    "size": gettext_lazy("Size"),
    "colour": gettext_lazy("Colour"),
    "brand": gettext_lazy("Brand"),
    "gender": gettext_lazy("For"),
    "material": gettext_lazy("Material"),
    "pattern": gettext_lazy("Pattern"),
}
# Choices that stand open in a facet; the others fold behind "12 more".
FIRST_CHOICES = 8
# No more than these are worth a tap to unfold.
FEWEST_FOLDED = 2
# The facets that stand open; the others fold until one of their values is chosen.
OPEN = {"category", "size", "colour", "gender"}

_LETTER_SIZE = re.compile(r"(?:(?P<times>[1-9])x|(?P<repeated>x*))(?P<letter>[sml])")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?")


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what the form sends, and what the shopper reads. ``depth`` indents a step of the
    category tree.
    """

    value: str
    label: str
    count: int
    selected: bool
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """One facet as the rail shows it: a few choices first, the rest folded. ``field`` is the filter's name,
    ``key`` that of the facet, since every attribute is a facet of one filter.
    """

    key: str
    field: str
    label: str
    values: tuple[Choice, ...]
    is_open: bool

    @property
    def first(self) -> tuple[Choice, ...]:
        folded = set(self.rest)
        return tuple(choice for choice in self.values if choice not in folded)

    @property
    def rest(self) -> tuple[Choice, ...]:
        if len(self.values) <= FIRST_CHOICES + FEWEST_FOLDED:
            return ()
        return tuple(choice for choice in self.values[FIRST_CHOICES:] if not choice.selected)


@dataclass(frozen=True)
class Switch:
    """A filter that is on or off, and how many results it would leave."""

    field: str
    label: str
    count: int
    selected: bool

    @property
    def key(self) -> str:
        return self.field.replace("_", "-")


@dataclass(frozen=True)
class ActiveFilter:
    """One filter that is on, and the address without it."""

    field: str
    value: str
    label: str
    url: str


def facets(result: SearchResult) -> list[Facet]:
    """The facets in the rail's order. One value that all results share is no choice."""
    return [facet for facet in _facets(result) if len(facet.values) > 1 or facet.is_open]


def _facets(result: SearchResult) -> Iterator[Facet]:
    # A filter that was read from the words is a chip, not a ticked box: a ticked box can be unticked.
    chosen, place = result.query.filters, place_of(result.query)
    for name, heading in FACET_LABELS.items():
        if place and place.fixes(name):
            continue
        shown = _categories(result, place) if name == "category" else getattr(result.facets, name)
        values = tuple(_choice(name, each, chosen=bool(getattr(chosen, name))) for each in shown)
        if name == "category" and values:
            least = min(choice.depth for choice in values)
            values = tuple(replace(choice, depth=choice.depth - least) for choice in values)
        if name == "size":
            values = tuple(sorted(values, key=_size_order))
        if values:
            is_open = name in OPEN or bool(getattr(chosen, name))
            yield Facet(name, name, str(heading), values, is_open)
    attributes = chosen.attributes()
    for facet in result.facets.attributes:
        is_chosen = facet.name in attributes
        values = tuple(
            Choice(
                f"{facet.name}:{each.value}", localised(each.value), each.count, is_chosen and each.selected
            )
            for each in facet.values
        )
        key = f"attribute-{slugify(facet.name, allow_unicode=True)}"
        yield Facet(key, "attribute", attribute_label(facet.name), values, is_chosen)


def _categories(result: SearchResult, place: Place | None) -> Sequence[FacetValue]:
    """The category tree; at a place, the part of it that lies below."""
    return [each for each in result.facets.category_tree if place is None or place.holds(each.value)]


def _choice(name: str, each: FacetValue, *, chosen: bool) -> Choice:
    depth = len(category_steps(each.value)) - 1 if name == "category" else 0
    return Choice(each.value, value_label(name, each.value), each.count, chosen and each.selected, depth)


def _size_order(choice: Choice) -> tuple[int, float, str]:
    """XS to 3XL, then numbers, then names such as "One size"."""
    size = choice.value.casefold().strip()
    if letter := _LETTER_SIZE.fullmatch(size):
        steps = int(letter["times"] or len(letter["repeated"])) + 1
        return 0, {"s": -steps, "m": 0, "l": steps}[letter["letter"]], size
    if number := _NUMBER.match(size):
        return 1, float(number[0].replace(",", ".")), size
    return 2, 0.0, size


def switches(result: SearchResult) -> list[Switch]:
    """In stock, and on sale where the shop reduces prices."""
    filters, place = result.query.filters, place_of(result.query)
    found = [
        Switch(name, str(heading), getattr(result.facets, name), getattr(filters, name))
        for name, heading in SWITCH_LABELS.items()
        if not (place and place.fixes(name))
    ]
    return [each for each in found if each.count or each.selected or each.field == "in_stock"]


def active_filters(query: SearchQuery) -> list[ActiveFilter]:
    """Every filter that is on, each with the address that takes it off."""
    return list(_active(query))


def _active(query: SearchQuery) -> Iterator[ActiveFilter]:
    filters, place = query.filters, place_of(query)
    own = place.filters if place else Filters()
    for name in VALUE_FILTERS:
        values = getattr(filters, name)
        for value in () if values == getattr(own, name) else values:
            others = tuple(other for other in values if other != value)
            yield ActiveFilter(name, value, _active_label(name, value), _narrowed(query, **{name: others}))
    for name, text in (("price_min", _("from %(price)s")), ("price_max", _("up to %(price)s"))):
        if (price := getattr(filters, name)) is not None:
            label_ = text % {"price": price_bound(price)}
            yield ActiveFilter(name, str(price), label_, _narrowed(query, **{name: None}))
    for name in SWITCHES:
        if getattr(filters, name) > getattr(own, name):
            yield ActiveFilter(name, "true", str(SWITCH_LABELS[name]), _narrowed(query, **{name: False}))


def _active_label(name: str, value: str) -> str:
    if name == "size":
        return _("Size %(size)s") % {"size": value}
    return value_label(name, value)


def _narrowed(query: SearchQuery, **filters: Any) -> str:
    return results_url(query.narrowed(**filters))
