"""``manage.py send_alerts``: what the task does every five minutes, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone


class Command(BaseCommand):
    help = "Look for new finds of saved searches, and send the mails of alerts that are due."

    def handle(self, **options: Any) -> str:
        # Imported here: the search's libraries take half a second, which --help should not wait for.
        from search.alerts.running import run

        return run(timezone.now)
