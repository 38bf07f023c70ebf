"""Counting searches and clicks by day: what one adds to ``daily_counts``, and taking it back."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime

from django.db import connection

from analytics.models import DailyCount, ProductClick, SearchLog

# Answers are compared by position up to here: nobody has looked further by one click.
RESULTS_SHOWN = 100
# Buckets of latency grow by 2 %, so a percentile read from them is right to 1 %.
_STEP = math.log(1.02)
_FASTEST_MS = 0.01
# Rows of one INSERT: four parameters each, within the limits of both databases.
_ROWS = 200

Measure = DailyCount.Measure
# (day, measure, key) -> how often.
Tally = Counter[tuple[date, str, str]]


def bucket(milliseconds: float) -> int:
    """The bucket of a duration; see ``duration`` for the way back."""
    return round(math.log(max(milliseconds, _FASTEST_MS)) / _STEP)


def duration(bucket: int) -> float:
    """Milliseconds in the middle of a bucket, at most 1 % off what went in."""
    return math.exp(bucket * _STEP)


def of_search(log: SearchLog) -> Tally:
    """What one search adds to its day."""
    day = log.timestamp.astimezone(UTC).date()
    keys = [
        (Measure.TYPE, log.query_type),
        (Measure.CACHE, "hit" if log.cache_hit else "miss"),
        (Measure.RESULTS, str(min(log.results_count, RESULTS_SHOWN))),
        (Measure.CONFIDENCE, _confidence(log)),
        *((Measure.FILTER, name) for name in log.filters),
        *((Measure.STAGE, f"{stage}:{bucket(ms)}") for stage, ms in _stages(log).items()),
        *_word_keys(log),
    ]
    if log.query_type == SearchLog.QueryType.HYBRID and log.fusion_weight is not None:
        keys.append((Measure.WEIGHT, f"{log.fusion_weight:.1f}"))
    if log.user_id is not None:
        keys.append((Measure.PERSON, str(log.user_id)))
    return Counter((day, str(measure), key) for measure, key in keys)


def of_click(click: ProductClick, *, query_key: str, first: bool) -> Tally:
    """What one click adds to its day; ``first`` for the first one on its answer."""
    day = click.timestamp.astimezone(UTC).date()
    position = str(min(click.position, RESULTS_SHOWN))
    keys = [(Measure.CLICK, position), (Measure.PRODUCT, click.product_id)]
    if first:
        keys.append((Measure.FIRST_CLICK, position))
        keys += [(Measure.QUERY_CLICKED, query_key)] if query_key else []
    return Counter((day, str(measure), key) for measure, key in keys)


def of_words(log: SearchLog, *, clicked_at: datetime | None) -> Tally:
    """What the words of one search have added: to its own day, and to that of the first click on it."""
    day = log.timestamp.astimezone(UTC).date()
    counts = Counter((day, str(measure), key) for measure, key in _word_keys(log))
    if clicked_at is not None and log.query_key:
        counts[clicked_at.astimezone(UTC).date(), str(Measure.QUERY_CLICKED), log.query_key] += 1
    return counts


def _word_keys(log: SearchLog) -> list[tuple[Measure, str]]:
    if not log.query_key:
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


def add(tally: Tally) -> None:
    """Add to the counts of each day; negative numbers take away.

    Keys go in one order everywhere, so that two processes never wait for each other's rows in a circle.
    """
    rows = sorted((day, measure, key, count) for (day, measure, key), count in tally.items() if count)
    for start in range(0, len(rows), _ROWS):
        _upsert(rows[start : start + _ROWS])


def _upsert(rows: list[tuple[date, str, str, int]]) -> None:
    places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    values = [value for row in rows for value in row]
    # Both databases know this form; Django's bulk_create can replace a conflicting row, not add to it.
    sql = (
        f"INSERT INTO daily_counts (day, measure, key, count) VALUES {places} "  # noqa: S608 - only placeholders  # nosec B608
        "ON CONFLICT (measure, day, key) DO UPDATE SET count = daily_counts.count + excluded.count"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
