"""Scheduled tasks of analytics."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from analytics import privacy


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_search_logs() -> int:
    """Delete searches older than SEARCH_LOG_DAYS; returns how many."""
    return privacy.prune(days=settings.SEARCH_LOG_DAYS, now=timezone.now())
