"""Who is looking at a page: the same tokens as the API's, from the same cookies."""

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


class RepeatingRedirect(HttpResponseRedirect):
    """A redirect after which the browser repeats method and body, so that a form is not lost."""

    status_code = 307


def detour(request: HttpRequest, to: str) -> HttpResponseRedirect:
    """Lead on to ``to`` with the same method."""
    kind = HttpResponseRedirect if request.method in {"GET", "HEAD"} else RepeatingRedirect
    return kind(to)


class PageSignInMiddleware:
    """Sets ``request.user`` and ``request.sign_in`` (or None) on pages from the access cookie.

    A run-out token sends the browser through ``api-auth-resume``, where its refresh cookie lives,
    and straight back. Without a token Django's own session user stands. API requests are left to
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
            if _can_be_repeated(request):
                return _by_way_of_resume(request)
            sign_in = None
        request.sign_in = sign_in  # type: ignore[attr-defined]
        if sign_in is not None:
            request.user = sign_in.user
        response = self.get_response(request)
        if sign_in is not None:
            patch_vary_headers(response, ("Cookie",))
            patch_cache_control(response, private=True)
        return response


def page_sign_in(request: HttpRequest) -> SignIn | None:
    """The living sign-in of the access cookie, or None. Raises TokenExpired for one that has run out."""
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
    return not request.path.startswith(("/api/", settings.MEDIA_URL, settings.STATIC_URL))


def _can_be_repeated(request: HttpRequest) -> bool:
    """Small bodies can travel twice; a picture is rather searched without knowing for whom."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _by_way_of_resume(request: HttpRequest) -> HttpResponse:
    # Reading the body keeps the connection usable: a server that answers over an unread body resets it.
    _ = request.body
    here = urlencode({"next": request.get_full_path()})
    response = detour(request, f"{reverse('api-auth-resume')}?{here}")
    add_never_cache_headers(response)
    return response
