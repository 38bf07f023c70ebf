"""``manage.py seed_demo``: from an empty database to a running demo shop."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.syncing.failures import disk_problem
from demo import seeding
from demo.feed import LARGEST
from search.operations.progress import Display

DEFAULT_SIZE = 600
STOPPED = 130
STOPPED_SEEDING = "Stopped. Finished steps are kept; the next seed_demo continues from there."
STOPPED_REMOVING = "Stopped. Some of the demo is left; the next seed_demo --remove removes it."

TO_TRY = """Three things to try:
  1. Search for "red striped dress", then for "black leather boots".
  2. Open any product, choose "Like this, but…", write "in blue" and move the slider.
  3. Sign in as staff and open /admin/dashboard."""


class Command(BaseCommand):
    help = (
        "Draw the demo shop, sync and index it, and give it a staff user, a shopper and four weeks of visits."
    )
    # Checking the URLs would import every page, which this command does not need.
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="products, 1 to 100,000 (600)")
        parser.add_argument("--reset", action="store_true", help="remove the demo first, then make it anew")
        parser.add_argument("--remove", action="store_true", help="remove the demo and make none")
        parser.add_argument(
            "--yes", action="store_true", help="allow --reset and --remove where DEBUG is off"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="only where there is no shop yet, or an unfinished demo"
        )

    def handle(
        self, *, size: int, reset: bool, remove: bool, yes: bool, if_empty: bool, **options: Any
    ) -> None:
        if not 1 <= size <= LARGEST:
            raise CommandError(f"--size takes 1 to {LARGEST:,} products.")
        if (reset or remove) and not (settings.DEBUG or yes):
            raise CommandError(
                "DEBUG is off, so this may be a shop in use. To remove its demo data, add --yes."
            )
        try:
            # Asked in any case: where the database fails, no picture is drawn in vain.
            if seeding.has_shop() and if_empty:
                if seeding.has_newer_encoder():
                    seeding.reindex(stdout=self.stdout, stderr=self.stderr)
                self._report_ready({})
                return
            if reset or remove:
                removed = seeding.reset(now=timezone.now())
                rows = f"{removed.rows:,} rows of the demo catalogue"
                self.stdout.write(f"Removed {rows} and {removed.visits:,} demo searches.")
            if not remove:
                self._seed(size)
        except KeyboardInterrupt:
            self.stderr.write(STOPPED_REMOVING if remove else STOPPED_SEEDING)
            sys.exit(STOPPED)
        except OSError as error:
            again = "seed_demo --remove" if remove else "seed_demo"
            raise CommandError(disk_problem(error, again=again)) from error

    def _seed(self, size: int) -> None:
        started = time.monotonic()
        self.stdout.write(f"Drawing the pictures of {size:,} products …")
        display = Display(self.stderr, doing="Drawing", things="pictures", done="drawn")
        feed = seeding.draw(size, progress=display)
        self.stdout.write(f"The feed is {feed} ({time.monotonic() - started:.1f} s).")
        seeding.sync(feed, stdout=self.stdout, stderr=self.stderr)
        seeding.reindex(stdout=self.stdout, stderr=self.stderr)
        added = seeding.populate(now=timezone.now())
        self.stdout.write(
            f"{added.visits:,} searches and {added.favourites} favourites generated, marked as demo data."
        )
        self._report_ready(added.passwords)

    def _report_ready(self, passwords: dict[str, str]) -> None:
        port = os.environ.get("PORT")
        self.stdout.write("\nThe shop is ready." + (f" Its address: http://127.0.0.1:{port}" if port else ""))
        for email, password in passwords.items():
            self.stdout.write(f"  {email}  password: {password}  (shown this once)")
        if not passwords:
            self.stdout.write(f"  For a new password: manage.py changepassword {seeding.STAFF}")
        self.stdout.write(TO_TRY)
