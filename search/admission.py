"""How much costly work one process admits at once; whoever finds no place is asked to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

Fetched = TypeVar("Fetched")

# Longer than one inference or one decoding, shorter than a shopper waits.
WAIT_SECONDS = 2.0


# Called before a picture is decoded or fetched, in the request that brought it; whoever serves requests may
# count here, and raise to refuse.
before_decoding: ContextVar[Callable[[], None] | None] = ContextVar("before_decoding", default=None)


# Called before each query of a request but the first, likewise.
before_further_query: ContextVar[Callable[[], None] | None] = ContextVar("before_further_query", default=None)


def count_picture() -> None:
    """Count one picture of the request, before any work for it. Raises what ``before_decoding`` raises."""
    count = before_decoding.get()
    if count is not None:
        count()


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


class Fetches:
    """Fetches from elsewhere: few at once, and none waited for beyond its time.

    DNS look-ups and slow trickles of bytes escape every socket timeout, so each fetch has a thread of its own
    and the wait is bounded from outside. The slot belongs to the thread: as long as a server holds one, there
    is one fewer for other fetches.
    """

    def __init__(self, count: int, *, waiting: int) -> None:
        self.slots = Slots(count, waiting=waiting)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="fetches")

    def within(self, seconds: float, fetch: Callable[[], Fetched]) -> Fetched:
        """What ``fetch`` returns. Raises TimeoutError after ``seconds``, Busy, and what ``fetch`` raises."""
        slot = ExitStack()
        slot.enter_context(self.slots.taken())
        fetching = self._threads.submit(fetch)
        fetching.add_done_callback(lambda _done: slot.close())
        return fetching.result(seconds)


def _busy() -> Busy:
    return Busy(_("Many people are searching with pictures right now. Please try again in a moment."))


inferences = Slots(settings.ENCODER_CONCURRENCY)
# One for two inferences: a picture of 25 megapixels takes a second and up to 400 MB to decode, an ordinary
# one less time than an inference. Only a few may wait, because each of them holds a thread of the server.
_decodings = max(1, settings.ENCODER_CONCURRENCY // 2)
decodings = Slots(_decodings, waiting=3 * _decodings)
# Each that is waited for holds a thread that serves requests.
picture_fetches = Fetches(2, waiting=1)
