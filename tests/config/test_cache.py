"""While Redis is away, the caches work from local memory."""

import pytest

from catalog.circuit_breaker import OPEN_SECONDS, CircuitBreaker
from config.caching.fallback import FallbackCache
from config.caching.local import LocalCache

OPTIONS = {
    "TIMEOUT": 60,
    "KEY_PREFIX": "cache-test",
    "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.25},
}


@pytest.fixture
def cache(closed_port):
    return FallbackCache(f"redis://127.0.0.1:{closed_port}/0", OPTIONS)


def test_local_memory_stands_in_for_a_redis_that_refuses(cache):
    cache.set("key", b"value")
    assert cache.get("key") == b"value"
    assert cache.add("key", "other") is False
    assert cache.add("count", 0)
    assert cache.incr("count") == 1
    assert cache.get_many(["key"]) == {"key": b"value"}


def test_bytes_lie_in_local_memory_as_they_are():
    local, value = LocalCache("bytes-test", OPTIONS), bytes(range(256)) * 40
    local.set("key", value)
    assert local.get("key") == value
    assert sum(map(len, local._cache.values())) < len(value) + 100


def test_a_dead_redis_is_not_called_again_at_once(cache, monkeypatch):
    calls = []
    monkeypatch.setattr(cache._redis, "get", lambda *a, **k: calls.append(a) or _refuse())
    for _ in range(50):
        assert cache.get("unknown") is None
    assert len(calls) == 1


def test_it_is_called_again_after_a_while():
    now = 100.0
    breaker = CircuitBreaker(clock=lambda: now)
    breaker.trip(OSError("gone"))
    assert breaker.is_open
    now += OPEN_SECONDS + 0.1
    assert not breaker.is_open


def _refuse():
    raise ConnectionRefusedError
