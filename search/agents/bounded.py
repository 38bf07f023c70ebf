"""Fetching on behalf of agents: counted, few at once, and within a time that nothing can stretch."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from search.admission import Slots, before_decoding

Fetched = TypeVar("Fetched")

# DNS look-ups and slow trickles of bytes escape every socket timeout, so the wait is bounded from outside.
_threads = ThreadPoolExecutor(4, thread_name_prefix="agents-fetches")
_fetches = Slots(4, waiting=4)


def count() -> None:
    """Count one picture of the request, before anything is fetched. Raises OverBudget.

    So nobody has this site call others without bounds.
    """
    counted = before_decoding.get()
    if counted is not None:
        counted()


def within(seconds: float, fetch: Callable[[], Fetched]) -> Fetched:
    """What ``fetch`` returns. Raises TimeoutError after ``seconds``, Busy, and what ``fetch`` raises."""
    with _fetches.taken():
        fetching = _threads.submit(fetch)
        try:
            return fetching.result(seconds)
        finally:
            fetching.cancel()
