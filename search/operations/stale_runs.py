"""Runs that nobody carries out any more, closed with the reason, so that staff do not wait for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from catalog.locking import AlreadyRunning, only_one
from catalog.models import RunState, SyncRun
from search.models import IndexRun

# A queued reindex may wait for the lock of another one for an hour (search/operations/runs.py).
QUEUED_FOR_TOO_LONG = timedelta(hours=2)
# A run takes its lock a moment before its row says that it is running.
_GRACE = timedelta(minutes=2)
LOST = "No worker took it within two hours. Check that a Celery worker runs, then ask for it again."
KILLED = "It was killed."


def close_stale_runs(now: datetime) -> int:
    """Close queued runs that no worker took, and running ones whose process died; how many."""
    return _close_lost(now) + _close_killed_syncs(now) + _close_killed_reindexes(now)


def _close_lost(now: datetime) -> int:
    # A message that turns up after all is carried out, and its run is opened again.
    before = now - QUEUED_FOR_TOO_LONG
    closed = {"state": RunState.FAILED, "finished_at": now, "message": LOST}
    syncs = SyncRun.objects.filter(state=RunState.QUEUED, started_at__lte=before).update(**closed)
    return syncs + IndexRun.objects.filter(state=RunState.QUEUED, asked_at__lte=before).update(**closed)


def _close_killed_syncs(now: datetime) -> int:
    running = SyncRun.objects.filter(state=RunState.RUNNING, started_at__lte=now - _GRACE)
    sources = running.order_by().values_list("source", flat=True).distinct()
    return sum(_close_killed(running.filter(source=name), f"sync of {name}", now) for name in list(sources))


def _close_killed_reindexes(now: datetime) -> int:
    running = IndexRun.objects.filter(state=RunState.RUNNING, started_at__lte=now - _GRACE)
    models = running.order_by().values_list("fingerprint", flat=True).distinct()
    return sum(
        _close_killed(running.filter(fingerprint=each), "reindex", now, of=each) for each in list(models)
    )


def _close_killed(
    running: QuerySet[SyncRun] | QuerySet[IndexRun], lock: str, now: datetime, *, of: str = ""
) -> int:
    """Who holds the lock is alive: the lock ends with its process."""
    try:
        with only_one(lock, of=of, now=now):
            return running.update(state=RunState.STOPPED, finished_at=now, message=KILLED)
    except AlreadyRunning:
        return 0
