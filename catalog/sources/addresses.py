"""Which adapter reads an address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from catalog.sources.base import ProductSource
from catalog.sources.feed import FeedSource


def source_at(name: str, address: str, *, now: datetime) -> ProductSource:
    """The source called ``name`` at ``address``: a feed's path or http(s) URL."""
    return FeedSource(name, address, now=now)


def source_named(name: str, *, now: datetime) -> ProductSource | None:
    """The source of this name in CATALOGUE_SOURCES, None where there is none."""
    address = settings.CATALOGUE_SOURCES.get(name)
    return None if address is None else source_at(name, address, now=now)
