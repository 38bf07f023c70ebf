"""The queue to the log tables never blocks a caller, and survives database errors."""

import os
import threading
import uuid

import pytest
from django.db import OperationalError

from analytics import metrics, recording
from analytics.models import SearchLog
from analytics.write_buffer import WriteBuffer

LOCKED = OperationalError("database is locked")


class Writes:
    """Stands in for the database: keeps the rows, fails while ``broken``, waits for ``gate``."""

    def __init__(self):
        self.rows, self.broken, self.tries = [], False, 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, rows):
        self.tries += 1
        assert self.gate.wait(60)
        if self.broken:
            raise LOCKED
        self.rows += rows


@pytest.fixture
def writes():
    return Writes()


@pytest.fixture
def write_buffer(writes, settings):
    settings.LOG_IN_BACKGROUND = True
    write_buffer = WriteBuffer(writes, capacity=50, batch=10, linger_s=0.001, pause_s=0.001)
    yield write_buffer
    writes.gate.set()
    assert write_buffer.flush()


def a_search():
    return SearchLog(id=uuid.uuid4())


def lost(reason):
    return metrics.records_lost.labels(reason)._value.get()


def test_rows_are_written_in_the_order_they_came(write_buffer, writes):
    rows = [a_search() for _row in range(35)]
    for row in rows:
        assert write_buffer.put(row)
    assert write_buffer.flush()
    assert writes.rows == rows


def test_a_blocked_database_blocks_no_caller(write_buffer, writes):
    # Nothing opens the gate before the last call returns: a call that waited for it would fail.
    writes.gate.clear()
    accepted = [write_buffer.put(a_search()) for _row in range(60)]
    assert writes.rows == []
    assert accepted == [True] * 50 + [False] * 10
    assert not write_buffer.flush(timeout_s=0.05)


def test_a_search_is_contained_until_it_is_written(write_buffer, writes):
    writes.gate.clear()
    row = a_search()
    write_buffer.put(a_search())
    assert not write_buffer.contains(row.__eq__)
    write_buffer.put(row)
    assert write_buffer.contains(row.__eq__)
    writes.gate.set()
    assert write_buffer.flush()
    assert not write_buffer.contains(row.__eq__)


def test_a_short_lock_costs_nothing(write_buffer, writes, monkeypatch):
    errors = [LOCKED, LOCKED]

    def locked_twice(rows):
        if errors:
            raise errors.pop()
        writes(rows)

    monkeypatch.setattr(write_buffer, "_write", locked_twice)
    row = a_search()
    write_buffer.put(row)
    assert write_buffer.flush()
    assert writes.rows == [row]


def test_what_cannot_be_written_is_given_up_and_counted(write_buffer, writes):
    writes.broken = True
    before = lost("OperationalError")
    write_buffer.put(a_search())
    assert write_buffer.flush()
    assert writes.tries == 3
    assert lost("OperationalError") == before + 1
    writes.broken = False
    write_buffer.put(a_search())
    assert write_buffer.flush()
    assert len(writes.rows) == 1


def test_a_forked_child_does_not_write_what_its_parent_writes():
    row = a_search()
    recording.write_buffer.put(row)
    child = os.fork()
    if child == 0:
        os._exit(int(recording.write_buffer.contains(row.__eq__)))
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert recording.write_buffer.contains(row.__eq__)
