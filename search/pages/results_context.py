"""The template context of the results page: query picture, active filters, facets, page links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.attributes import category_steps
from catalog.templatetags.shop import localised
from search import images, relaxation
from search.pages import next_query
from search.pages.addresses import page_url, results_url, write_query
from search.pages.facets import ActiveFilter, active_filters
from search.pages.picture.looked_at import view
from search.pages.picture.wishes import wishes
from search.pages.places import BrowsingQuery, place_of
from search.query import MAX_OFFSET, Crop, Filters, SearchQuery
from search.result import SearchResult


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
class PageLink:
    """One numbered page, or a gap between two."""

    number: int = 0
    url: str = ""
    is_current: bool = False
    is_gap: bool = False


def context_of(result: SearchResult, *, now: datetime) -> dict[str, Any]:
    """The context of the results templates for one answer."""
    query = result.query
    place = place_of(query)
    anywhere = query.elsewhere() if isinstance(query, BrowsingQuery) else query
    plain = replace(query, filters=Filters(), offset=0)
    return {
        "place": place,
        "action": place.url if place else reverse("results"),
        "result": result,
        "wishes": wishes(result),
        "page_title": title(query),
        "active": active_filters(query),
        "relaxed_url": relaxed_url(result),
        "clear_url": results_url(plain),
        "pages": page_links(result),
        "shown": min(query.offset + len(result.hits), result.total),
        # The hidden fields of the search bar, and those of the filters' form.
        "carried": [pair for pair in write_query(anywhere) if pair[0] not in ("text", "weight", "offset")],
        "all_parameters": write_query(query),
        # The order is chosen in the same form, wherever there is anything to order.
        "unfiltered": write_query(
            replace(plain, sort=place.sort if place else None) if result.hits else plain
        ),
    }


def picture_of(query: SearchQuery, *, find: bool, now: datetime) -> dict[str, Any]:
    """The context of the query picture; its pieces are looked for where ``find``. Raises UnknownImage."""
    picture = QueryPicture.of(query, now=now)
    if picture is None:
        return {"picture": None, "looked_at": None}
    parameters = urlencode(write_query(query))
    return {
        "picture": picture,
        "looked_at": view(
            query, (picture.width, picture.height), is_upload=picture.is_upload, find=find, now=now
        ),
        "pieces_url": f"{reverse('pieces')}?{parameters}",
        "find_url": f"{reverse('results')}?{parameters}&pieces=true",
    }


def title(query: SearchQuery) -> str:
    """The query in a few words, for a tab's title."""
    if place := place_of(query):
        return place.title
    if query.text and query.has_picture:
        return _("“%(text)s” with a picture") % {"text": query.text}
    if query.text:
        return _("“%(text)s”") % {"text": query.text}
    if query.has_picture or query.like:
        return _("Found by picture")
    steps = [localised(category_steps(path)[-1]) for path in query.filters.category if category_steps(path)]
    return ", ".join(steps) or _("All products")


def offers(query: SearchQuery, dropped: Filters) -> list[ActiveFilter]:
    """The filters of the query before, each with the address that takes it up again."""
    found = []
    for name in next_query.names_in_use(dropped):
        kept = next_query.with_filter(query, name, dropped)
        labels = [each.label for each in active_filters(kept) if each.field == name]
        url = next_query.NextQuery(kept, next_query.without(dropped, name)).url
        found.append(ActiveFilter(name, "", ", ".join(labels), url))
    return found


def relaxed_url(result: SearchResult) -> str:
    """The results without the filter or reading that leaves nothing; "" where they are shown already."""
    narrower = result.relaxed and relaxation.without(result.query, result.relaxed)
    if not result.relaxed or not narrower:
        return ""
    place = place_of(narrower)
    # What the place itself fixes can only be let go on another page.
    if isinstance(narrower, BrowsingQuery) and place and getattr(place.filters, result.relaxed.field, None):
        narrower = narrower.elsewhere()
    return results_url(narrower)


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
        url = page_url(query, (number - 1) * size)
        links.append(PageLink(number, url, is_current=number == current))
    return links
