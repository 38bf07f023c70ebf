"""Deleting personal data from the log and the counts: after a time, and with an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from analytics import daily_counts, recording
from analytics.models import DailyCount, ProductClick, SearchLog, SearchLogQuerySet

# Rows of one transaction: short enough not to block the writer of new searches.
_BATCH = 1000


def forget(user: AbstractBaseUser) -> None:
    """Remove the user and their queries from the log and the counts; the searches stay counted.

    Called through ``settings.FORGET_SECTIONS`` before an account is deleted.
    """
    # Rows that are still in the write buffer would otherwise be written afterwards.
    recording.flush()
    with transaction.atomic():
        searches = SearchLog.objects.filter(user=user.pk)
        negated = _negated_query_counts(searches)
        daily_counts.add(negated)
        keys = {key for _day, _measure, key in negated}
        DailyCount.objects.filter(measure__in=DailyCount.PERSONAL, key__in=keys, count__lte=0).delete()
        searches.update(
            user=None, query_text="", query_key="", visitor="", image_url="", top_result_id="", filters={}
        )
        ProductClick.objects.filter(user=user.pk).update(user=None)
        DailyCount.objects.filter(measure=DailyCount.Measure.PERSON, key=str(user.pk)).delete()


def _negated_query_counts(searches: SearchLogQuerySet) -> daily_counts.Counts:
    """What the queries of these searches have added to the counts, negated."""
    counts = daily_counts.Counts()
    # Ordered so that the first click of a search overwrites the later ones.
    first_clicks = dict(
        ProductClick.objects.filter(search__in=searches).order_by("-pk").values_list("search", "timestamp")
    )
    for log in searches.iterator(chunk_size=_BATCH):
        counts.update(daily_counts.for_query(log, clicked_at=first_clicks.get(log.pk)))
    return daily_counts.Counts({key: -count for key, count in counts.items()})


def prune(*, days: int, now: datetime) -> int:
    """Delete searches and clicks older than ``days`` days, and every count that names a query or a person.

    Counts without personal data (searches by type, latency, positions) remain. Returns the number of
    deleted searches.
    """
    moment = now - timedelta(days=days)
    old = SearchLog.objects.before(moment)
    deleted = 0
    # In short transactions: a large one would block the writer.
    while keys := list(old.values_list("pk", flat=True)[:_BATCH]):
        deleted += _delete(keys)
    personal = DailyCount.objects.filter(measure__in=DailyCount.PERSONAL)
    personal.filter(day__lt=moment.astimezone(UTC).date()).delete()
    return deleted


def _delete(keys: Iterable[Any]) -> int:
    with transaction.atomic():
        ProductClick.objects.filter(search__in=keys).delete()
        return SearchLog.objects.filter(pk__in=keys).delete()[0]
