"""Addresses as agents need them: complete, since nothing tells them what a path belongs to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> str:
    """The start of every address: SITE_URL, else what the request calls this site, without a slash."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def absolute(request: HttpRequest, path: str) -> str:
    """A path of this site as an address; "" for an empty path."""
    return f"{site(request)}{path}" if path.startswith("/") else path
