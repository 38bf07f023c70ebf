"""Fixtures for the tests of the whole site: the search's small shop and a Redis to kill."""

import socket
import subprocess
import time

import pytest
from django.test import Client

from config.caching import fallback
from tests.search.shop import colour_encoder, kept_pictures, shop  # noqa: F401 - fixtures


def closed_port():
    """A port on this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def counters_at(url):
    options = {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.5}
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
    port = closed_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield process, f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait()


@pytest.fixture
def visitor():
    """A client that gets the 500 page instead of the exception."""
    return Client(raise_request_exception=False)
