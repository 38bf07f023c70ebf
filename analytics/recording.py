"""Records searches, clicks and events through a write buffer, so that no request waits or fails by it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from analytics import daily_counts, metrics, visits
from analytics.events.models import Event
from analytics.events.writing import write_events
from analytics.experiments.credit import credit_clicks
from analytics.models import ProductClick, SearchLog, normalized
from analytics.visitors import visitor
from analytics.write_buffer import WriteBuffer, write_at_exit

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

logger = logging.getLogger(__name__)
Row = SearchLog | ProductClick | Event

# Seconds within which another process has written what it queued.
_OTHER_PROCESS_S = 0.25
# The writer gives up waiting for a lock after this long on PostgreSQL; SQLite has its busy timeout.
_STATEMENT_TIMEOUT_MS = 20_000
# Confidence is low while the best score is within this share of the range from the cut-off to 1.
_LOW_CONFIDENCE = 0.1


class UnknownSearch(LookupError):
    """No search has this query_id; ``str()`` is the message for the client."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no search with this query_id. Send the one of the answer that was clicked.")
        )


@dataclass(frozen=True, kw_only=True)
class SearchRecord:
    """What is stored of one search.

    ``took_ms`` holds milliseconds by stage and, as ``total``, of the whole search. ``top_score`` is the
    similarity of the best result and ``cutoff`` the lowest accepted one, both in [0, 1]. ``filters`` holds
    those in use. ``track`` has no default, so that every caller decides (see ``tracking_allowed``): with
    False the search is counted and timed, but neither the user nor the query is stored.
    """

    query_id: UUID
    query_type: str
    timestamp: datetime
    results_count: int
    took_ms: Mapping[str, float]
    track: bool
    user: AbstractBaseUser | AnonymousUser | None = None
    # analytics.sessions.keys.of_request, or "".
    session: str = ""
    text: str = ""
    image_id: str = ""
    weight: float | None = None
    top_result_id: str = ""
    top_score: float | None = None
    cutoff: float = 0.0
    cache_hit: bool = False
    index_version: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    # Of an answer that was drawn from two rankings, the experiment and SearchLog.teams.
    experiment: int | None = None
    teams: Mapping[str, Sequence[int]] | None = None

    @property
    def low_confidence(self) -> bool:
        """There are results, but the best is barely above the cut-off."""
        if not self.results_count or self.top_score is None:
            return False
        return self.top_score < self.cutoff + _LOW_CONFIDENCE * (1 - self.cutoff)

    def to_row(self) -> SearchLog:
        return SearchLog(
            id=self.query_id,
            query_type=self.query_type,
            timestamp=self.timestamp,
            results_count=self.results_count,
            took_ms=self.took_ms.get("total", 0.0),
            stages={stage: round(ms, 3) for stage, ms in self.took_ms.items() if stage != "total"},
            fusion_weight=self.weight,
            top_score=self.top_score,
            low_confidence=self.low_confidence,
            cache_hit=self.cache_hit,
            index_version=self.index_version,
            **(self._personal_fields() if self.track else {}),
        )

    def _personal_fields(self) -> dict[str, Any]:
        # A lone surrogate is valid in JSON and not in UTF-8, so no database accepts it.
        text = self.text.encode("utf-8", "replace").decode()[:500]
        return {
            "user_id": self.user.pk if self.user is not None else None,
            "query_text": text,
            "query_key": normalized(text),
            "session": self.session,
            "visitor": visitor(self._question(text), self.session) if self.user is None else "",
            "image_url": self.image_id[:500],
            "top_result_id": self.top_result_id,
            "filters": dict(self.filters),
            "experiment_id": self.experiment,
            "teams": None if self.teams is None else {team: list(keys) for team, keys in self.teams.items()},
        }

    def _question(self, text: str) -> str:
        """What was asked: the words, or else the picture, or else what is browsed."""
        return normalized(text) or self.image_id or visits.place(self.filters)


def tracking_allowed(headers: Mapping[str, str]) -> bool:
    """False when the browser sends Do Not Track or Global Privacy Control."""
    return headers.get("DNT") != "1" and headers.get("Sec-GPC") != "1"


