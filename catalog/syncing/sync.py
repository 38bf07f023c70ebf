"""``sync``: bring the catalogue in line with a shop, whatever fails on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db.models import Q

from catalog.locking import AlreadyRunning, only_one
from catalog.pictures.pruning import prune_pictures, sweep_parts
from catalog.sources.base import Rejected, Skipped, SourceError, SourceProduct, SourceRow
from catalog.sources.names import SOURCE_NAME, is_of_api
from catalog.sources.protocols import ProductSource, ReviewedSource, ShopSource
from catalog.syncing import guards
from catalog.syncing.following import PictureOutcome, follow
from catalog.syncing.picture_rows import UNTRIED, shown
from catalog.syncing.record import RunRecord
from catalog.syncing.refreshing import whole_styles
from catalog.syncing.report import SyncReport
from catalog.syncing.upsert import preview, upsert

# Rows written in one transaction: what an interruption can cost, against the overhead of each query.
BATCH = 250

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
    picture_progress: Callable[[int], None] | None = None,
    run_id: int | None = None,
) -> SyncReport:
    """Bring the products of ``source`` up to date, deactivate those it no longer has, then fetch pictures.

    Only a complete crawl deactivates: ``full`` without ``since`` and ``limit``. More than a fifth of
    the active products are deactivated only with ``force``. ``dry_run`` writes nothing and fetches
    no pictures. ``progress`` is called with the number of rows each batch added, ``picture_progress`` with
    that of pictures. The next sync of the source may begin while pictures are still fetched. ``run_id`` is
    the key of the SyncRun that was queued for this run, if any. What the source does wrong stands in the
    report.
    Raises AlreadyRunning where the same source is being synced, ValueError for a name unfit for public ids.
    """
    if not SOURCE_NAME.fullmatch(source.name):
        raise ValueError("A source's name has 1 to 40 lower-case letters, digits and underscores.")
    if is_of_api(source.name):
        raise ValueError("Products of this source are sent to the API.")
    complete = full and since is None and limit is None
    run = _Run(source, now, dry_run=dry_run, force=force, run_id=run_id)
    with only_one(f"sync of {source.name}", now=now):
        run.carry_out(since=since, limit=limit, complete=complete, progress=progress)
    if not dry_run:
        run.follow_with_pictures(complete=complete, is_limited=limit is not None, progress=picture_progress)
    return run.report


class _Run:
    """One run's state: the report, and every id seen with its line."""

    def __init__(
        self, source: ProductSource, now: datetime, *, dry_run: bool, force: bool, run_id: int | None
    ) -> None:
        self.source = source
        self.now = now
        self.force = force
        self.report = SyncReport(source.name, dry_run=dry_run)
        self._record = RunRecord(self.report, now=now, run_id=run_id)
        self._lines: dict[str, int] = {}
        self._since = now
        # Ids of refused rows: their products are still in the shop.
        self._refused: set[str] = set()

    def carry_out(
        self,
        *,
        since: datetime | None,
        limit: int | None,
        complete: bool,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._record.begin()
        with self._record.part():
            if not self.report.dry_run:
                sweep_parts()
            self._since = guards.last_touched(self.source.name, self.now)
            try:
                self._crawl(since, limit, progress)
                if complete:
                    self._finish_crawl()
            except SourceError as error:
                self.report.problem, self.report.permanent = str(error), error.permanent
            if not self.report.dry_run:
                # Should this process be killed over the pictures, the run does not pass for whole.
                self.report.pictures_left = shown(self.source.name).filter(UNTRIED).count()
            if isinstance(self.source, ReviewedSource):
                self.report.notes = [*self.source.notes(), *self.report.notes]
            self.report.observe()

    def follow_with_pictures(
        self, *, complete: bool, is_limited: bool, progress: Callable[[int], None] | None
    ) -> None:
        """Fetch the pictures of what this run saw, and those that nobody has tried, left by a killed run;
        then delete unused files. Neither while another run is at it. A limited run fetches the first.
        """

        def noted(outcome: PictureOutcome, rows: int) -> None:
            self.report.add_pictures(outcome)
            if progress:
                progress(rows)
            self._record.keep_up()

        seen = Q(product__seen_at__gte=self.now)
        rows = shown(self.source.name).filter(seen if is_limited else seen | UNTRIED)
        with self._record.part():
            try:
                with only_one(f"pictures of {self.source.name}", now=self.now):
                    self.report.add_pictures(
                        follow(self.source, rows, now=self._record.clock(), progress=noted)
                    )
            except AlreadyRunning:
                self.report.notes.append("Another run still fetches pictures of this source.")
                return
            if complete:
                self._prune()

    # --- The crawl -----------------------------------------------------------------------------

    def _crawl(
        self, since: datetime | None, limit: int | None, progress: Callable[[int], None] | None
    ) -> None:
        rows = islice(self._rows(since), limit)
        for batch in _batches(rows):
            self._process(batch)
            if progress:
                progress(len(batch))

    def _rows(self, since: datetime | None) -> Iterator[SourceRow]:
        rows = self.source.products(since=since)
        if since is None or self.report.dry_run or not isinstance(self.source, ShopSource):
            return rows
        return whole_styles(
            self.source.name,
            rows,
            seen_before=self._since,
            clock=self._record.clock,
            deactivated=self._count_deactivated,
        )

    def _count_deactivated(self, count: int) -> None:
        self.report.deactivated += count

    def _process(self, batch: Sequence[SourceRow]) -> None:
        self.report.seen += len(batch)
        products = [row for row in map(self._accepted, batch) if isinstance(row, SourceProduct)]
        if self.report.dry_run:
            outcome = preview(self.source.name, products)
        else:
            outcome = upsert(self.source.name, products, now=self._record.clock(), touched_before=self._since)
        self.report.add(outcome)
        self.report.look_at(products)
        for row in outcome.rejected:
            self._refuse(row)

    def _accepted(self, row: SourceRow) -> SourceProduct | None:
        if isinstance(row, Rejected):
            self._refuse(row)
            return None
        if isinstance(row, Skipped):
            self.report.skip(row)
            return None
        first = self._lines.get(row.external_id)
        if first is not None:  # the same line, perhaps: a whole feed may stand on one
            self._refuse(Rejected(row.line, row.external_id, f"the id was already used on line {first}"))
            return None
        self._lines[row.external_id] = row.line
        return row

    def _refuse(self, row: Rejected) -> None:
        self.report.reject(row)
        # Rows without a readable id name no product; "" would match every product without a style.
        self._refused.update(filter(None, (row.external_id, *row.possible_ids)))

    # --- What vanished -------------------------------------------------------------------------

    def _finish_crawl(self) -> None:
        report = self.report
        if report.seen and not report.accepted:
            report.problem, report.permanent = report.nothing_accepted(), True
            return
        gone = guards.vanished(self.source.name, self._lines, self._refused, self._since)
        if not report.dry_run:
            report.notes += guards.suspicions(self.source.name, gone, self.now)
        if gone.is_too_much and not self.force:
            report.problem = (
                f"{len(gone.keys):,} of {gone.total:,} active products are missing from the source. "
                "Nothing was deactivated; run again with --force if they are really gone, or let it pass in "
                "the admin."
            )
            report.permanent = True
            report.held_back = len(gone.keys)
            if not report.dry_run:
                guards.hold_back(gone.keys, self._since, self._record.clock())
            return
        report.deactivated = len(gone.keys) if report.dry_run else self._deactivate(gone.keys)

    def _deactivate(self, keys: Sequence[int]) -> int:
        return sum(gone.deactivate(self._record.clock()) for gone in guards.not_seen(keys, self._since))

    def _prune(self) -> None:
        """Delete unused picture files, after complete crawls alone: what a broken one lacks may return."""
        if self.report.dry_run or self.report.problem:
            return
        try:
            prune_pictures()
        except OSError as error:
            # The catalogue itself is up to date; the next run tries again.
            logger.warning("Old picture files could not be deleted: %s", error)


def _batches(rows: Iterable[SourceRow]) -> Iterator[list[SourceRow]]:
    batch: list[SourceRow] = []
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
