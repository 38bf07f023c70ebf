"""What counts as an outage, and how few threads wait for a server that does not answer."""

import errno
import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from django.db import DatabaseError, InternalError, OperationalError, ProgrammingError

from config.environment import read_database
from config.http.outages import outage_of
from config.postgresql import waits
from config.postgresql.waits import OPEN_SECONDS, Outage


def caused(error, cause):
    error.__cause__ = cause
    return error


def sqlite_error(code):
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        caused(InternalError("no"), psycopg.errors.ReadOnlySqlTransaction("no")),
        caused(OperationalError("no"), sqlite_error(sqlite3.SQLITE_READONLY)),
        # An extended code of the same kind.
        caused(OperationalError("no"), sqlite_error(sqlite3.SQLITE_READONLY | 5 << 8)),
        caused(OperationalError("no"), sqlite_error(sqlite3.SQLITE_FULL)),
    ],
)
def test_what_refuses_to_write_is_an_outage_of_writing(error):
    assert "cannot save" in outage_of(error).detail


def test_a_database_that_is_away_or_locked_is_an_outage():
    assert "cannot reach its database" in outage_of(OperationalError("gone")).detail


@pytest.mark.parametrize(
    "error",
    [
        None,
        RuntimeError("ours"),
        FileNotFoundError(errno.ENOENT, "none"),
        DatabaseError("ours"),
        ProgrammingError("ours"),
        caused(InternalError("ours"), psycopg.errors.InFailedSqlTransaction("ours")),
    ],
)
def test_what_is_a_fault_of_ours_is_no_outage(error):
    assert outage_of(error) is None


def test_while_the_server_does_not_answer_every_error_of_the_database_is_its(monkeypatch):
    monkeypatch.setattr(waits, "outage", SimpleNamespace(is_open=True))
    assert outage_of(ProgrammingError("Cannot open a new connection in an atomic block."))
    assert outage_of(RuntimeError("ours")) is None


def fail(outage):
    with pytest.raises(psycopg.OperationalError, match="refused"), outage.attempt():
        raise psycopg.OperationalError("refused")


def test_after_a_failure_nobody_connects_for_a_moment():
    clock = SimpleNamespace(now=0.0)
    outage = Outage(clock=lambda: clock.now)
    fail(outage)
    with pytest.raises(psycopg.OperationalError, match="a moment ago"), outage.attempt():
        pytest.fail("it was tried")
    clock.now += OPEN_SECONDS
    with outage.attempt():
        pass
    assert not outage.is_open


def test_after_that_moment_one_thread_tries_and_the_others_are_told_at_once():
    clock = SimpleNamespace(now=0.0)
    outage = Outage(clock=lambda: clock.now)
    fail(outage)
    clock.now += OPEN_SECONDS
    with outage.attempt(), pytest.raises(psycopg.OperationalError, match="a moment ago"), outage.attempt():
        pytest.fail("it was tried")


def test_waits_are_bounded_in_requests_alone(client, monkeypatch):
    seen = []
    monkeypatch.setattr("config.health.checks.readiness", lambda: seen.append(waits.limit()) or {})
    monkeypatch.setattr("config.health.database_problem", lambda: None)
    client.get("/readyz")
    assert seen == [waits.STATEMENT_SECONDS]
    assert waits.limit() is None


@pytest.mark.parametrize("url", ["", "postgres://shop@db.example/shop"])
def test_a_thread_keeps_its_connection_to_the_next_request(monkeypatch, tmp_path, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert read_database(tmp_path)["CONN_MAX_AGE"] > 0


def test_a_network_that_is_gone_breaks_a_connection_to_postgresql(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://shop@db.example/shop?connect_timeout=9")
    database = read_database(tmp_path)
    assert database["ENGINE"] == "config.postgresql"
    assert database["OPTIONS"]["tcp_user_timeout"] < 5000
    assert database["OPTIONS"]["connect_timeout"] == 9


def test_a_request_waits_less_than_five_seconds_for_postgresql(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://shop@db.example/shop")
    connecting = read_database(tmp_path)["OPTIONS"]["connect_timeout"]
    # A kept connection is asked first, and may have to be made anew.
    assert waits.PROBE_SECONDS + connecting < 5
    assert waits.STATEMENT_SECONDS < 5
