"""How much costly work one process admits at once; whoever finds no place is asked to come again."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Fetched = TypeVar("Fetched")

_MANY_PICTURES = _("Many people are searching with pictures right now. Please try again in a moment.")
# Longer than one inference or one decoding, shorter than a shopper waits.
WAIT_SECONDS = 2.0
# Longer than decoding a picture of some megapixels, too short to be missed by those who search with words.
BRIEF_SECONDS = 0.25


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
    """All slots are taken; worth asking again after ``retry_after`` seconds. ``str()`` is the message for
    whoever asked.
    """

    def __init__(self, message: str = "", *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Slots:
    """At most ``count`` callers at once. ``waiting`` others may wait for a slot; None: any number.

    With ``one_briefly``, one more may wait BRIEF_SECONDS to become one of those: enough where work is short.
    After one who did so in vain, nobody may for WAIT_SECONDS.

    ``message`` is what those are told who find none, ``retry_after`` when to ask again, in seconds. ``clock``
    gives seconds.
    """

    def __init__(
        self,
        count: int,
        *,
        waiting: int | None = None,
        one_briefly: bool = False,
        message: StrOrPromise = _MANY_PICTURES,
        retry_after: int = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.count = count
        self._message, self._retry_after, self._clock = message, retry_after, clock
        self._free = threading.BoundedSemaphore(count)
        self._places = None if waiting is None else threading.BoundedSemaphore(count + waiting)
        self._brief_wait = threading.Lock() if one_briefly else None
        self._brief_wait_from = -math.inf

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds a slot. Raises Busy when none comes free in time, or too many wait already."""
        if self._places is not None and not (self._places.acquire(blocking=False) or self._wait_briefly()):
            raise self._busy()
        try:
            if not self._free.acquire(timeout=WAIT_SECONDS):
                raise self._busy()
            try:
                yield
            finally:
                self._free.release()
        finally:
            if self._places is not None:
                self._places.release()

    def _wait_briefly(self) -> bool:
        """Wait for a place, where one may; whether the caller has got it."""
        if self._places is None or self._brief_wait is None or self._clock() < self._brief_wait_from:
            return False
        if not self._brief_wait.acquire(blocking=False):
            return False
        try:
            if self._places.acquire(timeout=BRIEF_SECONDS):
                return True
            self._brief_wait_from = self._clock() + WAIT_SECONDS
            return False
        finally:
            self._brief_wait.release()

    def _busy(self) -> Busy:
        return Busy(str(self._message), retry_after=self._retry_after)


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


def waiting_for(decodings: int, *, threads: int) -> int:
    """How many may wait for one of so many decodings: each holds one of the server's ``threads``, and one is
    left for all others, but for the moments in which a picture waits there briefly.
    """
    return max(0, min(3 * decodings, threads - decodings - 1))


inferences = Slots(settings.ENCODER_CONCURRENCY)
# One for two inferences: a picture of 25 megapixels takes a second and up to 400 MB to decode, an ordinary
# one less time than an inference.
_decodings = max(1, settings.ENCODER_CONCURRENCY // 2)
decodings = Slots(_decodings, waiting=waiting_for(_decodings, threads=settings.WEB_THREADS), one_briefly=True)
# Each that is waited for holds a thread as well, for seconds.
picture_fetches = Fetches(2, waiting=0)
# A replay searches for three seconds, beside shoppers who search too.
replays = Slots(
    1,
    waiting=0,
    message=_("Somebody else is having searches asked again. Please try again in a few seconds."),
    retry_after=5,
)
