"""The entries of settings.CACHES: in Redis, or in the process without it."""

from __future__ import annotations

from typing import Any


def cache_alias(prefix: str, *, redis_url: str, timeout: int, entries: int = 5000) -> dict[str, Any]:
    """One cache. ``timeout`` is in seconds; ``entries`` bounds local memory and has no effect on Redis."""
    common = {"KEY_PREFIX": prefix, "TIMEOUT": timeout}
    if not redis_url:
        return common | {
            "BACKEND": "config.caching.local.LocalCache",
            "LOCATION": prefix,
            "OPTIONS": {"MAX_ENTRIES": entries},
        }
    return common | {
        "BACKEND": "config.caching.fallback.FallbackCache",
        "LOCATION": redis_url,
        # By default a hanging server would cost each request 5 s.
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.5},
    }


def counter_alias(prefix: str, *, redis_url: str, timeout: int) -> dict[str, Any]:
    """A cache for request counts, which stay right when Redis goes away within a window."""
    alias = cache_alias(prefix, redis_url=redis_url, timeout=timeout, entries=100_000)
    if redis_url:
        alias["BACKEND"] = "config.caching.counters.CounterCache"
    return alias
