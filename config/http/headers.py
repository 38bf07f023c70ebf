"""Security headers on every answer, errors and static files included, whatever produced it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# No page needs a device but the camera, for a photo of what one is looking for.
PERMISSIONS = "camera=(self), " + ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
# Answers that are no documents need nothing at all, should a browser ever show one as a page.
NO_DOCUMENT = (
    "default-src 'none'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# Django's admin sets a few styles inline; its scripts are files, and stay under the strict rule.
ADMIN_STYLES = ["'self'", "'unsafe-inline'"]


class HeadersMiddleware:
    """The outermost of ours, so that it also dresses what inner middleware refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in headers_for(request, response).items():
            response.headers.setdefault(name, value)
        return response


class ContentPolicyMiddleware:
    """Inside django-csp's middleware, which prints the policy: what differs from the site's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_stock_admin(request):
            response._csp_replace = {"style-src": ADMIN_STYLES}  # type: ignore[attr-defined]
        return response


def is_stock_admin(request: HttpRequest) -> bool:
    """Django's admin, but not the dashboard, which is ours and needs no exception."""
    return request.path.startswith("/admin/") and not request.path.startswith("/admin/dashboard")


def headers_for(request: HttpRequest, response: HttpResponse) -> dict[str, str]:
    """The headers that are missing when a view or middleware has not set its own."""
    headers = {
        "Permissions-Policy": PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        # Product pictures are there to be shown, also by the web apps of other origins.
        "Cross-Origin-Resource-Policy": "cross-origin"
        if request.path.startswith("/media/")
        else "same-origin",
    }
    if request.path.startswith("/api/"):
        # Most answers depend on who asks, by cookie or header: no cache between may hand them to another.
        headers["Cache-Control"] = "no-store"
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        headers["Content-Security-Policy"] = NO_DOCUMENT
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        headers["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return headers
