"""``sync``: make the catalogue say what a shop says, and survive whatever happens on the way."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from catalog.locking import only_one
from catalog.models import Product, RunState, SyncRun
from catalog.pictures.pruning import prune_pictures, sweep_parts
from catalog.sources.base import ProductSource, Rejected, SourceError, SourceProduct
from catalog.syncing.upsert import Outcome, preview, upsert

BATCH = 250
# Mostly waiting for shops to send pictures; decoding has its own, lower limit.
PICTURE_THREADS = 8
# A feed that lost more than this share of the catalogue is more likely broken than true.
MAX_VANISHED = 0.2
KEPT_REJECTIONS = 100
SOURCE_NAME = re.compile(r"[a-z0-9_]{1,40}")

logger = logging.getLogger(__name__)

_COUNTS = (
    *("seen", "created", "updated", "unchanged", "deactivated", "rejected"),
    *("pictures", "picture_problems"),
)


@dataclass
class SyncReport:
    """What a run saw and did. ``problem`` is "" on success, else a sentence; the work counted is kept.

    seen = created + updated + unchanged + rejected. ``rejections`` holds the first 100.
    """

    source: str
    dry_run: bool = False
    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    rejected: int = 0
    pictures: int = 0
    picture_problems: int = 0
    seconds: float = 0.0
    problem: str = ""
    # Whether running again as things stand can help.
    permanent: bool = False
    rejections: list[Rejected] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.deactivated

    def counts(self) -> dict[str, int | float]:
        """The numbers alone."""
        wanted = (*_COUNTS, "seconds")
        return {name: getattr(self, name) for name in wanted}

    def __str__(self) -> str:
        would = "would be " if self.dry_run else ""
        return (
            f"{self.source}: {self.seen:,} seen, {self.changed:,} {would}changed ({self.created:,} new, "
            f"{self.updated:,} updated, {self.deactivated:,} deactivated), {self.unchanged:,} unchanged, "
            f"{self.rejected:,} rejected; {self.pictures:,} pictures fetched, "
            f"{self.picture_problems:,} unreadable; {self.seconds:.1f} s"
        )


def sync(
    source: ProductSource,
    *,
    now: datetime,
    full: bool = True,
    since: datetime | None = None,
    dry_run: bool = False,
    force: bool = False,
    limit: int | None = None,
    progress: Callable[[int], None] | None = None,
    asked: int | None = None,
) -> SyncReport:
    """Bring the products of ``source`` up to date and deactivate those it no longer has.

    Only a complete crawl deactivates: ``full`` without ``since`` and ``limit``. More than a fifth of
    the active products are deactivated only with ``force``. ``dry_run`` writes nothing and fetches
    no pictures. ``progress`` is called with the number of rows each batch added. ``asked`` is the key
    of the SyncRun that was queued for this run, if one was. What the source does wrong stands in the
    report; raises AlreadyRunning where the same source is being synced, and
    ValueError for a name that cannot stand in public ids.
    """
    if not SOURCE_NAME.fullmatch(source.name):
        raise ValueError("A source's name has 1 to 40 lower-case letters, digits and underscores.")
    complete = full and since is None and limit is None
    run = _Run(source, now, dry_run=dry_run, force=force, asked=asked)
    with only_one(f"sync of {source.name}", now=now):
        return run.carry_out(since=since, limit=limit, complete=complete, progress=progress)


class _Run:
    """One run's state: the report, and every id seen with the line it stands on."""

    def __init__(
        self, source: ProductSource, now: datetime, *, dry_run: bool, force: bool, asked: int | None
    ) -> None:
        self.source = source
        self.now = now
        self.force = force
        self.asked = asked
        self.report = SyncReport(source.name, dry_run=dry_run)
        self._started = time.monotonic()
        self._lines: dict[str, int] = {}
        # Known from rows that were refused: still in the shop, if not in order.
        self._refused: set[str] = set()

    def carry_out(
        self,
        *,
        since: datetime | None,
        limit: int | None,
        complete: bool,
        progress: Callable[[int], None] | None,
    ) -> SyncReport:
        record = None if self.report.dry_run else self._begin()
        state = RunState.FAILED
        try:
            self._crawl(since, limit, progress)
            if complete:
                self._deactivate_vanished()
                self._prune()
            state = RunState.FAILED if self.report.problem else RunState.DONE
        except SourceError as error:
            self.report.problem, self.report.permanent = str(error), error.permanent
        except KeyboardInterrupt:
            state = RunState.STOPPED
            raise
        except Exception as error:
            self.report.problem = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.report.seconds = round(time.monotonic() - self._started, 1)
            if record:
                self._finish(record, state)
        return self.report

    def _clock(self) -> datetime:
        """Moves on from batch to batch, so that whoever watches updated_at sees each of them."""
        return self.now + timedelta(seconds=time.monotonic() - self._started)

    # --- The crawl -----------------------------------------------------------------------------

    def _crawl(
        self, since: datetime | None, limit: int | None, progress: Callable[[int], None] | None
    ) -> None:
        rows = islice(self.source.products(since=since), limit)
        pool = ThreadPoolExecutor(PICTURE_THREADS, thread_name_prefix="pictures")
        try:
            for batch in _batches(rows):
                self._take(batch, pool)
                if progress:
                    progress(len(batch))
        finally:
            # After Ctrl-C nobody waits for pictures that nobody will use.
            pool.shutdown(wait=False, cancel_futures=True)

    def _take(self, batch: Sequence[SourceProduct | Rejected], pool: Executor) -> None:
        self.report.seen += len(batch)
        products = [row for row in map(self._once, batch) if isinstance(row, SourceProduct)]
        if self.report.dry_run:
            outcome = preview(self.source.name, products)
        else:
            outcome = upsert(self.source, products, pool=pool, now=self._clock())
        self._add(outcome)

    def _once(self, row: SourceProduct | Rejected) -> SourceProduct | None:
        """The row, unless it is refused or its id was used before."""
        if isinstance(row, Rejected):
            self._refuse(row)
            return None
        first = self._lines.setdefault(row.external_id, row.line)
        if first != row.line:
            self._refuse(Rejected(row.line, row.external_id, f"the id was already used on line {first}"))
            return None
        return row

    def _refuse(self, row: Rejected) -> None:
        self.report.rejected += 1
        self._refused.add(row.external_id)
        if len(self.report.rejections) < KEPT_REJECTIONS:
            self.report.rejections.append(row)

    def _add(self, outcome: Outcome) -> None:
        self.report.created += outcome.created
        self.report.updated += outcome.updated
        self.report.unchanged += outcome.unchanged
        self.report.pictures += outcome.kept
        self.report.picture_problems += outcome.failed
        for row in outcome.rejected:
            self._refuse(row)

    # --- What vanished -------------------------------------------------------------------------

    def _deactivate_vanished(self) -> None:
        active = Product.objects.active().filter(source=self.source.name).values_list("pk", "external_id")
        total, vanished = 0, []
        for key, external_id in active.iterator():
            total += 1
            # A refused product may have become several rows, whose ids begin with its own ("7-navy").
            is_refused = not self._refused.isdisjoint({external_id, external_id.partition("-")[0]})
            if external_id not in self._lines and not is_refused:
                vanished.append(key)
        if len(vanished) > MAX_VANISHED * total and not self.force:
            self.report.problem = (
                f"{len(vanished):,} of {total:,} active products are missing from the source. Nothing was "
                "deactivated; run again with --force if they are really gone."
            )
            self.report.permanent = True
            return
        self.report.deactivated = len(vanished)
        if not self.report.dry_run:
            self._deactivate(vanished)

    def _deactivate(self, keys: Sequence[int]) -> None:
        for start in range(0, len(keys), BATCH):
            Product.objects.filter(pk__in=keys[start : start + BATCH]).deactivate(self._clock())

    def _prune(self) -> None:
        """Only after a complete crawl that was believed: what a broken one leaves out may come back."""
        if self.report.dry_run or self.report.problem:
            return
        try:
            prune_pictures()
        except OSError as error:
            # The catalogue is in order; the next run tries again.
            logger.warning("Old picture files could not be deleted: %s", error)

    # --- The record ----------------------------------------------------------------------------

    def _begin(self) -> SyncRun:
        # Holding the lock, a run that still says "running" can only have been killed.
        killed = SyncRun.objects.filter(source=self.source.name, state=RunState.RUNNING)
        killed.update(state=RunState.STOPPED, finished_at=self.now, message="It was killed.")
        sweep_parts()
        record = SyncRun(pk=self.asked, source=self.source.name, started_at=self.now)
        record.save()
        return record

    def _finish(self, record: SyncRun, state: RunState) -> None:
        record.state = state
        record.finished_at = self._clock()
        record.counts = self.report.counts()
        record.rejected = [
            {"line": row.line, "id": row.external_id, "problem": row.problem}
            for row in self.report.rejections
        ]
        record.message = self.report.problem
        record.save()


def _batches(rows: Iterable[SourceProduct | Rejected]) -> Iterator[list[SourceProduct | Rejected]]:
    batch: list[SourceProduct | Rejected] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except SourceError:
        # What came before the break counts.
        if batch:
            yield batch
        raise
    if batch:
        yield batch
