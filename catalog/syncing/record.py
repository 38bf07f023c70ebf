"""The row of a run in the database, in step with its report."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import Error, OperationalError, connection
from django.db.models import Model

from catalog.models import RunState, SyncRun
from catalog.syncing.failures import database_problem, disk_problem
from catalog.syncing.report import SyncReport

# How often a run that fetches pictures writes down how far it is.
RECORD_SECONDS = 5.0


logger = logging.getLogger(__name__)


def close_if_broken() -> bool:
    """Close a connection to the database that broke, so that the next statement opens another: what the
    failure was must be written all the same. Returns whether it was closed.
    """
    is_broken = connection.errors_occurred and not connection.in_atomic_block and not connection.is_usable()
    if is_broken:
        connection.close()
    return is_broken


def save_ended(row: Model) -> None:
    """Save the row of a run, or of a part of one, that has ended: on another connection where its own broke,
    also where no statement has failed since. The locks of the broken one are gone.
    """
    close_if_broken()
    try:
        row.save()
    except OperationalError:
        if not close_if_broken():
            raise
        row.save()


class RunRecord:
    """``run_id`` is the key of the SyncRun that was queued for this run, if any. A dry run leaves no row."""

    def __init__(self, report: SyncReport, *, now: datetime, run_id: int | None) -> None:
        self._report = report
        self._now = now
        self._run_id = run_id
        self._row: SyncRun | None = None
        self._started = self._saved = time.monotonic()

    def clock(self) -> datetime:
        """Advances from batch to batch, so that whoever polls updated_at sees each of them."""
        return self._now + timedelta(seconds=time.monotonic() - self._started)

    def begin(self) -> None:
        """Called while the source's lock is held: a run that still says "running" was killed."""
        if self._report.dry_run:
            return
        killed = SyncRun.objects.filter(source=self._report.source, state=RunState.RUNNING)
        killed.update(state=RunState.STOPPED, finished_at=self._now, message="It was killed.")
        self._row = SyncRun(pk=self._run_id, source=self._report.source, started_at=self._now)
        self._row.save()

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the run: whatever ends it, the row says so."""
        state = RunState.FAILED
        try:
            yield
            self._heed_staff()
            state = RunState.FAILED if self._report.problem else RunState.DONE
        except KeyboardInterrupt:
            state = RunState.STOPPED
            raise
        except OSError as error:
            # What a shop's server does wrong is a SourceError: this is a full or failing disk.
            logger.exception("sync_failed")
            self._report.problem = disk_problem(error)
        except Error as error:
            self._report.problem = database_problem(error, again="the sync")
            raise
        except Exception as error:
            self._report.problem = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._report.seconds = round(time.monotonic() - self._started, 1)
            if self._row:
                save_ended(self._noted(self._row, state))

    def keep_up(self) -> None:
        """Write the counts now and then, while the rows are done and the pictures follow."""
        if self._row and time.monotonic() - self._saved > RECORD_SECONDS:
            self._heed_staff()
            # Not on another connection, which would not hold the lock of the pictures.
            self._noted(self._row, RunState(self._row.state)).save()

    def _heed_staff(self) -> None:
        """Staff may have let pass what was held back, since that was written and while pictures follow."""
        if self._row and self._report.held_back:
            let_pass = SyncRun.objects.filter(pk=self._row.pk, counts__held_back=0).exists()
            self._report.held_back = 0 if let_pass else self._report.held_back

    def _noted(self, row: SyncRun, state: RunState) -> SyncRun:
        self._saved = time.monotonic()
        row.state = state
        row.finished_at = self.clock()
        row.counts = self._report.counts()
        row.rejected = [
            {"line": each.line, "id": each.external_id, "problem": each.problem}
            for each in self._report.rejections
        ]
        row.message = self._report.problem
        row.notes = self._report.notes
        return row
