"""Authenticates API requests: by a Bearer token, or by the access cookie with a CSRF token."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import SignIn, User
from accounts.sign_in import tokens

# The WWW-Authenticate header of a 401 response.
BEARER_CHALLENGE = 'Bearer realm="api"'


class TokenAuthentication(BaseAuthentication):
    """Sets ``request.user`` and, as ``request.auth``, the sign-in.

    An invalid Bearer token is refused everywhere. An invalid or expired cookie counts as none, so public
    endpoints still serve a browser that returns after a while; protected ones answer 401.
    """

    def authenticate(self, request: Request) -> tuple[User, SignIn] | None:
        bearer = bearer_token(request)
        if bearer is not None:
            return _by_bearer(bearer)
        return _by_cookie(request)

    def authenticate_header(self, request: Request) -> str:
        return BEARER_CHALLENGE


def bearer_token(request: Request) -> str | None:
    """The token of an ``Authorization: Bearer`` header, or None without one. Raises AuthenticationFailed."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _space, token = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    if not token.strip() or " " in token.strip():
        raise AuthenticationFailed(_("Write the header as: Authorization: Bearer <access token>."))
    return str(token.strip())


def enforce_csrf(request: Request) -> None:
    """Check the CSRF token of a request that authenticates by cookie. Raises PermissionDenied."""
    SessionAuthentication().enforce_csrf(request)


def _by_bearer(raw: str) -> tuple[User, SignIn]:
    try:
        sign_in = tokens.verify(raw, now=timezone.now())
    except tokens.TokenRefused as refusal:
        raise AuthenticationFailed(str(refusal)) from None
    return sign_in.user, sign_in


def _by_cookie(request: Request) -> tuple[User, SignIn] | None:
    raw = request.COOKIES.get(tokens.access_cookie())
    if not raw:
        return None
    try:
        sign_in = tokens.verify(raw, now=timezone.now())
    except tokens.TokenRefused:
        return None
    enforce_csrf(request)
    return sign_in.user, sign_in


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # spectacular registers it
    """Describes TokenAuthentication in the OpenAPI schema."""

    target_class = "accounts.sign_in.authentication.TokenAuthentication"
    name = ["bearerToken", "accessCookie"]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            {"type": "apiKey", "in": "cookie", "name": tokens.access_cookie()},
        ]
