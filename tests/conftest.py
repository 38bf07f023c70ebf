"""Fixtures for every test: quick password hashing, empty caches, a frozen rate limiter, no manifest."""

import os
import socket
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from analytics import recording
from catalog import circuit_breaker
from catalog.display import cards
from search.encoding import cache as encoding_cache
from tests import undefined_variables
from tests.examples import examples
from tests.static_files import find_once

# A busy machine must not fail a property: time is measured by the benchmarks, not by tests.
hypothesis_settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=examples(100),
)
hypothesis_settings.load_profile("steady")

# pytest-django puts the databases of SQLite into memory by the name of Django's own backend alone.
if django_settings.DATABASES["default"]["ENGINE"] == "config.sqlite":
    django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"


@pytest.fixture(autouse=True, scope="session")
def quick_site():
    """Settings that differ from a shop's, once for all tests: a test's own are put over them."""
    static_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with pytest.MonkeyPatch.context() as patch:
        find_once(patch)
        # No test cuts the power, and waiting for the disk would take a third of the time.
        patch.setattr(os, "fsync", lambda _descriptor: None)
        with override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            MAIL_IN_BACKGROUND=False,
            TASKS_IN_BACKGROUND=False,
            # What a search recorded is written by ``recording.flush()`` alone.
            LOG_IN_BACKGROUND=False,
            STORAGES={**django_settings.STORAGES, "staticfiles": static_files},
        ):
            yield


@pytest.fixture(autouse=True)
def limiter_clock(monkeypatch):
    """The rate limiter's clock, frozen so that no window ends during a test; ``now`` is in seconds."""
    clock = SimpleNamespace(now=1_800_000_000.0)
    # The module's name, not time.time itself, which caches and tokens use too.
    monkeypatch.setattr("django_ratelimit.core.time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture(autouse=True)
def clean_process(monkeypatch, settings):
    """Nothing of a test stays in the process for the next one."""
    # A request in German leaves German active in its thread.
    translation.deactivate()
    # The clock of a test's own circuit breakers is frozen: once open, they stay open.
    for name in ("breaker", "_queue_breaker"):
        monkeypatch.setattr(circuit_breaker, name, circuit_breaker.CircuitBreaker(clock=lambda: 0.0))
    yield
    # What a search recorded, and the vectors of its words, which nothing wrote.
    for buffer in (recording.write_buffer, encoding_cache.write_buffer):
        buffer.reset()
    cards.forget()
    for alias in settings.CACHES:
        caches[alias].clear()


@pytest.fixture(autouse=True)
def defined_template_variables():
    """A misspelt or forgotten variable in one of our templates fails the test that renders it."""
    with undefined_variables.recorded() as undefined:
        yield
    assert not undefined, "\n".join(sorted(set(undefined)))


@pytest.fixture
def closed_port():
    """A port on this machine that refuses connections; it is held, so that nothing else listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
