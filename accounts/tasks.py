"""Housekeeping in the background."""

from celery import shared_task
from django.utils import timezone

from accounts.models import SignIn


@shared_task
def prune_sign_ins() -> int:
    """Delete sign-ins that have ended or run out; returns how many."""
    deleted, _by_model = SignIn.objects.finished(timezone.now()).delete()
    return deleted
