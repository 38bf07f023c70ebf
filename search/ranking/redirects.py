"""Searches that staff send to a page of the shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import QueryDict

from search.language.tokens import query_key
from search.models import Redirect
from search.models.rules import is_local_path
from search.ranking.timing import is_in_force


@dataclass(frozen=True)
class TimedRedirect:
    """The path that a search leads to between two moments."""

    path: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def load() -> dict[str, TimedRedirect]:
    """By the stems of the query."""
    return {row.key: TimedRedirect(row.path, row.starts_at, row.ends_at) for row in Redirect.objects.all()}


def target(redirects: Mapping[str, TimedRedirect], text: str, now: datetime, *, typed: str = "") -> str:
    """The local path that this query leads to; "" for none, and for one that would lead on to another, or
    back to the words ``typed``, which ``text`` corrects.
    """
    path = _path(redirects, text, now)
    words = _words(path)
    is_back = bool(words) and query_key(words) == query_key(typed)
    return "" if is_back or _path(redirects, words, now) else path


def _words(path: str) -> str:
    """The words that a path of this shop searches for, as its pages read them; "" for none."""
    params = QueryDict(urlsplit(path).query)
    return params.get("text") or params.get("q", "")


def _path(redirects: Mapping[str, TimedRedirect], text: str, now: datetime) -> str:
    found = redirects.get(query_key(text)) if redirects and text else None
    return found.path if found and is_in_force(found, now) and is_local_path(found.path) else ""
