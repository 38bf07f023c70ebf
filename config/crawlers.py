"""What search engines read: robots.txt, and a sitemap of the pages worth finding."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from catalog.models import Product, ProductQuerySet

# Searches are endless and belong to shoppers; the API and the staff's pages are for nobody's index.
DISALLOWED = ("/results", "/api/", "/admin/", "/auth/", "/favorites", "/media/queries/")
KEPT_SECONDS = 3600


class _SiteUrlSitemap(Sitemap):  # type: ignore[type-arg] # not subscriptable at run time
    """Addresses that begin with SITE_URL, where it is set: several hosts may serve one shop."""

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc if settings.SITE_URL else super().get_domain(site)

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme if settings.SITE_URL else super().get_protocol(protocol)


class PageSitemap(_SiteUrlSitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return ["home"]

    def location(self, item: str) -> str:
        return reverse(item)


class ProductSitemap(_SiteUrlSitemap):
    """Every active product; Django splits the map where a file would pass its limit."""

    # The most that the sitemap protocol allows in one file.
    limit = 50_000

    def items(self) -> ProductQuerySet:
        return Product.objects.active().only("product_id", "updated_at").order_by("pk")

    def lastmod(self, item: Product) -> datetime:
        return item.updated_at


SITEMAPS: dict[str, type[_SiteUrlSitemap]] = {"pages": PageSitemap, "products": ProductSitemap}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED)]
    site = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    lines.append(f"Sitemap: {site}{reverse('sitemap')}")
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response
