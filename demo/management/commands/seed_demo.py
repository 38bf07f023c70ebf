"""``manage.py seed_demo``: from an empty database to a living demo shop, by the commands an operator uses."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from catalog.models import Product
from demo.feed import LARGEST, render_catalogue
from search.operations.progress import Display

if TYPE_CHECKING:
    from accounts.models import User

SOURCE = "demo"
STAFF = "staff@demo.example"
SHOPPER = "shopper@demo.example"
DEFAULT_SIZE = 600
SEED = 7
MAX_WORKERS = 4
STOPPED = 130
MODEL = settings.BASE_DIR / "search" / "encoding" / "bundled"

TO_TRY = """Three things to try:
  1. Search for "red striped dress", then for "black leather boots".
  2. Open any product, choose "Like this, but…", write "in blue" and move the slider.
  3. Sign in as staff and open /admin/dashboard."""


class Command(BaseCommand):
    help = (
        "Draw the demo shop, sync and index it, and give it a staff user, a shopper and four weeks of visits."
    )
    # Checking the URLs would load every page; nothing of that is needed here.
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="products, 1 to 100,000 (600)")
        parser.add_argument("--reset", action="store_true", help="remove the demo first, then make it anew")
        parser.add_argument("--yes", action="store_true", help="allow --reset where DEBUG is off")
        parser.add_argument(
            "--if-empty", action="store_true", help="only where there is no shop yet, or an unfinished demo"
        )

    def handle(self, *, size: int, reset: bool, yes: bool, if_empty: bool, **options: Any) -> None:
        if not 1 <= size <= LARGEST:
            raise CommandError(f"--size takes 1 to {LARGEST:,} products.")
        if reset and not (settings.DEBUG or yes):
            raise CommandError(
                "DEBUG is off, so this may be a shop in use. To remove its demo data, add --yes."
            )
        try:
            if if_empty and self._has_a_shop():
                if self._has_a_newer_model():
                    call_command("reindex", stdout=self.stdout, stderr=self.stderr)
                self._say_ready()
                return
            if reset:
                self._reset()
            self._seed(size)
        except KeyboardInterrupt:
            self.stderr.write("Stopped; what is done is kept, the next seed_demo goes on from there.")
            sys.exit(STOPPED)
        except DatabaseError as error:
            reason = " ".join(str(error).split())[:200]
            raise CommandError(f"The database failed ({reason}). Did `manage.py migrate` run?") from error
        except OSError as error:
            raise CommandError(f"The demo cannot be written: {error}") from error

    def _has_a_shop(self) -> bool:
        """Products of another source, or a finished demo (its staff user is made last)."""
        if Product.objects.exclude(source=SOURCE).exists():
            return True
        published = (settings.INDEX_ROOT / "CURRENT").is_file()
        return published and get_user_model().objects.filter(email=STAFF).exists()

    def _has_a_newer_model(self) -> bool:
        """Whether the bundled encoder was replaced since the index was published.

        Comparing fingerprints would load the model, which takes seconds at every start.
        """
        pointer = settings.INDEX_ROOT / "CURRENT"
        if settings.CLIP_MODEL != "bundled" or not pointer.is_file():
            return False
        published = pointer.stat().st_mtime
        return any(file.stat().st_mtime > published for file in MODEL.iterdir())

    def _seed(self, size: int) -> None:
        feed = self._draw(size)
        # --force: a smaller demo leaves out more than the fifth that a real shop may lose at once.
        call_command(
            "sync", source=SOURCE, file=str(feed), force=True, stdout=self.stdout, stderr=self.stderr
        )
        call_command("reindex", stdout=self.stdout, stderr=self.stderr)
        passwords = self._populate()
        self._say_ready(passwords)

    def _draw(self, size: int) -> Path:
        started = time.monotonic()
        self.stdout.write(f"Drawing the pictures of {size:,} products …")
        feed = render_catalogue(
            settings.DATA_DIR / "demo",
            size=size,
            seed=SEED,
            workers=min(MAX_WORKERS, os.cpu_count() or 1),
            progress=Display(self.stderr, doing="Drawing", things="pictures", done="drawn"),
        )
        self.stdout.write(f"The feed is {feed} ({time.monotonic() - started:.1f} s).")
        return feed

    def _populate(self) -> dict[str, str]:
        """Visits and people; returns the new passwords by e-mail address."""
        # Loading the model takes seconds that a finished demo need not spend.
        from demo.visits import make_favourites, make_visits

        now = timezone.now()
        passwords: dict[str, str] = {}
        shopper = _person(SHOPPER, "Demo shopper", passwords)
        favourites, visits = make_favourites(shopper, now=now), make_visits(shopper, now=now)
        _person(STAFF, "Demo staff", passwords, is_staff=True, is_superuser=True)
        self.stdout.write(f"{visits:,} searches and {favourites} favourites made up, marked as demo data.")
        return passwords

    def _reset(self) -> None:
        from demo.visits import forget_visits

        visits = forget_visits()
        get_user_model().objects.filter(email__in=[SHOPPER, STAFF]).delete()
        products, _rows = Product.objects.filter(source=SOURCE).delete()
        shutil.rmtree(settings.DATA_DIR / "demo", ignore_errors=True)
        self.stdout.write(f"Removed {products:,} rows of the demo catalogue and {visits:,} demo searches.")

    def _say_ready(self, passwords: dict[str, str] | None = None) -> None:
        port = os.environ.get("PORT")
        self.stdout.write("\nThe shop is ready." + (f" Its address: http://127.0.0.1:{port}" if port else ""))
        for email, password in (passwords or {}).items():
            self.stdout.write(f"  {email}  password: {password}  (shown this once)")
        if not passwords:
            self.stdout.write(f"  For a new password: manage.py changepassword {STAFF}")
        self.stdout.write(TO_TRY)


def _person(email: str, name: str, passwords: dict[str, str], **fields: Any) -> User:
    """The person with this address, made with a random password where there is none."""
    users = get_user_model().objects
    known: User | None = users.filter(email=email).first()
    if known is not None:
        return known
    passwords[email] = secrets.token_urlsafe(12)
    person: User = users.create_user(email, passwords[email], name=name, **fields)
    return person
