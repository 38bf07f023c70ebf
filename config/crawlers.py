"""What search engines read: robots.txt, and a sitemap of the pages worth finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.models import Product, ProductQuerySet
from search.browsing.sections import Section, brands, categories
from search.browsing.tiles import has_sale

# Searches are endless and belong to shoppers; the API and the staff's pages are for nobody's index.
DISALLOWED = (
    "/results",
    "/api/",
    "/admin/",
    "/auth/",
    "/favorites",
    "/alerts",
    "/recently-viewed",
    "/media/queries/",
)
KEPT_SECONDS = 3600
# Addresses in one file of the sitemap, of 50,000 that the protocol allows: a file is made in a request, and
# each thousand takes a thread about 60 milliseconds.
FILE_LIMIT = 2_000


class PageSitemap(Sitemap):  # type: ignore[type-arg] # not subscriptable at run time
    """The pages that are always there."""

    def items(self) -> list[str]:
        return ["home", "new-in", *(["on-sale"] if has_sale() else [])]

    def location(self, item: str) -> str:
        return reverse(item)


class ProductSitemap(Sitemap):  # type: ignore[type-arg]
    """Every active product; Django splits the map where a file would pass its limit."""

    limit = FILE_LIMIT

    def items(self) -> ProductQuerySet:
        return Product.objects.active().only("product_id", "updated_at").order_by("pk")

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        # Django reads every product for it.
        return Product.objects.active().generation()


class SectionSitemap(Sitemap):  # type: ignore[type-arg]
    """Every category and brand that has products."""

    limit = FILE_LIMIT

    def items(self) -> list[Section]:
        return [*categories().sections, *brands().sections]

    def location(self, item: Section) -> str:
        return item.url


SITEMAPS = {"pages": PageSitemap, "sections": SectionSitemap, "products": ProductSitemap}


def kept_publicly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for reading alone, whose answers whoever asked may keep for an hour."""
    return require_safe(cache_control(public=True, max_age=KEPT_SECONDS)(view))


@kept_publicly
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
