"""Tags of the pages to browse: categories with pictures, breadcrumbs, addresses for search engines."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.attributes import category_steps
from catalog.models import Product
from search.browsing.sections import Section, brands, categories
from search.pages.addresses import results_url, write_query
from search.pages.places import Place
from search.query import SearchQuery
from search.result import SearchResult
from search.templatetags.parts import part
from search.templatetags.search_pages import total_label

register = template.Library()


@register.simple_tag
def recently_viewed() -> SafeString:
    """The row that a script fills with what the browser kept."""
    return part("search/_recently_viewed.html", has_sessions=bool(settings.SESSION_MINUTES))


@register.simple_tag
def sections_of(product: Product) -> list[Section]:
    """The categories that lead to a product."""
    steps = category_steps(product.category_path, product.category)
    return categories().above(steps) if steps else []


@register.simple_tag
def brand_url(product: Product) -> str:
    """The page of a product's brand; "" while there is none."""
    section = brands().of((product.brand,))
    return section.url if section else ""


@register.simple_tag
def canonical_url(query: SearchQuery) -> str:
    """The address for search engines: each page has its own, filters and orders have that of the place."""
    place = getattr(query, "place", None)
    pages = [f"?offset={query.offset}"] if query.offset and not is_chosen_from(place, query) else []
    return "".join([place.url if place else results_url(query), *pages])


@register.filter
def is_chosen_from(place: Place | None, query: SearchQuery) -> bool:
    """Whether the query is more than the place itself: filtered, or in another order."""
    return place is not None and any(name != "offset" for name, _value in write_query(query))


@register.simple_tag
def place_description(place: Place, result: SearchResult) -> str:
    return _("%(place)s: %(pieces)s to filter, sort and search with words and a picture.") % {
        "place": place.title,
        "pieces": total_label(result),
    }
