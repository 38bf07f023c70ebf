"""``manage.py reindex``: embed what changed and publish the index. Exit 0: done, 1: failed, 130: stopped."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from catalog.locking import AlreadyRunning
from search.encoding.allocation import keep_pages
from search.encoding.errors import EncoderError
from search.index.engines.not_ready import NotReady
from search.index.reindex import NothingToIndex
from search.index.validation import InvalidVectors
from search.index.version import DamagedVersion
from search.operations import runs
from search.operations.progress import Display

STOPPED = 130


class Command(BaseCommand):
    help = "Embed the products that changed and put a new version of the index into service."
    # Checking the URLs would load every page, which this command does not need.
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="embed every product again")
        parser.add_argument(
            "--force", action="store_true", help="publish a new version even if nothing changed"
        )

    def handle(self, *args: Any, full: bool, force: bool, **options: Any) -> None:
        keep_pages()
        with _stop_flag() as should_stop:
            try:
                report = runs.carry_out(
                    full=full,
                    force=force,
                    progress=Display(self.stderr, doing="Embedding", things="products", done="embedded"),
                    should_stop=should_stop,
                )
                # What changed is in service by now; a stopped merge costs nothing but its time.
                merged = None if report.stopped else runs.merge_if_due(should_stop)
            except EncoderError as error:
                raise CommandError(error.explained) from error
            except (AlreadyRunning, NothingToIndex, InvalidVectors, DamagedVersion, NotReady) as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                raise CommandError(runs.problem_of(error)) from error
        self.stdout.write(f"{report} {merged}" if merged else str(report))
        if report.stopped:
            sys.exit(STOPPED)


@contextmanager
def _stop_flag() -> Iterator[Callable[[], bool]]:
    """A function that returns true after Ctrl-C or SIGTERM: the current batch is finished and stored first.

    A second Ctrl-C stops at once.
    """
    stop = False

    def request_stop(number: int, frame: FrameType | None) -> None:
        nonlocal stop
        stop = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        before = {number: signal.signal(number, request_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # only the main thread receives signals; in another one the command cannot be stopped
        before = {}
    try:
        yield lambda: stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
