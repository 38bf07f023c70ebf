"""Scheduled tasks of analytics."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from analytics import privacy
from analytics.events.learning import IS_LEARNING, learn

logger = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_search_logs() -> int:
    """Delete searches and events older than SEARCH_LOG_DAYS; returns how many searches."""
    return privacy.prune(days=settings.SEARCH_LOG_DAYS, now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def learn_from_events() -> str:
    """Learn popularity and pairs anew."""
    report = str(learn(now=timezone.now()) or IS_LEARNING)
    logger.info("learn_from_events: %s", report)
    return report
