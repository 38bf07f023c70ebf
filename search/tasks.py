"""Celery tasks of the search, and the request for a reindex from a page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from celery import Task, shared_task
from django.db import OperationalError
from django.utils import timezone

from catalog.background import start
from catalog.locking import AlreadyRunning
from catalog.models import RunState
from catalog.queue import NotQueued, change_is_followed, enqueue
from search import engine
from search.alerts import running
from search.encoding.parallel.worker import help_with
from search.index.reindex import NothingToIndex
from search.index.storage.objects import StorageError
from search.models import IndexRun
from search.operations import runs, stale_runs
from search.operations.expiry import prune_expired as prune

logger = logging.getLogger(__name__)

# How long a change waits where another run holds the lock.
RETRY_SECONDS = 2
# And where object storage or the database is away.
AWAY_RETRY_SECONDS = 30

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
# Celery has no annotations. As a task is called like the function it wraps, its type is the function's.
task = cast("Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]", shared_task)


@task
def reindex(run_key: int | None = None) -> str:
    """Embed what changed and publish; a run that is in progress, or an empty shop, is no failure.

    ``run_key`` is the primary key of the IndexRun that staff requested.
    """
    try:
        run = IndexRun.objects.filter(pk=run_key).first() if run_key else None
        report = str(runs.carry_out(run))
        merge.delay()
    except (AlreadyRunning, NothingToIndex, runs.DeliveredTwice) as error:
        report = str(error)
    logger.info("reindex: %s", report)
    return report


@shared_task(name="search.tasks.merge")  # type: ignore[untyped-decorator]  # celery has no types
def merge() -> None:
    """Build a new base where the deltas have grown large. Deltas are published meanwhile."""
    report = runs.merge_if_due()
    if report is not None:
        logger.log(logging.WARNING if report.problem else logging.INFO, "merge: %s", report)


@shared_task(name="search.tasks.embed")  # type: ignore[untyped-decorator]  # celery has no types
def embed(run: str) -> None:
    """Embed one batch of a reindex that another process publishes, and ask for the next one.

    One batch a task: a worker that is told to stop ends within seconds, and a killed one loses no more.
    """
    if not help_with(UUID(run), engine.encoder):
        return
    try:
        enqueue(embed, run)
    except NotQueued as error:
        logger.warning("embed: %s", error)


@shared_task(name="search.tasks.follow_changes", bind=True, max_retries=None)  # type: ignore[untyped-decorator]  # celery has no types
def follow_changes(task: Task) -> None:
    """Publish what a shop just announced; tried again until the run that is in progress has ended."""
    # Before the run: a change that is announced from now on needs another one.
    change_is_followed()
    try:
        report = runs.carry_out()
    except NothingToIndex as error:
        logger.info("follow_changes: %s", error)
    except AlreadyRunning as error:
        raise task.retry(exc=error, countdown=RETRY_SECONDS) from error
    except (StorageError, OperationalError) as error:
        raise task.retry(exc=error, countdown=AWAY_RETRY_SECONDS) from error
    else:
        logger.info("follow_changes: %s", report)
        merge.delay()


def ask_reindex(run: IndexRun) -> None:
    """Save ``run`` and start it in the background; its row will hold how it ended."""
    run.asked_at = timezone.now()
    run.save()
    start(reindex, run.pk, failed=lambda why: runs.end(run, RunState.FAILED, why))


@task
def prune_expired() -> str:
    """Delete query vectors and shoppers' pictures that expired."""
    report = prune(timezone.now())
    logger.info("prune_expired: %s", report)
    return str(report)


@task
def send_alerts() -> str:
    """Look for new finds of saved searches, and send the mails of alerts that are due."""
    report = running.run(timezone.now)
    logger.info("send_alerts: %s", report)
    return report


@task
def close_stale_runs() -> int:
    """Close runs that no process carries out any more."""
    closed = stale_runs.close_stale_runs(timezone.now())
    if closed:
        logger.warning("close_stale_runs: %s closed", closed)
    return closed
