"""Authenticates page requests by the cookies that also authenticate API requests."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers

from accounts.models import SignIn
from accounts.sign_in import tokens


class TemporaryRedirect(HttpResponseRedirect):
    """A redirect after which the browser resends method and body, so that a submitted form is not lost."""

    status_code = 307


def redirect_same_method(request: HttpRequest, to: str) -> HttpResponseRedirect:
    kind = HttpResponseRedirect if request.method in {"GET", "HEAD"} else TemporaryRedirect
    return kind(to)


class PageSignInMiddleware:
    """Sets ``request.user`` and ``request.sign_in`` (or None) on pages from the access cookie.

    An expired token redirects the browser to ``api-auth-resume``, the path that its refresh cookie is
    scoped to, and back. Without a token the user of Django's session remains. API requests are left to
    their authentication class.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_page(request):
            return self.get_response(request)
        try:
            sign_in = page_sign_in(request)
        except tokens.TokenExpired:
            if _is_resendable(request):
                return _redirect_to_resume(request)
            sign_in = None
        request.sign_in = sign_in  # type: ignore[attr-defined]
        if sign_in is not None:
            request.user = sign_in.user
        response = self.get_response(request)
        # A shared cache must not serve one visitor's page to another: an anonymous one has a language, a CSRF
        # token and a nonce of its own.
        if sign_in is not None or _is_private(response):
            patch_vary_headers(response, ("Cookie",))
            patch_cache_control(response, private=True)
        return response


def page_sign_in(request: HttpRequest) -> SignIn | None:
    """The active sign-in of the access cookie, or None. Raises TokenExpired for an expired token."""
    raw = request.COOKIES.get(tokens.access_cookie())
    if not raw:
        return None
    try:
        return tokens.verify(raw, now=timezone.now())
    except tokens.TokenExpired:
        raise
    except tokens.TokenRefused:
        return None


def _is_page(request: HttpRequest) -> bool:
    return not request.path_info.startswith((*settings.API_PATHS, settings.MEDIA_URL, settings.STATIC_URL))


def _is_private(response: HttpResponse) -> bool:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return is_page and "public" not in response.headers.get("Cache-Control", "")


def _is_resendable(request: HttpRequest) -> bool:
    # A small body can be sent twice. A picture is not: it is searched anonymously instead.
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _redirect_to_resume(request: HttpRequest) -> HttpResponse:
    # Read the body: a server that responds with the body unread resets the connection.
    _ = request.body
    query = urlencode({"next": request.get_full_path()})
    response = redirect_same_method(request, f"{reverse('api-auth-resume')}?{query}")
    add_never_cache_headers(response)
    return response
