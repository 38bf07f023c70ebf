"""Parts of pages that are rendered once for everything they show, and then reused.

Most of a results page is its cards, and most cards were shown before. A part may be kept only when its key
holds every value that its template reads: nothing needs to be invalidated then.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Some two kilobytes each.
MAX_PARTS = 20_000


def surroundings() -> tuple[str | None, str]:
    """What every part reads besides its variables: texts follow the language, and addresses begin with the
    prefix that the site is mounted under.
    """
    return get_language(), get_script_prefix()


def _key(template: str, shown: Hashable, _context: Mapping[str, Any]) -> Hashable:
    return template, shown, *surroundings()


@cached(LRUCache(MAX_PARTS), key=_key, lock=Lock())
def rendered(template: str, shown: Hashable, context: Mapping[str, Any]) -> SafeString:
    """``template`` with ``context``; ``shown`` holds every value that it reads from there."""
    return rendered_anew(template, context)


def rendered_anew(template: str, context: Mapping[str, Any]) -> SafeString:
    """``template`` with ``context`` and nothing of the request."""
    # The engine escaped it; render_to_string returns a plain str to the type checker.
    return mark_safe(render_to_string(template, dict(context)))  # noqa: S308  # nosec B308 B703
