"""How much costly work one process admits at once; whoever finds no place is asked to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.translation import gettext as _

# Longer than one inference or one decoding, shorter than a shopper waits.
WAIT_SECONDS = 2.0


# Called before an uploaded picture is decoded, in the request that brought it; whoever serves requests may
# count here, and raise to refuse.
before_decoding: ContextVar[Callable[[], None] | None] = ContextVar("before_decoding", default=None)


# Called before each query of a request but the first, likewise.
before_further_query: ContextVar[Callable[[], None] | None] = ContextVar("before_further_query", default=None)


class Busy(Exception):
    """All slots are taken; worth asking again after ``retry_after`` seconds."""

    retry_after = 2


class Slots:
    """At most ``count`` callers at once. ``waiting`` others may wait for a slot; None: any number."""

    def __init__(self, count: int, *, waiting: int | None = None) -> None:
        self.count = count
        self._free = threading.BoundedSemaphore(count)
        self._places = None if waiting is None else threading.BoundedSemaphore(count + waiting)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds a slot. Raises Busy when none comes free in time, or too many wait already."""
        if self._places is not None and not self._places.acquire(blocking=False):
            raise _busy()
        try:
            if not self._free.acquire(timeout=WAIT_SECONDS):
                raise _busy()
            try:
                yield
            finally:
                self._free.release()
        finally:
            if self._places is not None:
                self._places.release()


def _busy() -> Busy:
    return Busy(_("Many people are searching with pictures right now. Please try again in a moment."))


inferences = Slots(settings.ENCODER_CONCURRENCY)
# One for two inferences: a picture of 25 megapixels takes a second and up to 400 MB to decode, an ordinary
# one less time than an inference. Only a few may wait, because each of them holds a thread of the server.
_decodings = max(1, settings.ENCODER_CONCURRENCY // 2)
decodings = Slots(_decodings, waiting=3 * _decodings)
# Pictures fetched from elsewhere: each holds a thread of the server for as long as that server likes.
fetches = Slots(2, waiting=1)
