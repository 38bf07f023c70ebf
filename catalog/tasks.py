"""The catalogue's work in the background."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from catalog import sync as syncing
from catalog.locking import AlreadyRunning
from catalog.sources.addresses import source_at

logger = logging.getLogger(__name__)


@shared_task(name="catalog.tasks.sync")
def sync(source: str | None = None) -> None:
    """Sync one source of CATALOGUE_SOURCES, or schedule a task for each of them.

    Safe to run twice: the second finds the lock held, or nothing changed.
    """
    if source is None:
        for name in settings.CATALOGUE_SOURCES:
            sync.delay(name)
        return
    now = timezone.now()
    try:
        report = syncing.sync(source_at(source, settings.CATALOGUE_SOURCES[source], now=now), now=now)
    except AlreadyRunning as error:
        logger.info("%s", error)
        return
    logger.log(logging.WARNING if report.problem else logging.INFO, "%s %s", report, report.problem)
