"""Authenticates API requests: by a Bearer token, or by the access cookie with a CSRF token."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts import api_keys
from accounts.models import SignIn, User
from accounts.sign_in import tokens

# The WWW-Authenticate header of a 401 response.
BEARER_CHALLENGE = 'Bearer realm="api"'


class TokenAuthentication(BaseAuthentication):
    """Sets ``request.user`` and, as ``request.auth``, the sign-in.

    A token that was sent and is not valid is refused with 401: whoever believes to be signed in must not get
    the answer of a stranger. Only where an endpoint is ``public``, with the same answer for everybody, a
    cookie that is not valid any more counts as none.

    An API key names a server and no person: it is checked here, its scope by
    ``accounts.api.permissions.KeyHasScope``.
    """

    def authenticate(self, request: Request) -> tuple[User, SignIn] | None:
        _check_key(request)
        bearer = bearer_token(request)
        if bearer is not None:
            return _verified(bearer)
        return _by_cookie(request)

    def authenticate_header(self, request: Request) -> str:
        return BEARER_CHALLENGE


class KeyAuthentication(BaseAuthentication):
    """Checks an API key and knows no people: for endpoints whose answer depends on nobody's sign-in.

    Cookies are not looked at. A Bearer token that is no API key is refused, so that nobody believes that it
    counts.
    """

    def authenticate(self, request: Request) -> None:
        _check_key(request)
        if bearer_token(request) is not None:
            raise AuthenticationFailed(str(api_keys.KeyRefused()), "api_key_invalid")

    def authenticate_header(self, request: Request) -> str:
        return BEARER_CHALLENGE


def _check_key(request: Request) -> None:
    try:
        api_keys.of_request(request._request)
    except api_keys.KeyRefused as refusal:
        raise AuthenticationFailed(str(refusal), "api_key_invalid") from None


def bearer_token(request: Request) -> str | None:
    """The access token of an ``Authorization: Bearer`` header, or None without one or where it is an API key.

    Raises AuthenticationFailed.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer" or token.strip().startswith(api_keys.PREFIX):
        return None
    if not token.strip() or " " in token.strip():
        raise AuthenticationFailed(_("Write the header as: Authorization: Bearer <access token>."))
    return str(token.strip())


def claimed_user(request: HttpRequest) -> str:
    """The user's id in a genuine, unexpired access token of the request, without the database; "" else.

    Good for counting requests, not for answering them: the sign-in may have ended.
    """
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    raw = token.strip() if scheme.lower() == "bearer" else request.COOKIES.get(tokens.access_cookie(), "")
    return tokens.claimed_user(raw) if raw else ""


def enforce_csrf(request: Request) -> None:
    """Check the CSRF token of a request that authenticates by cookie. Raises PermissionDenied."""
    try:
        SessionAuthentication().enforce_csrf(request)
    except PermissionDenied:
        sentence = _(
            "Send the token of the X-CSRFToken response header, or of the CSRF cookie, as X-CSRFToken."
        )
        raise PermissionDenied(sentence, "csrf_failed") from None


def refused(refusal: tokens.TokenRefused) -> AuthenticationFailed:
    """The 401 of a token, whose code tells a client whether to refresh it or to sign in again."""
    expired = isinstance(refusal, tokens.TokenExpired)
    return AuthenticationFailed(str(refusal), "token_expired" if expired else "token_invalid")


def _verified(raw: str) -> tuple[User, SignIn]:
    try:
        sign_in = tokens.verify(raw, now=timezone.now())
    except tokens.TokenRefused as refusal:
        raise refused(refusal) from None
    return sign_in.user, sign_in


def _by_cookie(request: Request) -> tuple[User, SignIn] | None:
    raw = request.COOKIES.get(tokens.access_cookie())
    if not raw:
        return None
    try:
        found = _verified(raw)
    except AuthenticationFailed:
        # Browsers send their cookies with every request, also where nobody asks who they are.
        if getattr(request.parser_context["view"], "public", False):
            return None
        raise
    enforce_csrf(request)
    return found
