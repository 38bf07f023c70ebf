"""The catalogue's work in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery import Task, shared_task
from django.core.cache import cache
from django.utils import timezone

from catalog.background import start
from catalog.locking import AlreadyRunning
from catalog.models import RunState, SyncRun
from catalog.sources.base import ShopSource, SourceError
from catalog.sources.registry import shop_named, source_named, source_names
from catalog.sources.shopify import ShopifySource
from catalog.syncing import refreshing
from catalog.syncing import sync as syncing

logger = logging.getLogger(__name__)


@shared_task(name="catalog.tasks.sync")
def sync(source: str | None = None, asked: int | None = None) -> None:
    """Sync one source of the settings (a feed or a shop), or schedule a task for each of them.

    ``asked`` is the key of the SyncRun that staff asked for. Safe to run twice: the second finds the lock
    held, or nothing changed.
    """
    if source is None:
        for name in source_names():
            sync.delay(name)
        return
    now = timezone.now()
    known = source_named(source, now=now)
    if known is None:
        _leave(asked, f"The settings know no source {source} any more.")
        return
    try:
        report = syncing.sync(known, now=now, asked=asked)
    except AlreadyRunning as error:
        _leave(asked, str(error), RunState.STOPPED)
        return
    logger.log(logging.WARNING if report.problem else logging.INFO, "%s %s", report, report.problem)


def _leave(asked: int | None, why: str, state: RunState = RunState.FAILED) -> None:
    logger.log(logging.WARNING if state == RunState.FAILED else logging.INFO, "%s", why)
    if asked is not None:
        SyncRun.objects.filter(pk=asked).update(state=state, finished_at=timezone.now(), message=why)


def ask_sync(source: str, *, now: datetime) -> None:
    """Have this source synced soon; a SyncRun says what became of it."""
    run = SyncRun.objects.create(source=source, state=RunState.QUEUED, started_at=now)
    start(sync, source, run.pk, failed=lambda why: _leave(run.pk, why))


@shared_task(name="catalog.tasks.refresh", bind=True, max_retries=5)
def refresh(task: Task, shop: str, number: str) -> None:
    """Bring one product of a shop up to date; tried again for half an hour where the shop does not answer."""
    cache.delete(refreshing.due_key(refresh.name, shop, number))
    _at_shop(task, shop, lambda source: _refresh(source, number))


@shared_task(name="catalog.tasks.refresh_inventory_item", bind=True, max_retries=5)
def refresh_inventory_item(task: Task, shop: str, item: str) -> None:
    """As refresh, for the product whose stock Shopify counts under this inventory item."""
    cache.delete(refreshing.due_key(refresh_inventory_item.name, shop, item))

    def look_up(source: ShopSource) -> None:
        number = source.product_of_inventory_item(item) if isinstance(source, ShopifySource) else None
        if number is not None:
            _refresh(source, number)

    _at_shop(task, shop, look_up)


def _refresh(source: ShopSource, number: str) -> None:
    outcome = refreshing.refresh(source, number, now=timezone.now())
    for row in outcome.rejected:
        logger.warning("%s: rejected %s: %s", source.name, row.external_id, row.problem)


def _at_shop(task: Any, shop: str, work: Callable[[ShopSource], None]) -> None:
    """Do ``work``; what fails for good, or too often, is left to the next sync."""
    source = shop_named(shop)
    if source is None:
        return
    try:
        work(source)
    except SourceError as error:
        if error.permanent or task.request.retries >= task.max_retries:
            logger.warning("%s: a change waits for the next sync: %s", shop, error)
            return
        raise task.retry(exc=error, countdown=60 * 2**task.request.retries) from error
