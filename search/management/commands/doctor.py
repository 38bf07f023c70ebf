"""``manage.py doctor``: what is missing or wrong on this machine, and how to fix it."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import pluralize
from django.utils import timezone

from catalog.models import Product
from catalog.sources.registry import shop_answers
from search.operations.findings import Finding, as_sentence, short
from search.operations.object_storage import object_storage
from search.operations.production import PRODUCTION
from search.operations.search_engine import published_index, search_engine

# The functions below import torch, redis and search themselves, because the doctor must also run and report
# where one of their libraries is missing.

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
# Older versions have no "ON CONFLICT … DO UPDATE", which the daily counts need.
OLDEST_SQLITE = (3, 24)
REDIS_SECONDS = 2


class Command(BaseCommand):
    help = "State in one sentence each what is missing or wrong on this machine, and how to fix it."
    # The doctor must run even where the system checks fail.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--production", action="store_true", help="also what a shop before customers needs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for name, finding in examined(production=options["production"]):
            mark = self.style.ERROR("wrong") if finding.fix else self.style.SUCCESS("ok   ")
            self.stdout.write(f"{mark}  {name:<12} {finding.sentence} {finding.fix}".rstrip())
            wrong += bool(finding.fix)
        if wrong:
            raise CommandError(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
        self.stdout.write("All is well.")


def examined(*, production: bool = False) -> Iterator[tuple[str, Finding]]:
    """The findings of every check with its name, in the order in which to fix them."""
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("Python", python),
        ("torch", torch_build),
        ("folders", folders),
        ("database", database),
        ("Redis", redis),
        ("static files", static_files),
        ("catalogue", catalogue),
        ("shops", shops),
        ("model", model),
        ("engine", search_engine),
        ("index", published_index),
        ("storage", object_storage),
        *(PRODUCTION if production else ()),
    )
    for name, check in checks:
        for finding in check():
            yield name, finding


def python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        yield Finding(f"Python {version}.")
    else:
        yield Finding(
            f"Python {version} runs, but 3.11, 3.12 or 3.13 is needed.",
            "Run `make clean` and `make PYTHON=python3.11 setup`.",
        )


def torch_build() -> Iterator[Finding]:
    """Whether torch can be imported and has the configured device."""
    try:
        import torch
    except (ImportError, OSError) as error:  # a CUDA build without its libraries raises OSError
        yield Finding(f"torch cannot be loaded ({short(error)}).", "Run `rm -rf .venv && make setup`.")
        return
    device = settings.ENCODER_DEVICE
    if device.startswith("cuda") and not torch.cuda.is_available():
        yield Finding(
            f"ENCODER_DEVICE is {device}, but torch {torch.__version__} sees no GPU.",
            "Set ENCODER_DEVICE=cpu.",
        )
    else:
        yield Finding(f"torch {torch.__version__} on {device}.")


def folders() -> Iterator[Finding]:
    """Whether the folders of data, pictures and index can be written."""
    for folder in dict.fromkeys((settings.DATA_DIR, settings.MEDIA_ROOT, settings.INDEX_ROOT)):
        problem = _unwritable(Path(folder))
        if problem:
            yield Finding(
                f"{folder} cannot be written ({problem}).",
                f'Run `sudo chown -R "$USER" {settings.DATA_DIR}`.',
            )
            return
    yield Finding(f"{settings.DATA_DIR} can be written.")


def _unwritable(folder: Path) -> str:
    """Why the folder cannot be written, or ""; of a folder that does not exist, its nearest parent."""
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return short(error)


def database() -> Iterator[Finding]:
    """Whether the database answers and its tables are the current ones."""
    try:
        connection.ensure_connection()
        plan = MigrationExecutor(connection)
        behind = len(plan.migration_plan(plan.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        sqlite = connection.vendor == "sqlite"
        fix = "Run `make setup`." if sqlite else "Start it, or correct DATABASE_URL."
        yield Finding(f"The database does not answer ({short(error)}).", fix)
        return
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding(
            f"SQLite {sqlite3.sqlite_version} is too old; 3.24 is needed.",
            "Use PostgreSQL (DATABASE_URL).",
        )
    if behind:
        yield Finding(f"{behind} migrations are not applied.", "Run `manage.py migrate`.")
    else:
        yield Finding(f"{connection.display_name} answers and its tables are current.")


def redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield Finding("None is configured: caches live in memory, tasks run at once.")
        return
    from redis import Redis, RedisError

    try:
        Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ).ping()
    except RedisError as error:
        yield Finding(
            f"REDIS_URL is set, but nothing answers there ({short(error)}).",
            "Start Redis, or unset REDIS_URL.",
        )
    else:
        yield Finding("Redis answers.")


def static_files() -> Iterator[Finding]:
    """Whether static files were collected; with DEBUG on they need not be."""
    root = Path(settings.STATIC_ROOT)
    if settings.DEBUG or (root.is_dir() and any(root.iterdir())):
        yield Finding("They are in place.")
    else:
        yield Finding(
            "The pages' style sheets are not collected.", "Run `manage.py collectstatic --noinput`."
        )


def catalogue() -> Iterator[Finding]:
    try:
        count = Product.objects.active().count()
    except DatabaseError:
        return  # `database` reports it
    if count:
        yield Finding(f"{count:,} product{pluralize(count)}.")
    else:
        yield Finding(
            "There are no products.", "Run `manage.py seed_demo`, or `manage.py sync --file your-feed.xml`."
        )


def shops() -> Iterator[Finding]:
    for sentence, is_well in shop_answers(now=timezone.now()):
        yield Finding(sentence, "" if is_well else "docs/shops.md says what to set.")


def model() -> Iterator[Finding]:
    from search import engine
    from search.encoding.errors import EncoderError

    try:
        encoder = engine.encoder()
        encoder.encode_text(["red dress"])
    except EncoderError as error:
        fix = "Unset CLIP_MODEL, or run `git checkout search/encoding/bundled`."
        yield Finding(as_sentence(error.explained), fix)
    else:
        yield Finding(f"{settings.CLIP_MODEL} loads and encodes ({encoder.dimension} dimensions).")
