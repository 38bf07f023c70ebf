"""Completions while somebody types: from the catalogue's own words, and from past successful searches."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import Lower

from analytics.models import SearchLog
from search import engine
from search.lexical.completions import Completion

# A past search is offered only when it was repeated, so that nobody's private words are shown to others.
_MIN_SEARCHES = 3
_SEARCH_AGE = timedelta(days=90)
_MAX_SEARCH_LENGTH = 60
_MAX_DIGITS = 4
_MAX_SEARCHES = 500
_SEARCHES_TTL_SECONDS = 600


def suggest(text: str, *, now: datetime) -> list[Completion]:
    """Completions of ``text`` from the index in service and from past searches."""
    return engine.suggestions().complete(text, past_searches(now))


def past_searches(now: datetime) -> list[Completion]:
    """Texts searched at least three times in 90 days that found something, the most frequent first, without
    texts that look personal: addresses and long numbers."""
    held = _from_dicts(cache.get("past-searches"))
    if held is None:
        held = _read_searches(now)
        cache.set("past-searches", [asdict(search) for search in held], _SEARCHES_TTL_SECONDS)
    return held


def _from_dicts(cached: Any) -> list[Completion] | None:
    """None for what is not cached, or was by another release."""
    try:
        return [Completion(**row) for row in cached]
    except TypeError:
        return None


def _read_searches(now: datetime) -> list[Completion]:
    searches = (
        SearchLog.objects.filter(timestamp__gte=now - _SEARCH_AGE, results_count__gt=0)
        .exclude(query_text="")
        .values(text=Lower("query_text"))
        .annotate(count=Count("pk"))
        .filter(count__gte=_MIN_SEARCHES)
        .order_by("-count", "text")[:_MAX_SEARCHES]
    )
    return [
        Completion(row["text"], "search", row["count"]) for row in searches if _is_impersonal(row["text"])
    ]


def _is_impersonal(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return "@" not in text and digits <= _MAX_DIGITS and len(text) <= _MAX_SEARCH_LENGTH
