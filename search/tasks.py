"""What the scheduler runs: each task is one call into the domain."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from search import engine
from search.expiry import prune_expired as prune
from search.indexing import NothingToIndex
from search.indexing import reindex as bring_up_to_date
from search.store import WriterBusy

logger = logging.getLogger(__name__)


@shared_task
def reindex() -> str:
    """Embed what changed and publish; a run that is already going, or an empty shop, is no failure."""
    try:
        report = bring_up_to_date(encoder=engine.encoder(), store=engine.store(), now=timezone.now())
    except (WriterBusy, NothingToIndex) as error:
        logger.info("reindex: %s", error)
        return str(error)
    logger.info("reindex: %s", report)
    return str(report)


@shared_task
def prune_expired() -> str:
    """Forget query vectors and shoppers' pictures past their day."""
    report = prune(timezone.now())
    logger.info("prune_expired: %s", report)
    return str(report)
