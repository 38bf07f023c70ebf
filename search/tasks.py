"""What the scheduler runs: each task is one call into the domain."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from catalog.locking import AlreadyRunning
from search.index.reindex import NothingToIndex
from search.models import IndexRun
from search.operations import runs
from search.operations.expiry import prune_expired as prune

logger = logging.getLogger(__name__)


@shared_task
def reindex(asked: int | None = None) -> str:
    """Embed what changed and publish; a run that is already going, or an empty shop, is no failure.

    ``asked`` is the key of the IndexRun that staff asked for.
    """
    try:
        run = IndexRun.objects.filter(pk=asked).first() if asked else None
        report = str(runs.carry_out(run))
    except (AlreadyRunning, NothingToIndex) as error:
        report = str(error)
    logger.info("reindex: %s", report)
    return report


@shared_task
def prune_expired() -> str:
    """Forget query vectors and shoppers' pictures past their day."""
    report = prune(timezone.now())
    logger.info("prune_expired: %s", report)
    return str(report)
