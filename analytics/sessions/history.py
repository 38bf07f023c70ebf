"""What a visitor or a signed-in person did lately, as the ranking reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from analytics.events.models import Event
from analytics.models import SearchLog
from analytics.sessions import keys

if TYPE_CHECKING:
    from accounts.models import User

# Acts that are read: the newest.
RECENT = 60
RECENT_SEARCHES = 10
# Acts of a signed-in person that are older count too little to be read.
PERSONS_DAYS = timedelta(days=100)
# The kind of an act that a search is: its best result was shown, and not necessarily looked at.
SEARCHED = "search"


@dataclass(frozen=True)
class Act:
    """One act with one product: an Event.Type, or SEARCHED."""

    type: str
    product_id: str
    when: datetime


def of_session(session: str, *, now: datetime) -> list[Act]:
    """The acts of a session by its key, newest first; [] without one. Two queries."""
    if not session:
        return []
    since = now - keys.lifetime()
    events = Event.objects.of_session(session, since=since).values_list("type", "product_id", "timestamp")
    searches = SearchLog.objects.filter(session=session, user=None, timestamp__gte=since)
    shown = searches.exclude(top_result_id="").order_by("-timestamp")[:RECENT_SEARCHES]
    found = [Act(*row) for row in events[:RECENT]]
    found += [Act(SEARCHED, *row) for row in shown.values_list("top_result_id", "timestamp")]
    return sorted(found, key=lambda act: act.when, reverse=True)


def of_user(user: User, *, now: datetime) -> list[Act]:
    """The events of a signed-in person, newest first. One query."""
    events = Event.objects.filter(user=user, timestamp__gte=now - PERSONS_DAYS).order_by("-timestamp", "-pk")
    return [Act(*row) for row in events.values_list("type", "product_id", "timestamp")[:RECENT]]


def viewed(acts: list[Act], *, limit: int) -> list[str]:
    """The public ids of the products that were looked at last, each once, newest first."""
    looked_at = (act.product_id for act in acts if act.type != SEARCHED)
    return list(dict.fromkeys(looked_at))[:limit]
