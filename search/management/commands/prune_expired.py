"""``manage.py prune_expired``: what the hourly task does, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone


class Command(BaseCommand):
    help = "Delete query vectors and shoppers' pictures that are a day old, and picture files without a row."

    def handle(self, **options: Any) -> str:
        # Imported here: the search's libraries take half a second, which --help should not wait for.
        from search.operations.expiry import prune_expired

        return str(prune_expired(timezone.now()))
