"""``manage.py sync``: bring the catalogue up to date with its sources."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from catalog.locking import AlreadyRunning
from catalog.models import SavedOptions
from catalog.sources.feeds.options import FIELDS, FeedOptions, InvalidOptions, is_url, read_mapping
from catalog.sources.names import SOURCE_NAME, is_of_api
from catalog.sources.protocols import ProductSource
from catalog.sources.registry import (
    SHOPS,
    pushed_sources,
    saved_options,
    shop_adapter,
    source_at,
    source_named,
    source_names,
)
from catalog.syncing.failures import disk_problem
from catalog.syncing.following import forget_failures
from catalog.syncing.report import SyncReport
from catalog.syncing.sync import sync
from catalog.tasks import fetch_pictures

DEFAULT_NAME = "shop"
SHOWN_REJECTIONS = 20
PLAIN_LINE_SECONDS = 10


class Command(BaseCommand):
    help = "Bring the catalogue up to date with its sources: those of the settings, or the one given."
    # Checking the URLs would load every model and page; nothing of that is needed here.
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source",
            metavar="NAME",
            help=f"one of CATALOGUE_SOURCES; {', '.join(shop.name for shop in SHOPS)}; or a name for a feed",
        )
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--file", metavar="PATH", help="a feed on this machine")
        where.add_argument("--url", help="a feed on the network")
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--full", action="store_true", help="the whole source (default); the rest is deactivated"
        )
        what.add_argument(
            "--since", type=moment, metavar="ISO", help="only what changed since; what vanished stays"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would change, write nothing")
        parser.add_argument(
            "--force", action="store_true", help="deactivate even more than a fifth of the products"
        )
        parser.add_argument(
            "--retry-pictures",
            action="store_true",
            help="try pictures and hosts that failed again now, without waiting",
        )
        parser.add_argument(
            "--limit", type=count, metavar="N", help="stop after N rows; nothing is deactivated"
        )

        self._add_reading_arguments(parser)

    def _add_reading_arguments(self, parser: CommandParser) -> None:
        reading = parser.add_argument_group("how a feed is read (docs/feeds.md)")
        reading.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"read a column as a field: {', '.join(FIELDS)}",
        )
        reading.add_argument("--encoding", default="", help="of the text, such as cp1252")
        mark = "what begins the decimals of prices: . or ,"
        reading.add_argument("--decimal", default="", choices=[".", ","], metavar="MARK", help=mark)
        reading.add_argument("--currency", default="", metavar="ISO", help="of prices that state none")
        reading.add_argument("--media", default="", metavar="URL", help="where relative pictures lie")
        first = "the one to read first where columns are in several, such as de"
        reading.add_argument("--language", default="", metavar="CODE", help=first)
        reading.add_argument(
            "--save", action="store_true", help="keep these for the next syncs of the source"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._sync_all(options)
        except InvalidOptions as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(disk_problem(error)) from error

    def _sync_all(self, options: dict[str, Any]) -> None:
        failures = []
        for source in self._sources(options):
            try:
                report = self._sync(source, options)
            except AlreadyRunning as error:
                failures.append(str(error))
                continue
            except KeyboardInterrupt:
                self.stderr.write(
                    f"{source.name}: stopped; the work so far is kept, the next sync goes on from there."
                )
                sys.exit(130)
            self._print(report)
            if report.problem:
                failures.append(f"{source.name}: {report.problem}")
            elif options["save"]:
                self._save(source.name, options)
        if not (options["source"] or options["file"] or options["url"] or options["dry_run"]):
            # Their products are sent to the API, and only pictures are left to fetch.
            for name in pushed_sources():
                fetch_pictures(name)
        if failures:
            raise CommandError(" ".join(failures))

    def _sources(self, options: dict[str, Any]) -> list[ProductSource]:
        name, address = options["source"], options["file"] or options["url"]
        if options["url"] and not is_url(options["url"]):
            raise CommandError("--url takes an address that begins with http:// or https://.")
        if options["save"] and (options["dry_run"] or not (name or address)):
            raise CommandError("--save keeps the reading of one source: give it, and no --dry-run.")
        if name and not SOURCE_NAME.fullmatch(name):
            raise CommandError("A source's name has 1 to 40 lower-case letters, digits and underscores.")
        if name and is_of_api(name):
            raise CommandError(f"{name!r} is for products that are sent to the API. Give another --source.")
        now, reading = timezone.now(), self._reading(options)
        if address:
            if name and shop_adapter(name):
                raise CommandError(f"{name!r} is the name of a shop's API. Give the feed another --source.")
            return [source_at(name or DEFAULT_NAME, address, now=now, options=reading)]
        if name:
            source = source_named(name, now=now, options=reading)
            if source is None:
                raise CommandError(_missing_settings(name))
            return [source]
        known = [source_named(each, now=now, options=reading) for each in source_names()]
        if not known and not pushed_sources():
            raise CommandError("There is no source. Give --file or --url, or set CATALOGUE_SOURCES.")
        return [source for source in known if source is not None]

    def _reading(self, options: dict[str, Any]) -> FeedOptions:
        """What the command says about the reading of feeds."""
        return FeedOptions(
            columns=read_mapping(options["map"]),
            encoding=options["encoding"],
            decimal=options["decimal"],
            currency=options["currency"].upper(),
            media=options["media"],
            language=options["language"],
        )

    def _save(self, name: str, options: dict[str, Any]) -> None:
        """Keep the reading of a source that it served well."""
        stated = asdict(self._reading(options).over(saved_options(name)))
        SavedOptions.objects.update_or_create(source=name, defaults=stated)

    def _sync(self, source: ProductSource, options: dict[str, Any]) -> SyncReport:
        if options["retry_pictures"]:
            forget_failures(source.name)
        with (
            self._progress(source.name, "rows") as progress,
            self._progress(f"{source.name} pictures", "pictures") as picture_progress,
        ):
            return sync(
                source,
                now=timezone.now(),
                since=options["since"],
                dry_run=options["dry_run"],
                force=options["force"],
                limit=options["limit"],
                progress=progress,
                picture_progress=picture_progress,
            )

    @contextmanager
    def _progress(self, name: str, unit: str) -> Iterator[Any]:
        """A bar on a terminal, elsewhere a plain line every ten seconds."""
        if sys.stderr.isatty():
            with tqdm(desc=name, unit=f" {unit}", file=sys.stderr) as bar:
                yield bar.update
            return
        done, last_line = 0, time.monotonic()

        def plain(rows: int) -> None:
            nonlocal done, last_line
            done += rows
            if time.monotonic() - last_line > PLAIN_LINE_SECONDS:
                last_line = time.monotonic()
                self.stderr.write(f"{name}: {done:,} {unit}")

        yield plain

    def _print(self, report: SyncReport) -> None:
        for rejection in report.rejections[:SHOWN_REJECTIONS]:
            self.stderr.write(f"{report.source}: rejected {rejection}")
        more = report.rejected - min(len(report.rejections), SHOWN_REJECTIONS)
        if more:
            self.stderr.write(
                f"{report.source}: and {more:,} more; the admin's sync runs list the first 100."
            )
        for note in report.notes:
            self.stderr.write(f"{report.source}: {note}")
        self.stdout.write(str(report))


def _missing_settings(name: str) -> str:
    shop = shop_adapter(name)
    if shop:
        return f"{shop.configured_by} are not set. docs/shops.md says where they come from."
    return f"CATALOGUE_SOURCES names no {name!r}. Add it, or give --file or --url."


def moment(text: str) -> datetime:
    """A time in ISO 8601; one without a zone is UTC."""
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time like 2026-05-04T12:00") from None
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)


def count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= sys.maxsize:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)
