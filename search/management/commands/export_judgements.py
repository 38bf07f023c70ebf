"""``manage.py export_judgements``: what shoppers clicked, as a labelled set for ``evaluate --ranking``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.privacy import MOST_DAYS
from search.evaluation import clicked


class Command(BaseCommand):
    help = "Write which products shoppers wanted for each frequent query, corrected for the position, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file to write")
        parser.add_argument("--days", type=int, default=30, help="how many days back (30)")
        parser.add_argument(
            "--visits",
            type=int,
            default=clicked.LEAST_VISITS,
            help=f"visits that a query needs ({clicked.LEAST_VISITS})",
        )

    def handle(self, *, file: Path, days: int, visits: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS or visits < 1:
            raise CommandError(f"--days takes 1 to {MOST_DAYS:,}, and --visits at least 1.")
        judged = clicked.judgements(days=days, now=timezone.now(), least_visits=visits)
        if not judged:
            raise CommandError(f"No query was asked in {visits} visits and clicked in {days} days.")
        try:
            clicked.write(judged, file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        queries = len({each.query for each in judged})
        self.stdout.write(f"{len(judged):,} judgements of {queries:,} queries written to {file}.")
