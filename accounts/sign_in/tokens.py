"""Access and refresh tokens: issuing, verification, rotation, and the two cookies that hold them.

An access token (15 minutes) authenticates requests; a refresh token (14 days, one use) is exchanged for
the next pair. Both name their sign-in (``sid``) and the user's ``token_version`` (``ver``), and both are
checked against the database on every use, so that signing out revokes them at once.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts.models import RefreshReused, SignIn, User
from accounts.sign_in.browsers import recognise

logger = logging.getLogger(__name__)

# Browsers send the refresh cookie to the endpoints below this path only.
REFRESH_PATH = "/api/v1/auth/"


class RefreshToken(Token):
    """Exchanged for the next pair of tokens; its ``jti`` is the sign-in's refresh id."""

    token_type = "refresh"  # noqa: S105  # nosec B105 - the kind of token
    lifetime = api_settings.REFRESH_TOKEN_LIFETIME


class TokenRefused(Exception):
    """The token is forged, of the wrong kind or expired, or its sign-in has ended."""


class TokenExpired(TokenRefused):
    """The token is valid but for its expiry."""


@dataclass(frozen=True)
class TokenPair:
    """Two signed tokens in their text form, and the seconds until each expires."""

    access: str
    refresh: str
    expires_in: int
    refresh_expires_in: int


def access_cookie() -> str:
    """The access cookie's name; browsers accept its prefix only with TLS, this host and path ``/``."""
    return "__Host-access" if settings.HTTPS else "access"


def refresh_cookie() -> str:
    """The refresh cookie's name; its prefix is ``__Secure-``, as ``__Host-`` would forbid its narrow path."""
    return "__Secure-refresh" if settings.HTTPS else "refresh"


def issue(user: User, *, now: datetime, user_agent: str = "") -> TokenPair:
    """Start a sign-in and return its first pair; ends the least recently used beyond MAX_PER_USER."""
    excess = SignIn.objects.for_user(user, now).values_list("pk", flat=True)[SignIn.MAX_PER_USER - 1 :]
    SignIn.objects.filter(pk__in=list(excess)).end(now)
    browser = recognise(user_agent)
    sign_in = SignIn.objects.create(
        user=user,
        browser=browser.name,
        system=browser.system,
        created_at=now,
        rotated_at=now,
        expires_at=now + api_settings.REFRESH_TOKEN_LIFETIME,
    )
    return _pair(sign_in, now=now)


def verify(access: str, *, now: datetime) -> SignIn:
    """The active sign-in (with ``.user``) of an access token, in one query.

    Raises TokenExpired when the token is valid but expired, TokenRefused in every other case.
    """
    return _active(_read(access, AccessToken), now=now)


def claimed_user(access: str) -> str:
    """The user's id in a genuine, unexpired access token, whether or not its sign-in is active; "" else."""
    try:
        return str(_read(access, AccessToken).get(api_settings.USER_ID_CLAIM, ""))
    except TokenRefused:
        return ""


def rotate(refresh: str, *, now: datetime) -> tuple[SignIn, TokenPair]:
    """Exchange a refresh token for the next pair. Raises TokenRefused.

    Reuse of an exchanged token ends the whole sign-in, except within SignIn.GRACE.
    """
    token = _read(refresh, RefreshToken)
    sign_in = _active(token, now=now)
    try:
        sign_in.rotate(uuid.UUID(token["jti"]), now=now, lifetime=api_settings.REFRESH_TOKEN_LIFETIME)
    except RefreshReused:
        # Either the user or a thief presents a copy, and the server cannot tell them apart.
        logger.warning(
            "A refresh token was used twice; sign-in %s of user %s is ended.", sign_in.pk, sign_in.user_id
        )
        raise TokenRefused(_("This sign-in has ended. Sign in again.")) from None
    return sign_in, _pair(sign_in, now=now)


def find_sign_in(refresh: str, *, now: datetime) -> SignIn | None:
    """The active sign-in of a refresh token, or None; the token stays valid."""
    try:
        return _active(_read(refresh, RefreshToken), now=now)
    except TokenRefused:
        return None


def set_cookies(response: HttpResponseBase, pair: TokenPair) -> None:
    # The access cookie outlives its token: an expired token tells a page that the browser also holds a
    # refresh token, whose cookie the page cannot see.
    for name, token, path in (
        (access_cookie(), pair.access, "/"),
        (refresh_cookie(), pair.refresh, REFRESH_PATH),
    ):
        response.set_cookie(
            name,
            token,
            path=path,
            max_age=api_settings.REFRESH_TOKEN_LIFETIME,
            httponly=True,
            secure=settings.HTTPS,
            samesite="Lax",
        )


def clear_cookies(response: HttpResponseBase) -> None:
    """Delete both cookies, and the pages in the browser's cache."""
    response["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(access_cookie(), path="/", samesite="Lax")
    response.delete_cookie(refresh_cookie(), path=REFRESH_PATH, samesite="Lax")


def clear_sent_cookies(request: HttpRequest, response: HttpResponseBase) -> None:
    """As clear_cookies, but only where the browser sent one of them.

    It sends none with a form that another site's page posts; deleting them then would sign the visitor out.
    """
    if request.COOKIES.keys() & {access_cookie(), refresh_cookie()}:
        clear_cookies(response)


def _pair(sign_in: SignIn, *, now: datetime) -> TokenPair:
    access, refresh = AccessToken(), RefreshToken()
    for token, lifetime in (
        (access, api_settings.ACCESS_TOKEN_LIFETIME),
        (refresh, sign_in.expires_at - now),
    ):
        token.set_iat(at_time=now)
        token.set_exp(from_time=now, lifetime=lifetime)
        token[api_settings.USER_ID_CLAIM], token["ver"] = _claims_of(sign_in)
        token["sid"] = str(sign_in.pk)
    refresh["jti"] = str(sign_in.refresh_id)
    lifetime, left = api_settings.ACCESS_TOKEN_LIFETIME, sign_in.expires_at - now
    return TokenPair(str(access), str(refresh), int(lifetime.total_seconds()), int(left.total_seconds()))


def _read(raw: str, kind: type[Token]) -> Token:
    try:
        return kind(raw)  # type: ignore[arg-type]  # the stubs want a Token where text goes
    except ExpiredTokenError:
        raise TokenExpired(_("Your access has expired. Refresh it or sign in again.")) from None
    except (TokenError, ValueError):  # ValueError: a header that is not UTF-8
        raise TokenRefused(_("This token is not valid. Sign in again.")) from None


def _active(token: Token, *, now: datetime) -> SignIn:
    # One query decides: by the sign-in's state, its user and the token version. It is made for every request
    # of whoever is signed in, and to build the same conditions as SQL took twice as long as all the rest.
    found = SignIn.objects.select_related("user").filter(pk=token.get("sid"))
    sign_in = next(iter(found), None)
    if sign_in is None or not sign_in.is_active(now) or _claims(token) != _claims_of(sign_in):
        raise TokenRefused(_("This sign-in has ended. Sign in again."))
    return sign_in


def _claims(token: Token) -> tuple[object, object]:
    return token.get(api_settings.USER_ID_CLAIM), token.get("ver")


def _claims_of(sign_in: SignIn) -> tuple[str, int]:
    return str(sign_in.user_id), sign_in.user.token_version
