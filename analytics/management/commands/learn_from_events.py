"""``manage.py learn_from_events``: popularity and pairs, now instead of tonight."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analytics.events.learning import IS_LEARNING, learn


class Command(BaseCommand):
    help = "Learn from what shoppers did: how popular each product is, and what is viewed or bought together."

    def handle(self, **options: Any) -> None:
        self.stdout.write(str(learn(now=timezone.now()) or IS_LEARNING))
