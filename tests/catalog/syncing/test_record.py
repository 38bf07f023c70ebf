"""What is written of a run whose connection to the database broke."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError

from catalog.syncing import record


@pytest.mark.parametrize(
    ("errors_occurred", "in_atomic_block", "is_usable", "is_closed"),
    [
        (True, False, False, True),
        (True, False, True, False),
        # A transaction closes it itself.
        (True, True, False, False),
        (False, False, False, False),
    ],
)
def test_only_a_broken_connection_is_closed(
    monkeypatch, errors_occurred, in_atomic_block, is_usable, is_closed
):
    closed = []
    connection = SimpleNamespace(
        errors_occurred=errors_occurred,
        in_atomic_block=in_atomic_block,
        is_usable=lambda: is_usable,
        close=lambda: closed.append(True),
    )
    monkeypatch.setattr(record, "connection", connection)
    assert record.close_if_broken() is is_closed
    assert bool(closed) is is_closed


class Row:
    """A row whose connection is cut, or whose table is locked, when it is saved first."""

    def __init__(self, connection):
        self.connection = connection
        self.is_saved = False

    def save(self):
        if not self.connection.errors_occurred:
            self.connection.errors_occurred = True
            raise OperationalError
        self.is_saved = True


@pytest.fixture
def own_connection(monkeypatch):
    connection = SimpleNamespace(errors_occurred=False, in_atomic_block=False, close=lambda: None)
    monkeypatch.setattr(record, "connection", connection)
    return connection


def test_a_run_whose_connection_broke_unnoticed_is_saved_on_another_one(own_connection):
    own_connection.is_usable = lambda: False
    row = Row(own_connection)
    record.save_ended(row)
    assert row.is_saved


def test_what_fails_on_a_good_connection_is_raised(own_connection):
    own_connection.is_usable = lambda: True
    with pytest.raises(OperationalError):
        record.save_ended(Row(own_connection))
