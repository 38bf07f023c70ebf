"""Whatever somebody writes into Redis is never run, and counts as a miss."""

import pickle
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.core.cache.backends.locmem import LocMemCache
from redis import Redis

from analytics.dashboard import stats
from catalog.offers import current_offer
from catalog.sources.shops.woocommerce import WooCommerceSource
from config.caching.client import Client
from config.caching.counters import CounterCache
from config.caching.fallback import FallbackCache
from search import suggest
from search.candidates import result_set
from search.encoding.cache import EmbeddingCache
from search.pages import picks
from search.ranking import curation
from tests.factories import ProductFactory

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Payload:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.fixture
def trap(tmp_path):
    """Bytes that run code when they are unpickled, and the file that this would make."""
    made = tmp_path / "it-ran"
    payload = pickle.dumps(Payload(made))
    pickle.loads(payload)  # noqa: S301 - that it works is the point
    made.unlink()
    return payload, made


# --- Every value that the project caches -------------------------------------------------------


def woocommerce():
    source = WooCommerceSource.__new__(WooCommerceSource)
    return source._cached("currency", str, lambda: "EUR"), source._cached("categories", dict, dict)


def embedding():
    return EmbeddingCache().get("text", "red", "f" * 64, lambda: np.ones(2, "f"), now=NOW)


READERS = {
    "offer": lambda: current_offer(ProductFactory(), now=NOW).is_live is False,
    "curation": lambda: curation.current().synonyms["tee"],
    "popular": lambda: picks.popular(now=NOW) == [],
    "past searches": lambda: suggest.past_searches(NOW) == [],
    "dashboard": lambda: stats.dashboard(7, NOW)["days"] == 7,
    "result set": lambda: result_set.load("key") is None,
    "embedding": lambda: embedding().any(),
    "shop": lambda: woocommerce() == ("EUR", {}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("garbage", [b"", b"garbage", b"[1,{}]", pickle.dumps({"a": 1}), 7])
def test_garbage_is_a_miss(monkeypatch, settings, name, garbage):
    settings.DASHBOARD_SECTIONS = {}
    # In every cache every key holds it.
    monkeypatch.setattr(LocMemCache, "get", lambda *arguments, **options: garbage)
    assert READERS[name]()


@pytest.mark.parametrize("name", ["home", "results"])
@pytest.mark.parametrize("garbage", [b"garbage", 7])
def test_pages_answer_beside_garbage(monkeypatch, client, shop, name, garbage):
    monkeypatch.setattr(LocMemCache, "get", lambda *arguments, **options: garbage)
    assert client.get({"home": "/", "results": "/results?text=red"}[name]).status_code == 200


# --- Redis -------------------------------------------------------------------------------------


class FakeRedis:
    """The reading half of redis.Redis, where every key holds one value."""

    def __init__(self, stored):
        self.stored = stored

    def get(self, key):
        return self.stored

    def mget(self, *keys):
        return [self.stored for _key in keys]


def test_a_payload_in_redis_is_not_run_but_missed(monkeypatch, trap):
    payload, made = trap
    cache = FallbackCache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "poisoned"})
    monkeypatch.setattr(Client, "connect", lambda *arguments: FakeRedis(payload))
    assert cache.get("key", "default") == "default"
    assert cache.get_many(["key", "other"]) == {}
    assert not made.exists()


@pytest.fixture
def served(redis_server):
    """A cache, and a client that writes past it under the cache's own key."""
    _process, url = redis_server
    # The prefix also names the local memory, which must be this test's own.
    cache = CounterCache(url, {"KEY_PREFIX": url, "OPTIONS": {"SOCKET_TIMEOUT": 5}})
    with Redis.from_url(url) as raw:
        yield cache, raw, lambda key: str(cache._redis.make_key(key))


services = [
    pytest.mark.services,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed"),
]


def with_services(test):
    for mark in services:
        test = mark(test)
    return test


@with_services
def test_a_payload_in_a_real_redis_is_not_run_but_missed(served, trap):
    cache, raw, address = served
    payload, made = trap
    raw.set(address("key"), payload)
    assert cache.get("key", "default") == "default"
    assert cache.get_many(["key"]) == {}
    assert cache.get_or_set("other", b"new") == b"new"
    cache.set("key", {"price": 7})
    assert cache.get("key") == {"price": 7}
    assert b"price" in raw.get(address("key"))
    assert not made.exists()


@with_services
def test_a_list_where_a_value_should_be_is_a_miss_and_no_outage(served):
    cache, raw, address = served
    raw.rpush(address("key"), b"7")
    assert cache.get("key", "default") == "default"
    cache.set("other", 1)
    assert raw.get(address("other")) == b"1"


@with_services
@pytest.mark.parametrize("garbage", [b"garbage", b"\x80\x04."])
def test_a_counter_that_is_no_number_starts_anew(served, garbage):
    cache, raw, address = served
    raw.set(address("count"), garbage)
    with pytest.raises(ValueError, match="count"):
        cache.incr("count")
    assert cache.add("count", 0)
    assert cache.incr("count", 2) == 2
    assert raw.get(address("count")) == b"2"
