"""The signed-in user of a request, asked in one way everywhere."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


def signed_in_user(request: HttpRequest | Request) -> User | None:
    """The user of the request, or None for a visitor."""
    return request.user if isinstance(request.user, User) else None
