"""Releasing a lock over a connection that broke while it was held."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from catalog import locking
from catalog.locking import only_one
from tests.factories import NOW


class Server:
    """A connection to PostgreSQL; ``refuses`` begins the statements that fail, ``breaks`` it with them."""

    vendor = "postgresql"
    in_atomic_block = False

    def __init__(self, refuses="", *, breaks=True):
        self.refuses, self.breaks = refuses, breaks
        self.connection = SimpleNamespace(broken=False)
        self.statements = []

    @contextmanager
    def cursor(self):
        yield SimpleNamespace(execute=self.execute, fetchone=lambda: [True])

    def execute(self, statement, _values=()):
        self.statements.append(statement)
        if self.refuses and statement.startswith(self.refuses):
            self.connection.broken = self.breaks
            raise OperationalError("the connection is closed")

    def close(self):
        self.connection = None


@pytest.fixture
def server(monkeypatch):
    def use(**options):
        server = Server(**options)
        monkeypatch.setattr(locking, "connection", server)
        return server

    return use


def test_a_lock_is_released_by_who_held_it(server):
    held = server()
    with only_one("sync", now=NOW):
        pass
    assert "pg_advisory_unlock" in held.statements[-2]
    assert held.connection is not None


def test_a_run_that_is_done_does_not_fail_where_its_connection_turns_out_to_be_broken(server):
    broken = server(refuses="SELECT pg_advisory_unlock")
    with only_one("sync", now=NOW):
        pass
    assert broken.connection is None


def test_a_connection_that_is_known_to_be_broken_takes_no_statement(server):
    broken = server()
    with only_one("sync", now=NOW):
        broken.connection.broken = True
        broken.statements.clear()
    assert (broken.statements, broken.connection) == ([], None)


def test_what_a_good_connection_refuses_is_raised(server):
    server(refuses="SELECT pg_advisory_unlock", breaks=False)
    with pytest.raises(OperationalError), only_one("sync", now=NOW):
        pass


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_the_next_statement_has_a_connection_again():
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    with only_one("sync", now=NOW), connection.cursor() as cursor:
        own = connection.connection.info.backend_pid
        other = connection.copy()
        with other.cursor() as killer:
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
        other.close()
        assert not connection.connection.broken
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
