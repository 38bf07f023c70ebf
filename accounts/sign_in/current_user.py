"""The signed-in user of a request, for pages and for the API."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User


def signed_in_user(request: HttpRequest | Request) -> User | None:
    """The signed-in user, or None for an anonymous request."""
    # An error page may be rendered before the middleware has set ``user``.
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def require_user(request: HttpRequest | Request) -> User:
    """The signed-in user.

    For an anonymous request raises PermissionDenied on pages (403) and NotAuthenticated in the API (401).
    """
    user = signed_in_user(request)
    if user is None:
        raise NotAuthenticated if isinstance(request, Request) else PermissionDenied
    return user
