"""Which searches belong to one visit: refined, sorted, reloaded or gone back to, the question stays the same.

The dashboard counts visits. What refines a search is a row of its own in the log, for its time and filters,
and names the first search of its visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from analytics.models.searches import ProductClick, SearchLog

# The same question later than this after it was last asked begins a new visit.
PAUSE = timedelta(minutes=30)
_CLIENT = ("user", "session", "visitor")
_FIELDS = ("timestamp", "query_key", "image_url", "filters", "query_type", "visit", *_CLIENT)


def place(filters: Mapping[str, Any]) -> str:
    """What somebody who asks nothing browses: a category, or a brand; other filters refine it."""
    return "\n".join(f"{name}={each}" for name in ("category", "brand") for each in filters.get(name, ()))


def assign(logs: Sequence[SearchLog]) -> None:
    """Set the visit of new searches. Searches of nobody in particular are visits of their own."""
    earlier = _earlier([log for log in logs if _is_somebodys(log)])
    for log in sorted(logs, key=lambda log: log.timestamp):
        before = next((one for one in earlier if _continues(log, one)), None)
        log.visit = before.first_id if before is not None else log.pk
        if _is_somebodys(log):
            # The newest first.
            earlier.insert(0, log)


def clicked(logs: Iterable[SearchLog]) -> dict[UUID, set[int]]:
    """The positions that the visits of these searches were clicked at, by the id of their first search."""
    firsts = {log.first_id for log in logs}
    # A condition on both tables at once would look at every click that there ever was.
    searches = SearchLog.objects.filter(Q(visit__in=firsts) | Q(pk__in=firsts))
    clicks = ProductClick.objects.filter(search__in=searches)
    positions: dict[UUID, set[int]] = defaultdict(set)
    for visit, search, position in clicks.values_list("search__visit", "search", "position"):
        positions[visit or search].add(position)
    return positions


def firsts(logs: Mapping[UUID, SearchLog]) -> dict[UUID, SearchLog]:
    """The searches that began the visits of these, by their ids; those that are lost are left out."""
    missing = {log.first_id for log in logs.values()} - logs.keys()
    return {**logs, **SearchLog.objects.only("timestamp", "results_count", "query_key").in_bulk(missing)}


def _earlier(logs: Sequence[SearchLog]) -> list[SearchLog]:
    """Searches of the same people for the same in the time before, newest first."""
    if not logs:
        return []
    same = Q(user__in={log.user_id for log in logs} - {None})
    same |= Q(session__in={log.session for log in logs} - {""})
    same |= Q(visitor__in={log.visitor for log in logs} - {""})
    # Of all that somebody asked within half an hour, few ask the same again.
    same &= Q(query_key__in={log.query_key for log in logs}, image_url__in={log.image_url for log in logs})
    first, last = min(log.timestamp for log in logs), max(log.timestamp for log in logs)
    found = SearchLog.objects.filter(same, timestamp__gte=first - PAUSE, timestamp__lte=last)
    return list(found.order_by("-timestamp").only(*_FIELDS))


def _is_somebodys(log: SearchLog) -> bool:
    return log.is_counted and bool(log.user_id or log.session or log.visitor)


def _continues(log: SearchLog, before: SearchLog) -> bool:
    if not (_is_somebodys(log) and before.timestamp <= log.timestamp <= before.timestamp + PAUSE):
        return False
    return _same_client(log, before) and _question(log) == _question(before)


def _same_client(log: SearchLog, other: SearchLog) -> bool:
    same_session = bool(log.session) and log.session == other.session
    same_visitor = bool(log.visitor) and log.visitor == other.visitor
    if log.user_id or other.user_id:
        return log.user_id == other.user_id
    return same_session or same_visitor


def _question(log: SearchLog) -> tuple[str, str, str]:
    asks = log.query_key or log.image_url
    return log.query_key, log.image_url, "" if asks else place(log.filters)
