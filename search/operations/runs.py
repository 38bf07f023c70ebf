"""Runs of ``reindex`` with their state and report, stored for staff."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.template.defaultfilters import pluralize
from django.utils import timezone

from catalog.locking import AlreadyRunning, only_one
from catalog.models import RunState
from catalog.syncing.failures import database_problem, disk_problem
from catalog.syncing.record import save_ended
from search import engine
from search.encoding.embedding import Embed, Progress, ShouldStop, embed_products
from search.encoding.encoder import Encoder
from search.encoding.errors import EncoderError
from search.encoding.parallel import batches
from search.encoding.parallel.publisher import embed_with_workers
from search.index.reindex import NothingToIndex, ReindexReport, reindex
from search.index.segments.merging import MergeReport, merge
from search.index.segments.update import is_merge_due
from search.index.storage.objects import StorageError
from search.index.version import DamagedVersion
from search.models import IndexRun
from search.operations.stale_runs import close_stale_runs

# One every ten minutes, and one for each product that a shop announces.
KEPT = 1000
# How long a run that staff requested waits for the lock of another one, and how often it tries.
LOCK_WAIT_S, LOCK_POLL_S = 3600.0, 5.0
# How often a run's progress is written into its row.
SHOWN_EVERY_S = 2.0


class DeliveredTwice(Exception):
    """The run that staff requested has ended, as another delivery of the same task."""

    def __init__(self, run: IndexRun) -> None:
        super().__init__(f"{run} was delivered twice.")


def carry_out(
    run: IndexRun | None = None,
    *,
    full: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> ReindexReport:
    """``reindex`` with the configured encoder and store, its state stored in ``run`` or in a new row.

    On PostgreSQL only one host at a time runs it on a database for this encoder, so that no product is
    embedded twice. Another release may run it for its own meanwhile.
    Raises what ``reindex`` raises, AlreadyRunning, DeliveredTwice for a ``run`` that has ended, and
    EncoderError where the encoder cannot be loaded.
    """
    _refuse_ended(run)
    encoder = _loaded(run, full=full)
    # A run in progress misses what staff changed since it began, so a requested run waits for it to end.
    give_up_at = time.monotonic() + (LOCK_WAIT_S if run else 0.0)
    while True:
        now = timezone.now()
        try:
            with engine.store().writing(now), only_one("reindex", of=encoder.fingerprint, now=now):
                _refuse_ended(run)
                run = _begin(run or IndexRun(full=full, asked_at=now), encoder, now)
                seen = _Shown(run, progress)
                return _reported(run, encoder, now, force=force, progress=seen, should_stop=should_stop)
        except OSError as error:
            # Before the run began as well: staff must see why nothing is published.
            end(run or IndexRun(full=full, asked_at=now), RunState.FAILED, problem_of(error))
            raise
        except AlreadyRunning as error:
            if time.monotonic() >= give_up_at:
                if run is not None:
                    end(run, RunState.STOPPED, str(error))
                raise
            time.sleep(LOCK_POLL_S)


def _refuse_ended(run: IndexRun | None) -> None:
    # Its other delivery may have ended it before this one began, or while it waited for the lock.
    ended = (RunState.DONE, RunState.STOPPED)
    if run is not None and IndexRun.objects.filter(pk=run.pk, state__in=ended).exists():
        raise DeliveredTwice(run)


def _loaded(run: IndexRun | None, *, full: bool) -> Encoder:
    try:
        return engine.encoder()
    except EncoderError as error:
        asked_at = timezone.now()
        end(run or IndexRun(full=full, asked_at=asked_at), RunState.FAILED, problem_of(error))
        raise


def _reported(run: IndexRun, encoder: Encoder, now: datetime, **options: Any) -> ReindexReport:
    try:
        report = reindex(
            encoder=encoder,
            store=engine.store(),
            now=now,
            full=run.full,
            embed=_embed(),
            **options,
        )
    except Exception as error:  # whatever it is, staff must see that the run ended; it is raised again
        unneeded = isinstance(error, NothingToIndex)
        end(run, RunState.STOPPED if unneeded else RunState.FAILED, problem_of(error))
        raise
    end(run, RunState.STOPPED if report.stopped else RunState.DONE, str(report))
    return report


def problem_of(error: Exception) -> str:
    """Why a run failed, for operators."""
    if isinstance(error, OSError) and not isinstance(error, StorageError):
        return disk_problem(error, again="the reindex")
    if isinstance(error, Error):
        return database_problem(error, again="the reindex")
    return str(error) or type(error).__name__


def _embed() -> Embed:
    """Without a queue there are no workers."""
    return embed_with_workers if settings.EMBEDDING_WORKERS and settings.QUEUE_URL else embed_products


class _Shown:
    """Progress that staff see in the run's row while it runs, beside that of the caller."""

    def __init__(self, run: IndexRun, caller: Progress | None) -> None:
        self._run, self._caller = run, caller
        self._due_at = time.monotonic() + SHOWN_EVERY_S

    def __call__(self, done: int, total: int) -> None:
        if self._caller:
            self._caller(done, total)
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + SHOWN_EVERY_S
            message = f"{done} of {total} product{pluralize(total)} embedded"
            IndexRun.objects.filter(pk=self._run.pk, state=RunState.RUNNING).update(message=message)


def _begin(run: IndexRun, encoder: Encoder, now: datetime) -> IndexRun:
    # Where no beat runs, nobody else closes those of other encoders.
    close_stale_runs(now)
    run.fingerprint = encoder.fingerprint
    # This run holds the lock, so another one of its encoder in state "running" must have been killed.
    killed = IndexRun.objects.filter(state=RunState.RUNNING, fingerprint=run.fingerprint).exclude(pk=run.pk)
    killed.update(state=RunState.STOPPED, finished_at=now, message="It was killed.")
    run.state, run.started_at = RunState.RUNNING, now
    run.save()
    batches.forget_all(run.fingerprint)
    outdated = IndexRun.objects.order_by("-pk").values_list("pk", flat=True)[KEPT : 2 * KEPT]
    IndexRun.objects.filter(pk__in=list(outdated)).delete()
    return run


def end(run: IndexRun, state: RunState, message: str) -> None:
    """Store how the run ended."""
    run.state, run.message, run.finished_at = state, message, timezone.now()
    save_ended(run)


def merge_if_due(should_stop: Callable[[], bool] = lambda: False) -> MergeReport | None:
    """Build a new base where the deltas have grown large; None where they have not, or another one merges.

    A damaged version cannot be merged: the report says so, and the next reindex builds the index anew.
    Raises what ``merge`` raises otherwise.
    """
    store = engine.store()
    started = time.monotonic()
    try:
        if store.pointed() is None or not is_merge_due(store.published()):
            return None
        return merge(engine.encoder(), store, timezone.now(), should_stop)
    except AlreadyRunning:
        return None
    except DamagedVersion as damage:
        return MergeReport(0, None, time.monotonic() - started, problem=str(damage))
