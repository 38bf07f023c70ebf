"""Who asks: the platform's own profile, fetched from the address it gives, and what both sides can do.

The protocol asks for it with every request. Profiles are kept for an hour at most, failures for a minute; a
fetch counts as a picture in the budget of whoever causes it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from catalog.fetching import open_url
from catalog.sources.base import SourceError
from search.admission import Fetches, count_picture
from search.agents.ucp.names import VERSION
from search.agents.ucp.profile import capabilities

FETCH_SECONDS = 4.0
MAX_PROFILE = 256 * 1024
MAX_URL = 2000
SHORTEST, LONGEST, FAILED = 60, 3600, 60

_fetches = Fetches(4, waiting=4)

_HEADER = re.compile(r'(?:^|[,;\s])profile\s*=\s*"([^"\\]*)"')
_MAX_AGE = re.compile(r"max-age\s*=\s*(\d{1,9})", re.IGNORECASE)


# By code, the status over HTTP and what is wrong.
_REFUSALS = {
    "invalid_profile_url": (400, _("Give the https address of your platform's profile as UCP-Agent.")),
    "profile_unreachable": (424, _("Your platform's profile does not answer at the address you gave.")),
    "profile_malformed": (422, _("Your platform's profile is no profile of this protocol.")),
    "version_unsupported": (422, _("Your protocol version is not supported. This shop supports %(ours)s.")),
}


class PlatformRefused(Exception):
    """The platform cannot be dealt with; ``str()`` is for its developers. ``status`` is that over HTTP."""

    def __init__(self, code: str) -> None:
        self.status, message = _REFUSALS[code]
        self.code = code
        super().__init__(message % {"ours": VERSION})


class Incompatible(Exception):
    """Platform and shop share nothing that the operation needs."""


@dataclass(frozen=True)
class Platform:
    """What platform and shop both can do, by name."""

    shared: frozenset[str]

    def require(self, capability: str) -> None:
        """Raises Incompatible."""
        if capability not in self.shared:
            raise Incompatible(capability)


def of_header(text: str) -> str:
    """The profile's address in a ``UCP-Agent`` header; "" without one."""
    found = _HEADER.search(text)
    return found[1] if found else ""


def platform(profile_url: str, site: str) -> Platform:
    """The platform with the profile at this address. Raises PlatformRefused, OverBudget and Busy."""
    if not _is_address(profile_url, ("https", "http") if _may_be_private() else ("https",)):
        raise PlatformRefused("invalid_profile_url")
    key = f"ucp-platform:{hashlib.sha256(profile_url.encode()).hexdigest()}"
    known = cache.get(key)
    if not isinstance(known, dict):
        known, seconds = _looked_up(profile_url)
        cache.set(key, known, seconds)
    if "refused" in known:
        raise PlatformRefused(known["refused"])
    return _shared(known, site)


def _may_be_private() -> bool:
    """Only for a first try: anybody can name an address to a shop that the public reaches."""
    return bool(settings.ALLOW_PRIVATE_FEEDS) and not settings.HTTPS


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return len(text) <= MAX_URL and parts.scheme in schemes and bool(parts.hostname)


def _looked_up(url: str) -> tuple[dict[str, Any], int]:
    """What to keep of a profile, or the refusal of one, and for how many seconds."""
    count_picture()
    try:
        body, caching = _fetches.within(FETCH_SECONDS, lambda: _fetched(url))
    except (SourceError, TimeoutError):
        return {"refused": "profile_unreachable"}, FAILED
    try:
        kept = _read(json.loads(body))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return {"refused": "profile_malformed"}, FAILED
    stated = _MAX_AGE.search(caching)
    return kept, min(max(int(stated[1]) if stated else SHORTEST, SHORTEST), LONGEST)


def _fetched(url: str) -> tuple[bytes, str]:
    with open_url(
        url,
        max_bytes=MAX_PROFILE,
        seconds=FETCH_SECONDS,
        read_seconds=2,
        redirects=0,
        allow_private=_may_be_private(),
    ) as answer:
        return b"".join(answer.chunks()), answer.header("Cache-Control")


def _read(document: Any) -> dict[str, Any]:
    """Version and versions of capabilities. Raises one of several errors for what is no profile."""
    ucp = document["ucp"]
    stated = ucp.get("capabilities", {})
    return {
        "version": str(ucp["version"]),
        "capabilities": {
            str(name): [str(each["version"]) for each in versions] for name, versions in stated.items()
        },
    }


def _shared(known: dict[str, Any], site: str) -> Platform:
    if known["version"] != VERSION:
        raise PlatformRefused("version_unsupported")
    ours, theirs = capabilities(site), known["capabilities"]
    shared = {name for name, (each,) in ours.items() if each["version"] in theirs.get(name, ())}
    # An extension alone is of no use.
    orphans = {name for name in shared if ours[name][0].get("extends", name) not in shared}
    return Platform(frozenset(shared - orphans))
