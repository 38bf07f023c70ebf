"""``manage.py prune_search_logs``: what the nightly task does, now and for any number of days."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from analytics import privacy


class Command(BaseCommand):
    help = "Delete searches and clicks older than a number of days, and counts that name words or people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=settings.SEARCH_LOG_DAYS, help="keep this many days (%(default)s)"
        )

    def handle(self, *, days: int, **options: Any) -> str:
        if not 1 <= days <= privacy.MOST_DAYS:
            raise CommandError(f"--days takes 1 to {privacy.MOST_DAYS:,}.")
        deleted = privacy.prune(days=days, now=timezone.now())
        searches, age = f"search{pluralize(deleted, 'es')}", f"day{pluralize(days)}"
        return f"Deleted {deleted} {searches} older than {days} {age}."
