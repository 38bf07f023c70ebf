"""Fixtures for the tests of the whole site: the search's small shop and a Redis to kill."""

import socket
import subprocess
import time
from contextlib import suppress

import pytest
import redis
from django.test import Client

from config.caching import fallback
from tests.search.shop import colour_encoder, kept_pictures, shop  # noqa: F401 - fixtures


def counters_at(url, *, seconds=0.25):
    """The counter's cache at this address, which waits so long for Redis."""
    options = {"SOCKET_CONNECT_TIMEOUT": seconds, "SOCKET_TIMEOUT": seconds}
    return {
        "BACKEND": "config.caching.counters.CounterCache",
        "LOCATION": url,
        "KEY_PREFIX": url,
        "OPTIONS": options,
    }


@pytest.fixture
def redis_calls(monkeypatch):
    """The names of the counter's calls to Redis, failed ones included."""
    calls = []

    def recorded(name, method):
        return lambda *args, **options: calls.append(name) or method(*args, **options)

    for name in ("add", "incr"):
        monkeypatch.setattr(fallback.RedisCache, name, recorded(name, getattr(fallback.RedisCache, name)))
    return calls


@pytest.fixture
def redis_server(tmp_path):
    """A Redis for this test, on a free port: its process and its URL."""
    # Another process may take the port before Redis does: Redis then ends, and the next port is tried.
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        if _answers(process, port):
            break
    yield process, f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait()


def _answers(process, port):
    """Waits until this process itself answers on the port; False once it has ended."""
    with redis.Redis(port=port) as client:
        while process.poll() is None:
            with suppress(redis.RedisError):
                if client.info("server")["process_id"] == process.pid:
                    return True
            time.sleep(0.02)
    return False


@pytest.fixture
def visitor():
    """A client that gets the 500 page instead of the exception."""
    return Client(raise_request_exception=False)
