"""What the tests of the whole need: the search's small shop, a standing clock, a Redis to kill."""

import socket
import subprocess
import time

import pytest

from config.caching import fallback as config_cache
from tests.search.shop import colour_encoder, kept_pictures, shop  # noqa: F401 - fixtures

NOON = 1_800_000_000.0


@pytest.fixture
def standing_clock(monkeypatch):
    """The limiter's clock stands still; tests move it on."""
    clock = type("Clock", (), {"now": NOON})()
    monkeypatch.setattr("django_ratelimit.core.time.time", lambda: clock.now)
    return clock


def closed_port():
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
def shut_breaker(monkeypatch):
    monkeypatch.setattr(config_cache, "breaker", config_cache.CircuitBreaker())


@pytest.fixture
def redis_server(tmp_path):
    """A Redis of the test's own, on a free port."""
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
