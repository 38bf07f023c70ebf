"""A thread that waits for a locked SQLite file holds up no other."""

import gc
import sqlite3
import threading
import time

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError

from config.postgresql import waits
from config.sqlite.base import LOCK_SECONDS, DatabaseWrapper


@pytest.fixture
def file(tmp_path, django_db_blocker):
    """A database of the test's own, which Django may open."""
    with django_db_blocker.unblock():
        yield tmp_path / "shop.sqlite3"


@pytest.fixture
def locked(file):
    """Another process's connection that holds the write lock."""
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN EXCLUSIVE")
    yield holder
    holder.close()


def connection_to(file):
    options = {"transaction_mode": "IMMEDIATE", "timeout": 0}
    return DatabaseWrapper({**_defaults(), "NAME": str(file), "OPTIONS": options}, alias="locked")


def _defaults():
    return {
        "ENGINE": "config.sqlite",
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "HOST": "",
        "PORT": "",
        "USER": "",
        "PASSWORD": "",
        "TEST": {},
    }


@pytest.mark.parametrize("act", ["execute", "executemany"])
def test_a_cursor_that_failed_is_closed(act, file):
    connection = connection_to(file)
    cursor = connection.cursor()
    with pytest.raises(DatabaseError):
        getattr(cursor, act)("INSERT INTO nothing VALUES (%s)", [] if act == "execute" else [[1]])
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        cursor.cursor.fetchone()
    connection.close()


def test_garbage_of_a_thread_that_waits_is_collected_at_once(file, locked):
    failed = threading.Event()

    def fail_then_wait():
        connection = connection_to(file)
        with pytest.raises(OperationalError):
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        connection.connection.execute("PRAGMA busy_timeout = 60000")
        failed.set()
        connection.connection.execute("BEGIN IMMEDIATE")
        connection.close()

    waiting = threading.Thread(target=fail_then_wait)
    waiting.start()
    assert failed.wait(30)
    time.sleep(0.2)
    collecting = threading.Thread(target=gc.collect)
    collecting.start()
    collecting.join(10)
    stood_still = collecting.is_alive()
    locked.execute("ROLLBACK")
    waiting.join(30)
    collecting.join(30)
    assert not stood_still


def test_a_request_waits_for_a_lock_for_a_time_of_its_own(file):
    with waits.limited(waits.STATEMENT_SECONDS):
        of_a_request = _busy_timeout(file)
    assert (of_a_request, _busy_timeout(file)) == (1000 * LOCK_SECONDS, 0)


def _busy_timeout(file):
    connection = connection_to(file)
    with connection.cursor() as cursor:
        milliseconds = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.close()
    return milliseconds


def test_a_shop_on_sqlite_uses_it():
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine in ("config.sqlite", "config.postgresql")
