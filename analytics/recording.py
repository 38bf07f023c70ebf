"""Recording searches and clicks: quickly, in order, and without ever failing a request."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from analytics import metrics, tally
from analytics.models import ProductClick, SearchLog, normalized
from analytics.write_buffer import WriteBuffer, write_at_exit

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

logger = logging.getLogger(__name__)
Row = SearchLog | ProductClick

# How long a click waits for a search that another process of this server is about to write.
_OTHER_PROCESS_S = 0.2
# A waiting writer gives up after this long on PostgreSQL; SQLite has its busy timeout.
_STATEMENT_TIMEOUT_MS = 20_000
# The best result is "barely above the cut-off" within this share of the way from the cut-off to 1.
_LOW_CONFIDENCE = 0.1


class UnknownSearch(LookupError):
    """No search has this query_id."""


@dataclass(frozen=True)
class SearchRecord:
    """What is kept of one search.

    ``took_ms`` holds milliseconds by stage and, as ``total``, altogether. ``top_score`` is the best hit's
    similarity and ``cutoff`` the least that counted, both in [0, 1]. ``filters`` names only those in use.
    With ``track`` False (see ``tracking_allowed``) the search is counted and timed, but nothing of the
    person and nothing of what they asked is kept.
    """

    query_id: UUID
    query_type: str
    timestamp: datetime
    results_count: int
    took_ms: Mapping[str, float]
    user: AbstractBaseUser | AnonymousUser | None = None
    text: str = ""
    image_id: str = ""
    weight: float | None = None
    top_result_id: str = ""
    top_score: float | None = None
    cutoff: float = 0.0
    cache_hit: bool = False
    index_version: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    track: bool = True

    @property
    def low_confidence(self) -> bool:
        """Something was found, but nothing much closer than the cut-off."""
        if not self.results_count or self.top_score is None:
            return False
        return self.top_score < self.cutoff + _LOW_CONFIDENCE * (1 - self.cutoff)

    def to_row(self) -> SearchLog:
        """The row to be written."""
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
            **(self._of_the_person() if self.track else {}),
        )

    def _of_the_person(self) -> dict[str, Any]:
        # A lone surrogate is valid JSON and no valid text; no database takes it.
        text = self.text.encode("utf-8", "replace").decode()[:500]
        return {
            "user_id": self.user.pk if self.user is not None else None,
            "query_text": text,
            "query_key": normalized(text),
            "image_url": self.image_id[:500],
            "top_result_id": self.top_result_id,
            "filters": dict(self.filters),
        }


def tracking_allowed(headers: Mapping[str, str]) -> bool:
    """False when the browser says Do Not Track or Global Privacy Control."""
    return headers.get("DNT") != "1" and headers.get("Sec-GPC") != "1"


def record_search(record: SearchRecord) -> None:
    """Hand a search over to be written; takes microseconds and never raises."""
    try:
        metrics.searches.labels(record.query_type, "hit" if record.cache_hit else "miss").inc()
        metrics.observe_stages(record.took_ms)
        write_buffer.put(record.to_row())
    except Exception:  # the answer stands already; whatever is wrong with its record must not undo it
        metrics.records_lost.labels("record").inc()
        logger.exception("search_log_lost")


def record_click(
    query_id: UUID,
    product_id: str,
    position: int,
    user: AbstractBaseUser | AnonymousUser | None,
    now: datetime,
) -> None:
    """Hand over that a product was opened from an answer, at ``position`` counted from 1.

    ``user`` is None for someone unknown or untracked. Raises UnknownSearch for a query_id that never was.
    """
    if not _is_known(query_id):
        raise UnknownSearch(query_id)
    row = ProductClick(
        search_id=query_id,
        product_id=product_id,
        position=position,
        user_id=user.pk if user is not None else None,
        timestamp=now,
    )
    write_buffer.put(row)


def _is_known(query_id: UUID) -> bool:
    if _is_here(query_id):
        return True
    # The answer may have come from another process, whose queue cannot be seen but is short.
    time.sleep(_OTHER_PROCESS_S)
    return _is_here(query_id)


def _is_here(query_id: UUID) -> bool:
    return (
        write_buffer.holds(lambda row: isinstance(row, SearchLog) and row.pk == query_id)
        or SearchLog.objects.filter(pk=query_id).exists()
    )


def flush(timeout_s: float = 5.0) -> bool:
    """Wait until what was recorded in this process is written; False when the time ran out first."""
    return write_buffer.flush(timeout_s)


def write(rows: Sequence[Row]) -> None:
    """Write searches, then clicks, and their counts, in one transaction; what is there already stays."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_STATEMENT_TIMEOUT_MS}")
        counts = _write_searches([row for row in rows if isinstance(row, SearchLog)])
        counts.update(_write_clicks([row for row in rows if isinstance(row, ProductClick)]))
        tally.add(counts)


def _write_searches(logs: Sequence[SearchLog]) -> tally.Tally:
    known = set(SearchLog.objects.filter(pk__in=[log.pk for log in logs]).values_list("pk", flat=True))
    fresh = {log.pk: log for log in logs if log.pk not in known}
    SearchLog.objects.bulk_create(fresh.values())
    counts = tally.Tally()
    for log in fresh.values():
        counts.update(tally.of_search(log))
    return counts


def _write_clicks(clicks: Sequence[ProductClick]) -> tally.Tally:
    searches = {click.search_id for click in clicks}
    query_keys = dict(SearchLog.objects.filter(pk__in=searches).values_list("pk", "query_key"))
    opened = set(ProductClick.objects.filter(search__in=searches).values_list("search", "product_id"))
    clicked = {search for search, _product in opened}
    fresh, counts = [], tally.Tally()
    for click in clicks:
        card = (click.search_id, click.product_id)
        if click.search_id not in query_keys or card in opened:
            continue
        first = click.search_id not in clicked
        counts.update(tally.of_click(click, query_key=query_keys[click.search_id], first=first))
        fresh.append(click)
        opened.add(card)
        clicked.add(click.search_id)
    ProductClick.objects.bulk_create(fresh)
    return counts


write_buffer: WriteBuffer[Row] = WriteBuffer(write)
write_at_exit(write_buffer)
