"""Forgetting: by time, and with an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from analytics import recording, tally
from analytics.models import DailyCount, ProductClick, SearchLog, SearchLogQuerySet

# Rows of one transaction: short enough that a search is never kept waiting for the table.
_BATCH = 1000


def forget(user: AbstractBaseUser) -> None:
    """Take the person out of the log: who asked and what was asked go, that someone searched stays counted.

    Called by settings.FORGET_SECTIONS when an account is deleted, before it goes.
    """
    recording.flush()
    with transaction.atomic():
        searches = SearchLog.objects.filter(user=user.pk)
        words = _words_of(searches)
        tally.add(words)
        keys = {key for _day, _measure, key in words}
        DailyCount.objects.filter(measure__in=DailyCount.PERSONAL, key__in=keys, count__lte=0).delete()
        searches.update(user=None, query_text="", query_key="", image_url="", top_result_id="", filters={})
        ProductClick.objects.filter(user=user.pk).update(user=None)
        DailyCount.objects.filter(measure=DailyCount.Measure.PERSON, key=str(user.pk)).delete()


def _words_of(searches: SearchLogQuerySet) -> tally.Tally:
    """What the words of these searches have added to the counts, negated."""
    added = tally.Tally()
    first_clicks = dict(
        ProductClick.objects.filter(search__in=searches).order_by("-pk").values_list("search", "timestamp")
    )
    for log in searches.iterator(chunk_size=_BATCH):
        added.update(tally.of_words(log, clicked_at=first_clicks.get(log.pk)))
    return tally.Tally({key: -count for key, count in added.items()})


def prune(*, days: int, now: datetime) -> int:
    """Delete searches and clicks older than ``days`` days, and every count that names words or a person.

    What is left of those days are numbers without words: searches by type, latency, positions. Returns
    how many searches were deleted.
    """
    moment = now - timedelta(days=days)
    old = SearchLog.objects.until(moment)
    deleted = 0
    while keys := list(old.values_list("pk", flat=True)[:_BATCH]):
        deleted += _delete(keys)
    personal = DailyCount.objects.filter(measure__in=DailyCount.PERSONAL)
    personal.filter(day__lt=moment.astimezone(UTC).date()).delete()
    return deleted


def _delete(keys: Iterable[Any]) -> int:
    with transaction.atomic():
        ProductClick.objects.filter(search__in=keys).delete()
        return SearchLog.objects.filter(pk__in=keys).delete()[0]
