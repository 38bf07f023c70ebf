"""The catalogue's work in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from celery import Task, shared_task
from django.core.cache import cache
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from catalog.background import start
from catalog.locking import AlreadyRunning, only_one
from catalog.models import ProductImage, RunState, SyncRun
from catalog.queue import announce_change
from catalog.sources.base import SourceError
from catalog.sources.protocols import ShopSource
from catalog.sources.pushed import PushedSource
from catalog.sources.registry import pushed_sources, shop_named, source_named, source_names
from catalog.syncing import refreshing
from catalog.syncing import sync as syncing
from catalog.syncing.following import follow
from catalog.syncing.picture_rows import UNTRIED, shown

logger = logging.getLogger(__name__)


@shared_task(name="catalog.tasks.sync")  # type: ignore[untyped-decorator]  # celery has no types
def sync(source: str | None = None, run_id: int | None = None) -> None:
    """Sync one source of the settings (a feed or a shop), or enqueue a task for each of them.

    ``run_id`` is the key of the SyncRun that staff requested. Safe to run twice: the second run finds the
    lock held, or nothing changed, and leaves what is stored of the first as it is.
    """
    if source is None:
        for name in source_names():
            sync.delay(name)
        for name in pushed_sources():
            fetch_pictures.delay(name)
        return
    now = timezone.now()
    ended = SyncRun.objects.filter(state__in=(RunState.DONE, RunState.STOPPED))
    if run_id is not None and ended.filter(pk=run_id).exists():
        # Delivered again, perhaps since its worker was killed over the pictures.
        run_id = None
    known = source_named(source, now=now)
    if known is None:
        _close(run_id, f"The settings know no source {source} any more.")
        return
    try:
        report = syncing.sync(known, now=now, run_id=run_id)
    except AlreadyRunning as error:
        _close(run_id, str(error), RunState.STOPPED)
        return
    logger.log(logging.WARNING if report.problem else logging.INFO, "%s %s", report, report.problem)


@shared_task(name="catalog.tasks.fetch_pictures")  # type: ignore[untyped-decorator]  # celery has no types
def fetch_pictures(source: str) -> None:
    """Fetch the pictures that are due of products that were sent to the API, and of those sent meanwhile."""
    if _fetch(source, shown(source)):
        # Whoever was asked for new ones meanwhile found the lock held.
        fetch_new_pictures(source)


@shared_task(name="catalog.tasks.fetch_new_pictures")  # type: ignore[untyped-decorator]  # celery has no types
def fetch_new_pictures(source: str) -> None:
    """As fetch_pictures, those alone that nobody has tried to fetch.

    Safe to run twice: the second run finds the lock held, and the first looks for new ones before it ends.
    """
    untried = shown(source).filter(UNTRIED)
    while untried.exists() and _fetch(source, untried):
        pass


def _fetch(source: str, pictures: QuerySet[ProductImage]) -> bool:
    """Whether nobody else was at it."""
    now = timezone.now()
    try:
        with only_one(f"pictures of {source}", now=now):
            outcome = follow(PushedSource(source), pictures, now=now)
    except AlreadyRunning:
        return False
    logger.info("%s: %d pictures fetched, %d failed", source, outcome.kept, outcome.failed)
    if outcome.kept:
        # The index and the pages know the products without them.
        announce_change()
    return True


def request_pictures(source: str) -> None:
    """Fetch the new pictures of this source in the background."""

    def wait(reason: str) -> None:
        logger.warning("%s: pictures wait for the hourly task: %s", source, reason)

    start(fetch_new_pictures, source, failed=wait)


def _close(run_id: int | None, reason: str, state: RunState = RunState.FAILED) -> None:
    logger.log(logging.WARNING if state == RunState.FAILED else logging.INFO, "%s", reason)
    if run_id is not None:
        # One that is running was delivered twice, and its own worker closes it.
        waiting = SyncRun.objects.filter(pk=run_id).exclude(state=RunState.RUNNING)
        waiting.update(state=state, finished_at=timezone.now(), message=reason)


def request_sync(source: str, *, now: datetime) -> None:
    """Enqueue a sync of this source; a SyncRun records what became of it."""
    run = SyncRun.objects.create(source=source, state=RunState.QUEUED, started_at=now)
    start(sync, source, run.pk, failed=lambda reason: _close(run.pk, reason))


@shared_task(name="catalog.tasks.refresh", bind=True, max_retries=5)  # type: ignore[untyped-decorator]  # celery has no types
def refresh(task: Task, shop: str, style_id: str) -> None:
    """Bring one product of a shop up to date; tried again for half an hour where the shop, or the
    database, does not answer.
    """
    # Before the look-up: a change that is announced from now on needs another one.
    cache.delete(refreshing.due_key(refresh.name, shop, style_id))
    _with_shop(task, shop, lambda source: _refresh(source, style_id))


@shared_task(name="catalog.tasks.refresh_inventory_item", bind=True, max_retries=5)  # type: ignore[untyped-decorator]  # celery has no types
def refresh_inventory_item(task: Task, shop: str, item: str) -> None:
    """As refresh, for the product whose stock the shop counts under this inventory item."""
    cache.delete(refreshing.due_key(refresh_inventory_item.name, shop, item))

    def look_up(source: ShopSource) -> None:
        style_id = source.product_of_inventory_item(item)
        if style_id is not None:
            _refresh(source, style_id)

    _with_shop(task, shop, look_up)


def _refresh(source: ShopSource, style_id: str) -> None:
    outcome = refreshing.refresh(source, style_id, clock=timezone.now)
    for row in outcome.rejected:
        logger.warning("%s: rejected %s: %s", source.name, row.external_id, row.problem)
    announce_change()


def _with_shop(task: Task, shop: str, work: Callable[[ShopSource], None]) -> None:
    """Do ``work``; what fails permanently, or too often, is left to the next sync."""
    source = shop_named(shop)
    if source is None:
        return
    try:
        work(source)
    except (SourceError, OperationalError) as error:
        is_permanent = isinstance(error, SourceError) and error.permanent
        if is_permanent or task.request.retries >= task.max_retries:
            logger.warning("%s: a change waits for the next sync: %s", shop, error)
            return
        raise task.retry(exc=error, countdown=60 * 2**task.request.retries) from error
