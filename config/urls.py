"""The URLs of the site: pages, API, admin, probes and media."""

from django.contrib import admin
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path

from config.api.about_views import DocsView, ProblemsView, SchemaView
from config.crawlers import SITEMAPS, kept_publicly, robots
from config.http.media import media
from config.http.observability import metrics

api_v1: list[URLPattern | URLResolver] = [
    path("", include("search.api.urls")),
    path("", include("catalog.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("analytics.api.urls")),
    path("problems", ProblemsView.as_view(), name="api-problems"),
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(url_name="schema"), name="api-docs"),
]


def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that link no icon, such as the admin's: browsers then request /favicon.ico."""
    return redirect(static("img/favicon.svg"))


urlpatterns = [
    path("favicon.ico", favicon),
    path("robots.txt", robots),
    path("sitemap.xml", kept_publicly(sitemap_index), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        kept_publicly(sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("", include("search.pages.urls")),
    path("", include("catalog.urls")),
    path("", include("accounts.pages.urls")),
    path("", include("analytics.dashboard.urls")),
    path("", include("analytics.events.urls")),
    path("", include("analytics.sessions.urls")),
    path("", include("config.health")),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_v1)),
    path("", include("search.agents.urls")),
    re_path(r"^media/(?P<path>.*)$", media, name="media"),
]

handler400 = "config.http.errors.bad_request"
handler403 = "config.http.errors.forbidden"
handler404 = "config.http.errors.not_found"
handler500 = "config.http.errors.server_error"
