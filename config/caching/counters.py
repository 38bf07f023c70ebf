"""Request counts that stay right when Redis goes away within a window."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT

from config.caching.fallback import FallbackCache


class CounterCache(FallbackCache):
    """Counts in local memory as well as in Redis: this process keeps its counts when Redis goes away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # Many entries, so that many addresses do not evict the one that exceeds its budget.
        self._local._max_entries = 100_000

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """True when no process had the counter; without Redis, when this process had none."""
        local = self._local.add(key, value, timeout=timeout, version=version)
        shared = self.attempt_redis("add", key, value, timeout=timeout, version=version)
        return local if shared is None else bool(shared)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The count over all processes; without Redis, of this one. Raises ValueError without a counter."""
        local = None
        with suppress(ValueError):  # the counter expired between add and incr
            local = self._local.incr(key, delta, version=version)
        try:
            shared = self.attempt_redis("incr", key, delta, version=version)
        except ValueError:  # Redis came back empty
            shared = None
        found = local if shared is None else shared
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return int(found)

    def clear(self) -> None:
        self._local.clear()
        self.attempt_redis("clear")
