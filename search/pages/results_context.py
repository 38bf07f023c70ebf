"""The template context of the results page: query picture, active filters, facets, page links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.templatetags.shop import localised, money
from search import images, relaxation
from search.pages.addresses import results_url, write_query
from search.query import MAX_OFFSET, VALUE_FILTERS, Crop, Filters, SearchQuery, Sort
from search.result import FacetValue, SearchResult

FACET_LABELS = {
    "category": gettext_lazy("Category"),
    "colour": gettext_lazy("Colour"),
    "brand": gettext_lazy("Brand"),
    "gender": gettext_lazy("For"),
}
SORTS = [
    (Sort.RELEVANCE, gettext_lazy("Best match")),
    (Sort.NEWEST, pgettext_lazy("sort order", "Newest")),
    (Sort.PRICE, gettext_lazy("Price, low to high")),
    (Sort.PRICE_DESCENDING, gettext_lazy("Price, high to low")),
]
# Choices that stand open in a facet; the others fold behind "12 more".
FIRST_CHOICES = 8


@dataclass(frozen=True)
class QueryPicture:
    """The query picture where a page can show it; ``width`` and ``height`` in pixels."""

    url: str
    width: int
    height: int
    crop: Crop | None = None
    # False for a product's own picture, which no shopper deletes.
    is_upload: bool = False

    @classmethod
    def of(cls, query: SearchQuery, *, now: datetime) -> QueryPicture | None:
        """None without a picture. Raises UnknownImage."""
        if not query.image_id:
            return None
        product = images.product_of(query.image_id)
        if product is None:
            stored = images.find_query_image(query.image_id, now=now)
            return cls(stored.picture.url, stored.width, stored.height, query.crop, is_upload=True)
        cover = product.cover
        return cls(cover.url(640), cover.width, cover.height, query.crop) if cover else None

    @property
    def view_box(self) -> str:
        """The part that counts, as an SVG viewBox in pixels of the picture."""
        crop = self.crop or Crop(0, 0, 1, 1)
        box = (crop.x * self.width, crop.y * self.height, crop.width * self.width, crop.height * self.height)
        return " ".join(f"{side:.1f}" for side in box)


@dataclass(frozen=True)
class ActiveFilter:
    """One filter that is on, and the address without it."""

    field: str
    value: str
    label: str
    url: str


@dataclass(frozen=True)
class Facet:
    """One facet as the rail shows it: a few choices first, the rest folded."""

    field: str
    label: str
    values: tuple[FacetValue, ...]
    is_open: bool

    @property
    def first(self) -> tuple[FacetValue, ...]:
        folded = set(self.rest)
        return tuple(choice for choice in self.values if choice not in folded)

    @property
    def rest(self) -> tuple[FacetValue, ...]:
        return tuple(choice for choice in self.values[FIRST_CHOICES:] if not choice.selected)


@dataclass(frozen=True)
class PageLink:
    """One numbered page, or a gap between two."""

    number: int = 0
    url: str = ""
    is_current: bool = False
    is_gap: bool = False


def context_of(result: SearchResult, *, now: datetime) -> dict[str, Any]:
    """The context of the results templates for one answer."""
    query = result.query
    plain = replace(query, filters=Filters(), offset=0)
    return {
        "result": result,
        "picture": QueryPicture.of(query, now=now),
        "page_title": title(query),
        "active": active_filters(query),
        "relaxed_url": relaxed_url(result),
        "clear_url": results_url(plain),
        "facets": facets(result),
        "pages": page_links(result),
        "shown": min(query.offset + len(result.hits), result.total),
        "sorts": SORTS,
        # The hidden fields of the search bar, and those of the filters' form.
        "carried": _without(query, "text", "weight", "offset"),
        "all_parameters": write_query(query),
        "unfiltered": write_query(replace(plain, sort=Sort.RELEVANCE)),
    }


def title(query: SearchQuery) -> str:
    """The query in a few words, for a tab's title."""
    if query.text and query.has_picture:
        return _("“%(text)s” with a picture") % {"text": query.text}
    if query.text:
        return f"“{query.text}”"
    return _("Found by picture") if query.has_picture else _("For you")


def active_filters(query: SearchQuery) -> list[ActiveFilter]:
    """Every filter that is on, each with the address that takes it off."""
    filters = query.filters
    found = [
        ActiveFilter(
            name, value, localised(value), _narrowed(query, **{name: _but(getattr(filters, name), value)})
        )
        for name in VALUE_FILTERS
        for value in getattr(filters, name)
    ]
    if filters.price_min is not None:
        label = _("from %(price)s") % {"price": money(filters.price_min)}
        found.append(
            ActiveFilter("price_min", str(filters.price_min), label, _narrowed(query, price_min=None))
        )
    if filters.price_max is not None:
        label = _("up to %(price)s") % {"price": money(filters.price_max)}
        found.append(
            ActiveFilter("price_max", str(filters.price_max), label, _narrowed(query, price_max=None))
        )
    if filters.in_stock:
        found.append(ActiveFilter("in_stock", "true", _("In stock"), _narrowed(query, in_stock=False)))
    return found


def relaxed_url(result: SearchResult) -> str:
    """The results without the filter or reading that leaves nothing; "" where they are shown already."""
    narrower = result.relaxed and relaxation.without(result.query, result.relaxed)
    return results_url(narrower) if narrower else ""


def facets(result: SearchResult) -> list[Facet]:
    """The facets in the rail's order; brands stay folded until one is chosen."""
    shown = []
    for name, label in FACET_LABELS.items():
        chosen = {value.casefold() for value in getattr(result.query.filters, name)}
        # A filter that was read from the words is a chip, not a ticked box: a ticked box can be unticked.
        values = tuple(
            replace(each, selected=each.value.casefold() in chosen) for each in getattr(result.facets, name)
        )
        if values:
            shown.append(Facet(name, str(label), values, is_open=name != "brand" or bool(chosen)))
    return shown


def page_links(result: SearchResult) -> list[PageLink]:
    """The first, the last and the pages around this one, with gaps between."""
    query = result.query
    size = query.top_k
    last = max(1, -(-min(result.total, MAX_OFFSET + size) // size))
    current = query.offset // size + 1
    links: list[PageLink] = []
    for number in sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)}):
        if links and number > links[-1].number + 1:
            links.append(PageLink(is_gap=True))
        url = results_url(query, offset=(number - 1) * size)
        links.append(PageLink(number, url, is_current=number == current))
    return links


def _narrowed(query: SearchQuery, **filters: Any) -> str:
    return results_url(query.narrowed(**filters))


def _but(values: Iterable[str], gone: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != gone)


def _without(query: SearchQuery, *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in write_query(query) if name not in names]
