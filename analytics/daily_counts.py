"""Counts of searches and clicks by UTC day: what each adds to the table ``daily_counts``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from datetime import UTC, date
from typing import TYPE_CHECKING

from django.db import connection

from analytics.models import DailyCount, ProductClick, SearchLog

if TYPE_CHECKING:
    from analytics.events.models import Event

# Sizes of result sets and positions of clicks are counted up to here; the dashboard compares fewer.
RESULTS_SHOWN = 100
# Latency buckets grow by 2 %, so a percentile read from them is within 1 %.
_STEP = math.log(1.02)
_MIN_MS = 0.01
# Rows of one INSERT: four parameters each, within the limits of SQLite and PostgreSQL.
_ROWS = 200

Measure = DailyCount.Measure
# {(day, measure, key): how often}; negative to subtract.
Counts = Counter[tuple[date, str, str]]


def latency_bucket(milliseconds: float) -> int:
    """The logarithmic bucket of a duration; ``bucket_ms`` is the inverse."""
    return round(math.log(max(milliseconds, _MIN_MS)) / _STEP)


def bucket_ms(bucket: int) -> float:
    """The middle of a bucket in milliseconds, at most 1 % off every duration in it."""
    return math.exp(bucket * _STEP)


def for_search(log: SearchLog) -> Counts:
    if not log.is_counted:
        return Counts()
    day = day_of(log)
    keys = [
        (Measure.CACHE, "hit" if log.cache_hit else "miss"),
        *((Measure.FILTER, name) for name in log.filters),
        *((Measure.STAGE, f"{stage}:{latency_bucket(ms)}") for stage, ms in _stages(log).items()),
        *_query_keys(log),
    ]
    # What refines a search took time as well, but nobody asked anew.
    if log.is_first:
        keys += [
            (Measure.TYPE, log.query_type),
            (Measure.RESULTS, str(min(log.results_count, RESULTS_SHOWN))),
            (Measure.CONFIDENCE, _confidence(log)),
        ]
    if log.query_type == SearchLog.QueryType.HYBRID and log.fusion_weight is not None:
        keys.append((Measure.WEIGHT, f"{log.fusion_weight:.1f}"))
    if log.user_id is not None:
        keys.append((Measure.PERSON, str(log.user_id)))
    return Counter((day, str(measure), key) for measure, key in keys)


def for_click(click: ProductClick, *, visit: SearchLog | None, clicked: Collection[int]) -> Counts:
    """What one click adds to the counts of its own day, and to those of the day of the search that began its
    visit: that this search was clicked, and where.

    ``visit`` is that search, None where it is lost; ``clicked`` holds the positions that the visit was
    clicked at before.
    """
    position = str(min(click.position, RESULTS_SHOWN))
    day = day_of(click)
    counts = Counts(
        {(day, str(Measure.CLICK), position): 1, (day, str(Measure.PRODUCT), click.product_id): 1}
    )
    if visit is None:
        return counts
    # On the day that counted the search: no day's searches are clicked more often than there were.
    asked = day_of(visit)
    if not clicked:
        counts[asked, str(Measure.FIRST_CLICK), position] += 1
        counts.update(_clicked_query(visit))
    # Of what RESULTS counts: no position is clicked more often than it was shown.
    if click.position not in clicked and click.position <= min(visit.results_count, RESULTS_SHOWN):
        counts[asked, str(Measure.CLICKED_POSITION), position] += 1
    return counts


def for_query(log: SearchLog, *, clicked: bool) -> Counts:
    """What one search has added under its query, with its visit's first click where that was ``clicked``."""
    counts = Counter((day_of(log), str(measure), key) for measure, key in _query_keys(log))
    if clicked and log.is_first:
        counts.update(_clicked_query(log))
    return counts


def day_of(row: SearchLog | ProductClick | Event) -> date:
    """The UTC day that a row counts on."""
    return row.timestamp.astimezone(UTC).date()


def _clicked_query(visit: SearchLog) -> Counts:
    return Counts(
        {(day_of(visit), str(Measure.QUERY_CLICKED), visit.query_key): 1} if visit.query_key else {}
    )


def _query_keys(log: SearchLog) -> list[tuple[Measure, str]]:
    if not (log.query_key and log.is_first):
        return []
    keys = [(Measure.QUERY, log.query_key)]
    if not log.results_count:
        keys.append((Measure.QUERY_ZERO, log.query_key))
    elif log.low_confidence:
        keys.append((Measure.QUERY_LOW, log.query_key))
    return keys


def _confidence(log: SearchLog) -> str:
    if not log.results_count:
        return "none"
    return "low" if log.low_confidence else "high"


def _stages(log: SearchLog) -> dict[str, float]:
    return {**log.stages, "total": log.took_ms}


def add(counts: Counts) -> None:
    # Sorted, so that every process locks rows in the same order and none deadlock.
    rows = sorted((day, measure, key, count) for (day, measure, key), count in counts.items() if count)
    for start in range(0, len(rows), _ROWS):
        _upsert(rows[start : start + _ROWS])


def _upsert(rows: list[tuple[date, str, str, int]]) -> None:
    placeholders = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    values = [value for row in rows for value in row]
    # Both databases know this form; Django's bulk_create can replace a conflicting row, but not add to it.
    sql = (
        f"INSERT INTO daily_counts (day, measure, key, count) VALUES {placeholders} "  # noqa: S608 - only placeholders  # nosec B608
        "ON CONFLICT (measure, day, key) DO UPDATE SET count = daily_counts.count + excluded.count"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
