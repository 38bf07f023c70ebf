"""``reindex`` as staff see it: each run asked for, running, done or failed, with its report."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.background import start
from catalog.locking import AlreadyRunning, only_one
from catalog.models import RunState
from search import engine
from search.encoding.embedding import Progress
from search.index.reindex import NothingToIndex, ReindexReport, reindex
from search.models import IndexRun

# One every ten minutes: a day and a half to look back on.
KEPT = 200
# How long a run that staff asked for waits for another one to end, and how often it looks.
PATIENCE_S, POLL_S = 3600.0, 5.0


def ask(run: IndexRun) -> None:
    """Have the index brought up to date soon; the row ``run`` will say what became of it."""
    # Not at the top: the tasks call this module.
    from search import tasks

    run.asked_at = timezone.now()
    run.save()
    start(tasks.reindex, run.pk, failed=lambda why: _end(run, RunState.FAILED, why))


def carry_out(
    run: IndexRun | None = None,
    *,
    full: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ReindexReport:
    """``reindex`` with the configured encoder and store, and its state kept in ``run`` or a row of its own.

    On PostgreSQL the hosts that share a database take turns, so that no product is embedded twice. Raises
    what ``reindex`` raises, AlreadyRunning, and EncoderError where the encoder cannot be loaded.
    """
    # What staff changed after the other run had begun is not in it, so theirs waits for its turn.
    give_up = time.monotonic() + (PATIENCE_S if run else 0.0)
    while True:
        now = timezone.now()
        try:
            with engine.store().writing(now), only_one("reindex", now=now):
                run = _begin(run or IndexRun(full=full, asked_at=now), now)
                return _reported(run, now, force=force, progress=progress, should_stop=should_stop)
        except AlreadyRunning as error:
            if time.monotonic() >= give_up:
                if run is not None:
                    _end(run, RunState.STOPPED, str(error))
                raise
            time.sleep(POLL_S)


def _reported(run: IndexRun, now: datetime, **how: Any) -> ReindexReport:
    try:
        report = reindex(encoder=engine.encoder(), store=engine.store(), now=now, full=run.full, **how)
    except Exception as error:
        unneeded = isinstance(error, NothingToIndex)
        _end(run, RunState.STOPPED if unneeded else RunState.FAILED, str(error) or type(error).__name__)
        raise
    _end(run, RunState.STOPPED if report.stopped else RunState.DONE, str(report))
    return report


def _begin(run: IndexRun, now: datetime) -> IndexRun:
    # Holding the lock, a run that still says "running" can only have been killed.
    killed = IndexRun.objects.filter(state=RunState.RUNNING).exclude(pk=run.pk)
    killed.update(state=RunState.STOPPED, finished_at=now, message="It was killed.")
    run.state, run.started_at = RunState.RUNNING, now
    run.save()
    outdated = IndexRun.objects.order_by("-pk").values_list("pk", flat=True)[KEPT : 2 * KEPT]
    IndexRun.objects.filter(pk__in=list(outdated)).delete()
    return run


def _end(run: IndexRun, state: RunState, message: str) -> None:
    run.state, run.message, run.finished_at = state, message, timezone.now()
    run.save()
