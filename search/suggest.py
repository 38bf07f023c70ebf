"""Completions while somebody types: from the catalogue's own words, and from past successful searches."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import Lower, TruncDate

from analytics.models import BlockedSuggestion, SearchLog
from analytics.models.searches import MIN_PEOPLE, PEOPLE
from search import engine
from search.language.tokens import words
from search.lexical.completions import Completion

# A past search is offered only when several people made it (MIN_PEOPLE), and on several days: nobody makes a
# phrase everybody's by repeating it.
_MIN_DAYS = 2
_SEARCH_AGE = timedelta(days=90)
_MAX_SEARCH_LENGTH = 60
_MAX_DIGITS = 4
_MAX_SEARCHES = 500
_SEARCHES_TTL_SECONDS = 600


def suggest(text: str, *, now: datetime) -> list[Completion]:
    """Completions of ``text`` from the index in service and from past searches, without blocked ones."""
    blocked = [_padded(phrase) for phrase in BlockedSuggestion.objects.values_list("phrase", flat=True)]
    past = [search for search in past_searches(now) if not _contains(search, blocked)]
    completions = engine.suggestions().complete(text, past)
    return [completion for completion in completions if not _contains(completion, blocked)]


def _padded(text: str) -> str:
    """Folded words between spaces, so that a phrase is found in another by whole words."""
    return f" {' '.join(words(text))} "


def _contains(completion: Completion, phrases: list[str]) -> bool:
    text = _padded(completion.text)
    return any(phrase.strip() and phrase in text for phrase in phrases)


def past_searches(now: datetime) -> list[Completion]:
    """Texts that at least three people searched on at least two of the last 90 days and that found something,
    those of the most people first, without texts that look personal: addresses and long numbers.

    Anonymous people are told apart by ``SearchLog.visitor``."""
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
        .annotate(
            people=PEOPLE,
            days=Count(TruncDate("timestamp"), distinct=True),
        )
        .filter(people__gte=MIN_PEOPLE, days__gte=_MIN_DAYS)
        .order_by("-people", "text")[:_MAX_SEARCHES]
    )
    return [
        Completion(row["text"], "search", row["people"]) for row in searches if _is_impersonal(row["text"])
    ]


def _is_impersonal(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return "@" not in text and digits <= _MAX_DIGITS and len(text) <= _MAX_SEARCH_LENGTH
