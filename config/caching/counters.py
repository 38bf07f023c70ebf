"""Counts that survive Redis going away in the middle of a window."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT

from config.caching.fallback import FallbackCache


class CounterCache(FallbackCache):
    """Counts in local memory beside Redis, so that when Redis goes, what this process has counted stands."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # Many entries, so that a crowd of addresses does not push out the one that exceeds.
        self._local._max_entries = 100_000

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """True when no process had the counter; without Redis, when this one had not."""
        beside = self._local.add(key, value, timeout=timeout, version=version)
        shared = self.attempt_redis("add", key, value, timeout=timeout, version=version)
        return beside if shared is None else bool(shared)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The count over all processes, or this one's. Raises ValueError when neither has the counter."""
        beside = None
        with suppress(ValueError):  # the counter ran out between add and incr
            beside = self._local.incr(key, delta, version=version)
        try:
            shared = self.attempt_redis("incr", key, delta, version=version)
        except ValueError:  # Redis came back empty
            shared = None
        found = beside if shared is None else shared
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return int(found)

    def clear(self) -> None:
        self._local.clear()
        self.attempt_redis("clear")
