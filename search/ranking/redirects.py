"""Searches that staff send to a page of the shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    # The query as staff wrote it.
    words: str = ""


def load() -> dict[str, TimedRedirect]:
    """By the stems of the query."""
    rows = Redirect.objects.all()
    return {row.key: TimedRedirect(row.path, row.starts_at, row.ends_at, row.query) for row in rows}


def target(
    redirects: Mapping[str, TimedRedirect],
    text: str,
    now: datetime,
    *,
    typed: str = "",
    asked: Callable[[str], str] = str,
) -> str:
    """The local path that this query leads to; "" for none, and for one that would lead on to another, or
    back to ``text`` or the words ``typed``, which it stands for. ``asked`` returns the words that words are
    looked up by.
    """
    path = _path(redirects, text, now)
    words = _words(path)
    if not words:
        return path
    is_back = query_key(words) in (query_key(text), query_key(typed))
    following = asked(words)
    # Led to another form of its own words, it stops there, as that page's way back.
    leads_on = query_key(following) != query_key(text) and _path(redirects, following, now)
    return "" if is_back or leads_on else path


def _words(path: str) -> str:
    """The words that a path of this shop searches for, as its pages read them; "" for none."""
    params = QueryDict(urlsplit(path).query)
    return params.get("text") or params.get("q", "")


def _path(redirects: Mapping[str, TimedRedirect], text: str, now: datetime) -> str:
    found = redirects.get(query_key(text)) if redirects and text else None
    return found.path if found and is_in_force(found, now) and is_local_path(found.path) else ""
