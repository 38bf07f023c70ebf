"""Which browser a sign-in came from, in words its owner recognises; the full User-Agent is not kept."""

from __future__ import annotations

from dataclasses import dataclass

# The first that occurs wins: most browsers also claim to be those that stand below them.
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
    """A browser and what it runs on, each "" when it is not known."""

    name: str
    system: str


def recognise(user_agent: str) -> Browser:
    """What a User-Agent header says. Anyone may write anything there, so it serves memory, not trust."""
    return Browser(_first(NAMES, user_agent), _first(SYSTEMS, user_agent))


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")
