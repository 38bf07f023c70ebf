"""How many searches each synonym helped to answer, from the counts of queries by day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from analytics.models import DailyCount
from search.ranking import curation

WEEK = timedelta(days=7)
# The most frequent queries of the week: the rest adds little and may be very many.
MOST_QUERIES = 5000


def answered_searches(now: datetime) -> Counter[str]:
    """The key of a synonym -> searches of the last seven days that name it and found something."""
    today = now.astimezone(UTC).date()
    counts = DailyCount.objects.between(today - WEEK + timedelta(days=1), today)
    empty = dict(counts.top(DailyCount.Measure.QUERY_ZERO, MOST_QUERIES))
    held = curation.current()
    answered: Counter[str] = Counter()
    for text, searches in counts.top(DailyCount.Measure.QUERY, MOST_QUERIES):
        for key in held.synonyms_in(text):
            answered[key] += searches - empty.get(text, 0)
    return answered
