"""A bounded queue between requests and a table, emptied by one thread per process.

A search queues its rows in microseconds and never waits for the database: a locked table or a read-only
disk loses rows, which are counted, and fails no request.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DataError, Error, IntegrityError, OperationalError, close_old_connections

from analytics import metrics

logger = logging.getLogger(__name__)
Row = TypeVar("Row")


class WriteBuffer(Generic[Row]):
    """Queues at most ``capacity`` rows and writes them in transactions of up to ``batch``.

    ``linger_s`` is how long the thread waits for more rows before it writes. A database that is locked or
    away is tried ``attempts`` times, ``pause_s`` apart. With ``settings.LOG_IN_BACKGROUND`` off there is no
    thread, and ``flush`` writes in the caller's.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Row]], object],
        *,
        capacity: int = 10_000,
        batch: int = 500,
        linger_s: float = 0.1,
        pause_s: float = 1.0,
        attempts: int = 3,
    ) -> None:
        self._write = write
        self._capacity, self._batch = capacity, batch
        self._linger_s, self._pause_s, self._attempts = linger_s, pause_s, attempts
        self.reset()

    def reset(self) -> None:
        """Empty the buffer and detach from the thread, as a forked child must: its parent writes the rows."""
        self._rows: deque[Row] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, row: Row) -> bool:
        """Queue a row; a full queue counts it as lost and returns False."""
        with self._changed:
            if len(self._rows) >= self._capacity:
                metrics.records_lost.labels("full").inc()
                return False
            self._rows.append(row)
            if settings.LOG_IN_BACKGROUND:
                self._start()
            self._changed.notify_all()
        return True

    def contains(self, matches: Callable[[Row], bool]) -> bool:
        with self._changed:
            return any(matches(row) for row in self._rows)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until every row is written or lost; False on a time-out."""
        if not settings.LOG_IN_BACKGROUND:
            while self._rows:
                self._write_next(attempts=1)
            return True
        with self._changed:
            return self._changed.wait_for(lambda: not self._rows, timeout_s)

    def _start(self) -> None:
        # Started by the first row, because a thread does not survive the fork of a pre-forking server.
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="analytics-write_buffer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._rows))
            time.sleep(self._linger_s)
            # The server may have closed the connection of this long-lived thread meanwhile.
            close_old_connections()
            while self._rows:
                self._write_next(attempts=self._attempts)
            close_old_connections()

    def _write_next(self, *, attempts: int) -> None:
        """Write one batch. Its rows leave the queue afterwards, so that ``contains`` never misses one."""
        with self._changed:
            batch = list(islice(self._rows, self._batch))
        try:
            self._write_with_retries(batch, attempts)
        finally:
            with self._changed:
                for _row in batch:
                    self._rows.popleft()
                self._changed.notify_all()

    def _write_with_retries(self, batch: Sequence[Row], attempts: int) -> None:
        for attempt in range(1, attempts + 1):
            try:
                self._write(batch)
                return None
            except OperationalError as error:  # locked, read-only, or a broken connection
                close_old_connections()
                if attempt == attempts:
                    return self._drop(batch, error)
                time.sleep(self._pause_s)
            except (IntegrityError, DataError) as error:
                return self._write_one_by_one(batch, error)
            except Exception as error:  # the thread must survive whatever a driver raises
                return self._drop(batch, error)
        return None

    def _write_one_by_one(self, batch: Sequence[Row], error: Error) -> None:
        """Lose only the rows that the database refuses, such as those of a user who was just deleted."""
        if len(batch) == 1:
            return self._drop(batch, error)
        for row in batch:
            self._write_with_retries([row], attempts=1)
        return None

    def _drop(self, batch: Sequence[Row], error: Exception) -> None:
        metrics.records_lost.labels(type(error).__name__).inc(len(batch))
        logger.warning("rows_lost", extra={"rows": len(batch), "reason": str(error)})


def write_at_exit(write_buffer: WriteBuffer[Row]) -> None:
    """Flush for at most two seconds when the process ends, and reset in forked children."""
    atexit.register(write_buffer.flush, 2.0)
    os.register_at_fork(after_in_child=write_buffer.reset)
