"""Deleting personal data from the log and the counts: after a time, and with an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Min

from analytics import daily_counts
from analytics.events import counting
from analytics.events.models import Event, EventQuerySet
from analytics.experiments import outcome
from analytics.models import DailyCount, ProductClick, SearchLog, SearchLogQuerySet

# Rows of one transaction: short enough not to block the writer of new searches.
_BATCH = 1000
# A hundred years: no moment lies further back than dates reach.
MOST_DAYS = 36_500


def forget(user: AbstractBaseUser) -> None:
    """Remove the user and their queries from the log and the counts, and their events; the searches stay
    counted.

    Called through ``settings.FORGET_SECTIONS`` before an account is deleted. What is still in a write buffer
    would be written afterwards: ``recording.settle`` comes first (``settings.BEFORE_FORGETTING``).
    """
    with transaction.atomic():
        searches = SearchLog.objects.filter(user=user.pk)
        # In the order of analytics.events.writing: searches, by their keys, then counts. A purchase that is
        # being written is so waited for, and taken out of the counts as well.
        list(searches.select_for_update().order_by("pk").values_list("pk"))
        added = _query_counts(searches)
        own = Event.objects.filter(user=user.pk)
        # Such as an order that the shop reported: it names nobody, and holds the words all the same.
        followed = Event.objects.filter(search_id__in=searches.values("pk"))
        added.update(
            _event_counts(Event.objects.filter(pk__in=own.values("pk").union(followed.values("pk"))))
        )
        daily_counts.add(daily_counts.Counts({key: -count for key, count in added.items()}))
        keys = {key for _day, _measure, key in added}
        DailyCount.objects.filter(measure__in=DailyCount.PERSONAL, key__in=keys, count__lte=0).delete()
        own.delete()
        followed.update(query_key="")
        # What an answer held says what was asked. Clicks keep their team; that there was none is counted.
        searches.exclude(teams={}).update(teams=None)
        searches.update(
            user=None,
            query_text="",
            query_key="",
            session="",
            visitor="",
            image_url="",
            top_result_id="",
            filters={},
        )
        ProductClick.objects.filter(user=user.pk).update(user=None)
        DailyCount.objects.filter(measure=DailyCount.Measure.PERSON, key=str(user.pk)).delete()


def _query_counts(searches: SearchLogQuerySet) -> daily_counts.Counts:
    """What the queries of these searches have added to the counts."""
    counts = daily_counts.Counts()
    rows = ProductClick.objects.filter(search__in=searches).values_list("search__visit", "search")
    clicked = {visit or search for visit, search in rows}
    for log in searches.iterator(chunk_size=_BATCH):
        counts.update(daily_counts.for_query(log, clicked=log.pk in clicked))
    return counts


def _event_counts(events: EventQuerySet) -> daily_counts.Counts:
    """What these events have added to the counts under the words of their searches."""
    counts = daily_counts.Counts()
    # A search converts once, whoever bought first.
    purchases = Event.objects.filter(type=Event.Type.PURCHASE, search_id__in=events.values("search_id"))
    firsts = set(purchases.values("search_id").values_list(Min("pk"), flat=True))
    named = events.exclude(query_key="")
    asked = SearchLog.objects.only("query_type", "timestamp").in_bulk(
        set(named.filter(pk__in=firsts).values_list("search_id", flat=True))
    )
    for event in named.iterator(chunk_size=_BATCH):
        converted = asked.get(event.search_id) if event.pk in firsts else None
        counts.update(counting.for_query(event, converted=converted))
    return counts


def prune(*, days: int, now: datetime) -> int:
    """Delete searches, clicks and events older than ``days`` days, and counts that name a query or a person.

    Counts without personal data (searches by type, latency, positions) remain. Returns the number of
    deleted searches.
    """
    moment = now - timedelta(days=days)
    outcome.stop_before_pruning(moment, now)
    old = SearchLog.objects.before(moment)
    deleted = 0
    # In short transactions: a large one would block the writer.
    while keys := list(old.values_list("pk", flat=True)[:_BATCH]):
        deleted += _delete(keys)
    events = Event.objects.before(moment)
    while numbers := list(events.values_list("pk", flat=True)[:_BATCH]):
        Event.objects.filter(pk__in=numbers).delete()
    personal = DailyCount.objects.filter(measure__in=DailyCount.PERSONAL)
    personal.filter(day__lt=moment.astimezone(UTC).date()).delete()
    return deleted


def _delete(keys: Iterable[Any]) -> int:
    with transaction.atomic():
        ProductClick.objects.filter(search__in=keys).delete()
        return SearchLog.objects.filter(pk__in=keys).delete()[0]
