"""``sync``: bring the catalogue in line with a shop, whatever fails on the way."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice

from catalog.locking import only_one
from catalog.models import Product, RunState, SyncRun
from catalog.pictures.pruning import prune_pictures, sweep_parts
from catalog.sources.base import Rejected, SourceError, SourceProduct
from catalog.sources.protocols import ProductSource, ShopSource
from catalog.syncing.refreshing import whole_styles
from catalog.syncing.report import SyncReport
from catalog.syncing.upsert import preview, upsert

# Rows written in one transaction: what an interruption can cost, against the overhead of each query.
BATCH = 250
# Mostly waiting for shops to send pictures; decoding has its own, lower limit.
PICTURE_THREADS = 8
# A feed that lost more than this share of the catalogue is more likely broken than right.
MAX_VANISHED = 0.2
SOURCE_NAME = re.compile(r"[a-z0-9_]{1,40}")

logger = logging.getLogger(__name__)


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
    run_id: int | None = None,
) -> SyncReport:
    """Bring the products of ``source`` up to date and deactivate those it no longer has.

    Only a complete crawl deactivates: ``full`` without ``since`` and ``limit``. More than a fifth of
    the active products are deactivated only with ``force``. ``dry_run`` writes nothing and fetches
    no pictures. ``progress`` is called with the number of rows each batch added. ``run_id`` is the key of
    the SyncRun that was queued for this run, if any. What the source does wrong stands in the report.
    Raises AlreadyRunning where the same source is being synced, ValueError for a name unfit for public ids.
    """
    if not SOURCE_NAME.fullmatch(source.name):
        raise ValueError("A source's name has 1 to 40 lower-case letters, digits and underscores.")
    complete = full and since is None and limit is None
    run = _Run(source, now, dry_run=dry_run, force=force, run_id=run_id)
    with only_one(f"sync of {source.name}", now=now):
        return run.carry_out(since=since, limit=limit, complete=complete, progress=progress)


class _Run:
    """One run's state: the report, and every id seen with its line."""

    def __init__(
        self, source: ProductSource, now: datetime, *, dry_run: bool, force: bool, run_id: int | None
    ) -> None:
        self.source = source
        self.now = now
        self.force = force
        self.run_id = run_id
        self.report = SyncReport(source.name, dry_run=dry_run)
        self._started = time.monotonic()
        self._lines: dict[str, int] = {}
        # Ids of refused rows: their products are still in the shop.
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
        """Advances from batch to batch, so that whoever polls updated_at sees each of them."""
        return self.now + timedelta(seconds=time.monotonic() - self._started)

    # --- The crawl -----------------------------------------------------------------------------

    def _crawl(
        self, since: datetime | None, limit: int | None, progress: Callable[[int], None] | None
    ) -> None:
        rows = islice(self._rows(since), limit)
        pool = ThreadPoolExecutor(PICTURE_THREADS, thread_name_prefix="pictures")
        try:
            for batch in _batches(rows):
                self._process(batch, pool)
                if progress:
                    progress(len(batch))
        finally:
            # After Ctrl-C the pictures still to be fetched would not be used.
            pool.shutdown(wait=False, cancel_futures=True)

    def _rows(self, since: datetime | None) -> Iterator[SourceProduct | Rejected]:
        rows = self.source.products(since=since)
        if since is None or self.report.dry_run or not isinstance(self.source, ShopSource):
            return rows
        return whole_styles(self.source.name, rows, clock=self._clock, deactivated=self._count_deactivated)

    def _count_deactivated(self, count: int) -> None:
        self.report.deactivated += count

    def _process(self, batch: Sequence[SourceProduct | Rejected], pool: Executor) -> None:
        self.report.seen += len(batch)
        products = [row for row in map(self._accepted, batch) if isinstance(row, SourceProduct)]
        if self.report.dry_run:
            outcome = preview(self.source.name, products)
        else:
            outcome = upsert(self.source, products, pool=pool, now=self._clock())
        self.report.add(outcome)
        for row in outcome.rejected:
            self._refuse(row)

    def _accepted(self, row: SourceProduct | Rejected) -> SourceProduct | None:
        if isinstance(row, Rejected):
            self._refuse(row)
            return None
        first = self._lines.setdefault(row.external_id, row.line)
        if first != row.line:
            self._refuse(Rejected(row.line, row.external_id, f"the id was already used on line {first}"))
            return None
        return row

    def _refuse(self, row: Rejected) -> None:
        self.report.reject(row)
        # Rows without a readable id name no product; "" would match every product without a style.
        if row.external_id:
            self._refused.add(row.external_id)

    # --- What vanished -------------------------------------------------------------------------

    def _deactivate_vanished(self) -> None:
        active = Product.objects.active().filter(source=self.source.name)
        total, vanished = 0, []
        for key, external_id, group in active.values_list("pk", "external_id", "item_group_id").iterator():
            total += 1
            # A style that is refused as a whole ("7") is stored as one product for each colour ("7-navy").
            is_refused = not self._refused.isdisjoint({external_id, group})
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
        """Delete unused picture files, after complete crawls alone: what a broken one lacks may return."""
        if self.report.dry_run or self.report.problem:
            return
        try:
            prune_pictures()
        except OSError as error:
            # The catalogue itself is up to date; the next run tries again.
            logger.warning("Old picture files could not be deleted: %s", error)

    # --- The record ----------------------------------------------------------------------------

    def _begin(self) -> SyncRun:
        # Holding the lock, a run that still says "running" can only have been killed.
        killed = SyncRun.objects.filter(source=self.source.name, state=RunState.RUNNING)
        killed.update(state=RunState.STOPPED, finished_at=self.now, message="It was killed.")
        sweep_parts()
        record = SyncRun(pk=self.run_id, source=self.source.name, started_at=self.now)
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
        # What was read before the error counts.
        if batch:
            yield batch
        raise
    if batch:
        yield batch
