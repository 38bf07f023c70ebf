"""How many requests of a process may wait for the bucket of the pictures at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.pictures.place import PicturesAway

# How long a picture waits for a place, and how long none is waited for after that was in vain.
WAIT_S, REFUSED_S = 1.0, 2.0


class BucketReads:
    """At most ``count`` at once: while the bucket hangs, the other threads go on answering."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._refused_until = float("-inf")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds a place. Raises PicturesAway where none comes free in time, or none did just now."""
        if not self._free.acquire(timeout=0.0 if time.monotonic() < self._refused_until else WAIT_S):
            self._refused_until = time.monotonic() + REFUSED_S
            raise PicturesAway("The bucket of the pictures answers too slowly.")
        try:
            yield
        finally:
            self._free.release()
