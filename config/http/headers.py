"""Security headers on every response, errors and static files included."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from config.http.clients import is_api

# Pages use one device feature: the camera, for a photo to search with.
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
# For responses that are not HTML: a browser that shows one as a page may load nothing.
NO_DOCUMENT = (
    "default-src 'none'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# Django's admin sets a few styles inline. Its scripts are files and need no exception.
ADMIN_STYLES = ["'self'", "'unsafe-inline'"]


class HeadersMiddleware:
    """The outermost of our middleware, so that refusals of inner middleware get the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in headers_for(request, response).items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD":
            leave_body_out(response)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # A length here is that of the answer to a request without conditions, never 0 (RFC 9110, 8.6).
            response.headers.pop("Content-Length", None)
        return response


class ContentPolicyMiddleware:
    """Relaxes the policy for Django's admin. Inside django-csp's middleware, which writes the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_stock_admin(request):
            response._csp_replace = {"style-src": ADMIN_STYLES}  # type: ignore[attr-defined]  # django-csp reads it
        return response


def leave_body_out(response: HttpResponseBase) -> None:
    """Of an answer to HEAD, whose length stays that of GET. Gunicorn would send the body, which a client that
    keeps its connection takes for the beginning of the next answer.
    """
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def is_stock_admin(request: HttpRequest) -> bool:
    """True for Django's admin, but not for the dashboard, which has no inline styles."""
    return request.path_info.startswith("/admin/") and not request.path_info.startswith("/admin/dashboard")


def headers_for(request: HttpRequest, response: HttpResponse) -> dict[str, str]:
    """The default headers of a response; a view or middleware may have set its own, which win."""
    headers = {
        "Permissions-Policy": PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        # Web apps of other origins may show product pictures.
        "Cross-Origin-Resource-Policy": "cross-origin"
        if request.path_info.startswith("/media/")
        else "same-origin",
    }
    if is_api(request):
        # Most responses depend on the caller's cookie or token, so no shared cache may keep them.
        headers["Cache-Control"] = "no-store"
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        headers["Content-Security-Policy"] = NO_DOCUMENT
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        headers["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return headers
