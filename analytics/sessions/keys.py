"""What a session is called: in the browser's cookie, or by an API client. The tables hold a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request

from accounts.models import User
from accounts.sign_in.current_user import signed_in_user
from analytics.recording import tracking_allowed

# The cookie's value in a browser whose shopper switched sessions off, and how long that is remembered.
OFF = "off"
OFF_FOR = timedelta(days=365)
MAX_NAME = 100
_COOKIE = re.compile(r"[A-Za-z0-9_-]{22}")
_DIGITS = 32

Asked = HttpRequest | Request


def lifetime() -> timedelta:
    """How long what was seen in a session is used; 0 where the shop keeps no sessions."""
    return timedelta(minutes=settings.SESSION_MINUTES)


def cookie_name() -> str:
    return "__Host-visit" if settings.HTTPS else "visit"


def is_switched_off(request: Asked) -> bool:
    return request.COOKIES.get(cookie_name()) == OFF


def may_keep(request: Asked) -> bool:
    """Whether anything may be kept of what this visitor does: neither the browser objects (by Do Not Track,
    Global Privacy Control or sessions switched off) nor the signed-in person (by personal results off).
    """
    if is_switched_off(request) or not tracking_allowed(request.headers):
        return False
    user = signed_in_user(request)
    return user is None or user.personal_results


def may_remember(request: Asked) -> bool:
    """Whether this browser may be given a session: the shop keeps sessions and has the consent that it asks
    for, and the shopper has not switched them off.
    """
    return bool(settings.SESSION_MINUTES) and may_keep(request) and _has_consent(request)


def _has_consent(request: Asked) -> bool:
    """The shop's consent tool has set the cookie that SESSION_CONSENT_COOKIE names ("name", "name=value")."""
    name, _equals, value = settings.SESSION_CONSENT_COOKIE.partition("=")
    given = request.COOKIES.get(name)
    return not name or (bool(given) and (not value or given == value))


def key_of(kind: str, name: str) -> str:
    """The tables' name of a session that a client calls ``name``; "" for none. Without SECRET_KEY nobody can
    tell one from the other.
    """
    if not name:
        return ""
    secret = hashlib.sha256(f"sessions:{settings.SECRET_KEY}".encode()).digest()
    message = f"{kind}\0{name}".encode("utf-8", "replace")
    return hmac.digest(secret, message, "sha256").hex()[:_DIGITS]


def of_request(request: Asked, name: str = "") -> str:
    """The key of the request's session: of the one an API client names, which then has its visitor's consent,
    or else of the cookie. "" where there is none, or where nothing may be kept.
    """
    if name:
        return key_of("client", name) if settings.SESSION_MINUTES and may_keep(request) else ""
    cookie = request.COOKIES.get(cookie_name(), "")
    is_known = _COOKIE.fullmatch(cookie) and may_remember(request)
    return key_of("cookie", cookie) if is_known else ""


def objected(request: Asked) -> str:
    """The key of the session in the cookie of a browser that may have none any more, since it objects, the
    consent that the shop asks for was withdrawn, or its person switched personal results off; "" for none.
    """
    cookie = request.COOKIES.get(cookie_name(), "")
    return key_of("cookie", cookie) if _COOKIE.fullmatch(cookie) and not may_remember(request) else ""


def started(request: Asked) -> tuple[str, str]:
    """The key of the browser's session, which begins here where there is none, and its cookie's value."""
    cookie = request.COOKIES.get(cookie_name(), "")
    if not _COOKIE.fullmatch(cookie):
        cookie = secrets.token_urlsafe(16)
    return key_of("cookie", cookie), cookie


def set_cookie(response: HttpResponseBase, value: str) -> None:
    """Keep the session, or that it is switched off, in the browser."""
    response.set_cookie(
        cookie_name(),
        value,
        max_age=OFF_FOR if value == OFF else lifetime(),
        path="/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponseBase) -> None:
    response.delete_cookie(cookie_name(), path="/", samesite="Lax")


def who(request: Asked) -> User | None:
    """The signed-in person, where what they do may be kept."""
    return signed_in_user(request) if may_keep(request) else None
