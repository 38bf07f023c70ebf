"""Saved searches: which products came into the shop since a person was told last."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from catalog.pictures.place import PicturesAway
from search import engine
from search.admission import Busy
from search.alerts import outbox, saved_search
from search.engine import NotReady
from search.images import UnknownImage
from search.models import Alert
from search.query import MAX_TOP_K, InvalidQuery
from search.retrieval import search

logger = logging.getLogger(__name__)

# Different searches of one run, the longest unseen first: the rest is for the next.
MAX_SEARCHES = 200


def find(now: datetime) -> int:
    """Queue mails about products that are new in saved searches; returns how many."""
    try:
        latest = _latest()
    except NotReady as error:
        logger.warning("new_finds_wait", extra={"reason": error.reason})
        return 0
    due = _due(now, latest)
    by_search: dict[str, list[Alert]] = defaultdict(list)
    for alert in due:
        by_search[alert.query_key].append(alert)
    return sum(_queue(alerts, latest, now) for alerts in list(by_search.values())[:MAX_SEARCHES])


def _latest() -> datetime:
    """When the newest product of the index came into the shop: what is not indexed yet is not missed."""
    columns = engine.snapshot().columns
    return datetime.fromtimestamp(float(columns.created.max(initial=0.0)), UTC)


def _due(now: datetime, latest: datetime) -> Sequence[Alert]:
    """Saved searches with anything new to look at, whose people may get a mail."""
    waiting = Alert.objects.active(now).filter(kind=Alert.Kind.NEW_FINDS, mail=None, seen_until__lt=latest)
    rested = waiting.exclude(last_sent_at__gt=now - outbox.INTERVAL)
    return list(rested.order_by("seen_until", "pk"))


def _queue(alerts: Sequence[Alert], latest: datetime, now: datetime) -> int:
    """For people with one search: one search, one transaction."""
    try:
        query = saved_search.from_dict(alerts[0].query, top_k=MAX_TOP_K, personal=False)
        found = search(query, user=None, now=now, track=False, log=False)
    except (InvalidQuery, UnknownImage) as error:
        # A filter or a product of it is no more; it waits for what comes next, and expires like any other.
        logger.warning("saved_search_unreadable", extra={"reason": str(error)})
        Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(seen_until=latest)
        return 0
    except (NotReady, Busy, PicturesAway):
        return 0
    # Where nothing is left, an answer lets a reading go ("under 5"), which nobody subscribed to.
    is_as_asked = found.query.ignore == query.ignore
    hits = [hit.product for hit in found.hits if hit.product.in_stock and is_as_asked]
    queued = 0
    with transaction.atomic():
        # Locked, so that none is deleted before its mail is committed.
        waiting = Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).select_for_update()
        for alert in waiting.order_by("pk"):
            since = alert.seen_until or alert.created_at
            if new := [each.pk for each in hits if each.created_at > since and alert.compares(each.currency)]:
                outbox.queue([alert], now=now, products=new)
                queued += 1
        waiting.update(seen_until=latest)
    return queued
