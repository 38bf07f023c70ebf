"""Whose budget a request is counted in: an API key's, a signed-in person's, or else an address's.

The address is the peer's. With TRUSTED_PROXY_COUNT it is the one that the outermost of that many proxies saw.
No other header counts.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from accounts import api_keys
from accounts.api_keys import ApiKey
from accounts.sign_in.authentication import claimed_user


def api_key(request: HttpRequest) -> ApiKey | None:
    """The request's API key; one that is not valid counts as none here, and is refused by the endpoint."""
    try:
        return api_keys.of_request(request)
    except api_keys.KeyRefused:
        return None


def client(request: HttpRequest) -> str:
    """Whose budget it is: the API key's, else the signed-in person's, else the address's."""
    # Every budget asks, and to find it out a token's signature is checked.
    if not hasattr(request, "counted_as"):
        request.counted_as = _client(request)  # type: ignore[attr-defined]
    found: str = request.counted_as  # type: ignore[attr-defined]
    return found


def _client(request: HttpRequest) -> str:
    key = api_key(request)
    if key is not None:
        return f"key:{key.identifier}"
    person = claimed_user(request) if is_api(request) else ""
    return f"person:{person}" if person else client_address(request)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: the API proper, or an agent."""
    return request.path_info.startswith(settings.API_PATHS)


def client_address(request: HttpRequest) -> str:
    """The client's IPv4 address, or the first address of its IPv6 /64, which is usually one household."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    seen = _forwarded(request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXY_COUNT)
    address = seen or peer
    if address is None:  # a Unix socket without a forwarded address: all share one budget
        return "0.0.0.0"  # noqa: S104  # nosec B104 - nothing is bound to it
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return str(address)


def _forwarded(header: str, proxies: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that the outermost trusted proxy saw: each proxy appends one on the right."""
    hops = header.split(",")
    return _parsed(hops[-proxies]) if 0 < proxies <= len(hops) else None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as written by proxies, which may add a port; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
