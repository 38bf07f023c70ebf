"""Scheduled tasks of accounts."""

from celery import shared_task
from django.utils import timezone

from accounts.models import SignIn


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def prune_sign_ins() -> int:
    """Delete ended and expired sign-ins; returns how many."""
    deleted, _by_model = SignIn.objects.inactive(timezone.now()).delete()
    return deleted
