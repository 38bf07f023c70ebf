"""Browser and system of a sign-in, in words its user recognises; the full User-Agent is not stored."""

from __future__ import annotations

from dataclasses import dataclass

# The first match wins: most browsers also name those further down this list.
NAMES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Browser:
    """A browser and its operating system, each "" when unknown."""

    name: str
    system: str


def recognise(user_agent: str) -> Browser:
    """Parse a User-Agent header. Clients choose it freely, so the result is for display only."""
    return Browser(_first(NAMES, user_agent), _first(SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")
