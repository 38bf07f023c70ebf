"""How long a request waits for PostgreSQL, and what the process remembers of one that did not answer.

Timeouts of the server and of the kernel do not cover a server that is stopped, or a network that swallows
packets after it has acknowledged them. These do, in the client. Commands and tasks wait as long as they need.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import psycopg

logger = logging.getLogger(__name__)

# Seconds for one statement of a request. The answer, 503, must leave within five.
STATEMENT_SECONDS = 4.0
# The server cancels a statement so many seconds before its client would give up: a lock that is held for long
# costs one statement, not the connection, and does not look like a server that is away.
CANCEL_SECONDS = 0.5
# Seconds for the ``SELECT 1`` that begins a request on a kept connection.
PROBE_SECONDS = 0.8
# Seconds in which nobody tries to connect after an attempt failed; then one thread does.
OPEN_SECONDS = 2.0

_limit: ContextVar[float | None] = ContextVar("postgresql_wait_limit", default=None)


def limit() -> float | None:
    """Seconds that one statement may take here; None without a limit."""
    return _limit.get()


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Bound each statement inside, and refuse to connect while the server is known not to answer."""
    token = _limit.set(seconds)
    try:
        yield
    finally:
        _limit.reset(token)


class Outage:
    """What this process knows of a server that does not answer, so that few threads wait for it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open_until = float("-inf")
        self._failing = False
        self._probe = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._failing

    def begin(self, reason: str) -> None:
        self._failing, self._open_until = True, self._clock() + OPEN_SECONDS
        logger.warning("postgresql_unreachable", extra={"reason": reason})

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Connect inside. Raises psycopg.OperationalError at once where another attempt has just failed, or
        is being made after one that failed.
        """
        if not self._failing:
            with self._watched():
                yield
            return
        if self._clock() < self._open_until or not self._probe.acquire(blocking=False):
            raise psycopg.OperationalError("PostgreSQL did not answer a moment ago.")
        try:
            with self._watched():
                yield
        finally:
            self._probe.release()
        self._failing = False

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except psycopg.OperationalError as error:
            self.begin(str(error))
            raise


outage = Outage()


class BoundedConnection(psycopg.Connection):
    """A connection whose statements take no longer than ``limit()`` of the thread that waits."""

    def wait(self, gen, interval=0.1, timeout=None):  # type: ignore[no-untyped-def]  # psycopg's own generics
        """As psycopg's, but a statement that takes too long breaks the connection: its state is unknown."""
        seconds = limit()
        if seconds is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, seconds if timeout is None else min(timeout, seconds))
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            outage.begin(f"no answer within {seconds:g} s")
            raise psycopg.OperationalError(f"PostgreSQL gave no answer within {seconds:g} s.") from None