def record_search(record: SearchRecord) -> None:
    """Queue a search for writing; takes microseconds and never raises."""
    try:
        metrics.searches.labels(record.query_type, "hit" if record.cache_hit else "miss").inc()
        metrics.observe_stages(record.took_ms)
        write_buffer.put(record.to_row())
    except Exception:  # the response is complete; a faulty record must not fail it
        metrics.records_lost.labels("record").inc()
        logger.exception("search_log_lost")


def record_click(
    query_id: UUID,
    product_id: str,
    position: int,
    user: AbstractBaseUser | AnonymousUser | None,
    now: datetime,
) -> None:
    """Queue a click on a product of a search's results, at ``position`` counted from 1.

    ``user`` is None for an anonymous or untracked one. Raises UnknownSearch when no search has this id.
    """
    if not _search_exists(query_id):
        raise UnknownSearch
    row = ProductClick(
        search_id=query_id,
        product_id=product_id,
        position=position,
        user_id=user.pk if user is not None else None,
        timestamp=now,
    )
    write_buffer.put(row)


def _search_exists(query_id: UUID) -> bool:
    if _is_queued_or_written(query_id):
        return True
    # Another process may have run the search: its queue is not visible from here, but short.
    time.sleep(_OTHER_PROCESS_S)
    return _is_queued_or_written(query_id)


def _is_queued_or_written(query_id: UUID) -> bool:
    return (
        write_buffer.contains(lambda row: isinstance(row, SearchLog) and row.pk == query_id)
        or SearchLog.objects.filter(pk=query_id).exists()
    )


def record_event(event: Event) -> None:
    """Queue an event; takes microseconds."""
    write_buffer.put(event)


def flush(timeout_s: float = 5.0) -> bool:
    """Wait until every row of this process is written; False on a time-out."""
    return write_buffer.flush(timeout_s)


def settle(timeout_s: float = 5.0) -> None:
    """Wait until what shoppers did so far is written, by other processes as well as this one."""
    flush(timeout_s)
    if settings.LOG_IN_BACKGROUND:
        time.sleep(_OTHER_PROCESS_S)


def write(rows: Sequence[Row]) -> int:
    """Write new rows and their counts in one transaction, searches first; returns how many events are new."""
    with transaction.atomic():
        # LOCAL ends the limit with the transaction.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_STATEMENT_TIMEOUT_MS}")
        counts = _write_searches([row for row in rows if isinstance(row, SearchLog)])
        counts.update(_write_clicks([row for row in rows if isinstance(row, ProductClick)]))
        fresh, event_counts = write_events([row for row in rows if isinstance(row, Event)])
        counts.update(event_counts)
        daily_counts.add(counts)
    return len(fresh)


def _write_searches(logs: Sequence[SearchLog]) -> daily_counts.Counts:
    if not logs:
        return daily_counts.Counts()
    # A retry after a broken connection may find its rows committed already.
    known = set(SearchLog.objects.filter(pk__in=[log.pk for log in logs]).values_list("pk", flat=True))
    fresh = {log.pk: log for log in logs if log.pk not in known}
    visits.assign(list(fresh.values()))
    SearchLog.objects.bulk_create(fresh.values())
    counts = daily_counts.Counts()
    for log in fresh.values():
        counts.update(daily_counts.for_search(log))
    return counts


def _write_clicks(clicks: Sequence[ProductClick]) -> daily_counts.Counts:
    if not clicks:  # as in most batches; to ask the database about none takes as long as to write a search
        return daily_counts.Counts()
    searches = {click.search_id for click in clicks}
    logged = SearchLog.objects.defer("stages", "filters").in_bulk(searches)
    opened = set(ProductClick.objects.filter(search__in=searches).values_list("search", "product_id"))
    clicked, firsts = visits.clicked(logged.values()), visits.firsts(logged)
    fresh, counts = [], daily_counts.Counts()
    for click in clicks:
        opening = (click.search_id, click.product_id)
        # A click whose search was lost has nothing to refer to.
        log = logged.get(click.search_id)
        if log is None or opening in opened:
            continue
        if log.is_counted:
            visit, before = firsts.get(log.first_id), clicked[log.first_id]
            counts.update(daily_counts.for_click(click, visit=visit, clicked=before))
        fresh.append(click)
        opened.add(opening)
        clicked[log.first_id].add(click.position)
    credit_clicks(fresh, logged)
    ProductClick.objects.bulk_create(fresh)
    return counts


write_buffer: WriteBuffer[Row] = WriteBuffer(write)
write_at_exit(write_buffer)
