"""A cache in Redis that falls back to local memory while Redis does not answer.

A cache must never fail a request, and a Redis that hangs must not cost each request a timeout: after one
failure the circuit breaker stays open for a while, in which this process uses local memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django_redis.cache import RedisCache
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from catalog import circuit_breaker
from config.caching.local import LocalCache

UNREACHABLE = (ConnectionInterrupted, RedisError, OSError)
_WITHOUT_PICKLE = {
    "CLIENT_CLASS": "config.caching.client.Client",
    "SERIALIZER": "config.caching.serializer.SignedSerializer",
}


def _guarded(name: str) -> Callable[..., Any]:
    def method(self: FallbackCache, *args: Any, **options: Any) -> Any:
        return self.attempt(name, *args, **options)

    method.__name__ = name
    return method


class FallbackCache(BaseCache):
    """Django's cache interface over Redis, with local memory while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {**params.get("OPTIONS", {}), **_WITHOUT_PICKLE}
        self._redis = RedisCache(server, {**params, "OPTIONS": options})
        local = {**params, "OPTIONS": {"MAX_ENTRIES": 5000}}
        self._local = LocalCache(f"fallback-{params.get('KEY_PREFIX', '')}", local)

    def attempt(self, name: str, *args: Any, **options: Any) -> Any:
        """Call one cache method on Redis, or on local memory when Redis fails or has just failed."""
        if not circuit_breaker.breaker.is_open:
            try:
                return getattr(self._redis, name)(*args, **options)
            except UNREACHABLE as error:
                circuit_breaker.breaker.trip(error)
        return getattr(self._local, name)(*args, **options)

    def attempt_redis(self, name: str, *args: Any, **options: Any) -> Any:
        """Call one cache method on Redis alone; None when Redis fails or has just failed."""
        if circuit_breaker.breaker.is_open:
            return None
        try:
            return getattr(self._redis, name)(*args, **options)
        except UNREACHABLE as error:
            circuit_breaker.breaker.trip(error)
            return None

    get = _guarded("get")
    set = _guarded("set")
    add = _guarded("add")
    touch = _guarded("touch")
    delete = _guarded("delete")
    incr = _guarded("incr")
    decr = _guarded("decr")
    has_key = _guarded("has_key")
    get_many = _guarded("get_many")
    set_many = _guarded("set_many")
    delete_many = _guarded("delete_many")
    clear = _guarded("clear")
    close = _guarded("close")
