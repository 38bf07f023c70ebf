"""A thread that follows the bucket for the process that started it."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable

logger = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
# How long requests may wait for the first round together: a base may take minutes, and they hold threads.
FIRST_WAIT_S = 5.0


class Follower:
    """Calls ``follow`` again after the seconds that it returns, until the object that it belongs to is gone.

    The thread starts on first use, and so after gunicorn has forked.
    """

    def __init__(self, follow: Callable[[], float]) -> None:
        self._follow = weakref.WeakMethod(follow)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._first = threading.Event()
        self._stopped = threading.Event()
        self._wait_until = 0.0

    def start(self, *, wait: bool) -> None:
        """Start the thread where it does not run; with ``wait``, return after its first round, or once that
        took FIRST_WAIT_S.
        """
        # Threads do not survive a fork.
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._first.clear()
                    self._wait_until = time.monotonic() + FIRST_WAIT_S
                    self._thread = threading.Thread(target=self._run, name="index-follower", daemon=True)
                    self._thread.start()
        if wait:
            self._first.wait(max(0.0, self._wait_until - time.monotonic()))

    def wait(self) -> None:
        """Until the first round is over, however long it takes."""
        self.start(wait=False)
        self._first.wait()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set() and (seconds := self._round()) is not None:
                self._first.set()
                self._stopped.wait(seconds)
        finally:
            # Nobody may wait for a thread that ended.
            self._first.set()

    def _round(self) -> float | None:
        """After how many seconds to follow again; None where the object is gone."""
        # Held no longer than the call, else this thread would keep the object alive.
        method = self._follow()
        try:
            return None if method is None else method()
        except Exception:  # whatever it is, it must be tried again; it is logged with its traceback
            logger.exception("index_follower")
            return RETRY_SECONDS
