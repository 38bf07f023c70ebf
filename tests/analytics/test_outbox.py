"""The queue to the log tables: it never holds a caller up, and it outlives what databases do."""

import os
import threading
import time
import uuid

import pytest
from django.db import OperationalError

from analytics import metrics, recording
from analytics.models import SearchLog
from analytics.write_buffer import Outbox

LOCKED = OperationalError("database is locked")


class Writes:
    """Stands in for the database: keeps what it is given, fails while ``broken``, waits for ``gate``."""

    def __init__(self):
        self.rows, self.broken, self.tries = [], False, 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, rows):
        self.tries += 1
        assert self.gate.wait(10)
        if self.broken:
            raise LOCKED
        self.rows += rows


@pytest.fixture
def writes():
    return Writes()


@pytest.fixture
def outbox(writes, settings):
    settings.LOG_IN_BACKGROUND = True
    outbox = Outbox(writes, capacity=50, batch=10, linger_s=0.001, pause_s=0.001)
    yield outbox
    writes.gate.set()
    assert outbox.flush()


def a_search():
    return SearchLog(id=uuid.uuid4())


def lost(reason):
    return metrics.records_lost.labels(reason)._value.get()


def test_rows_are_written_in_the_order_they_came(outbox, writes):
    rows = [a_search() for _row in range(35)]
    for row in rows:
        assert outbox.put(row)
    assert outbox.flush()
    assert writes.rows == rows


def test_a_blocked_database_blocks_no_caller(outbox, writes):
    writes.gate.clear()
    began = time.monotonic()
    accepted = [outbox.put(a_search()) for _row in range(60)]
    assert time.monotonic() - began < 0.5
    assert accepted == [True] * 50 + [False] * 10
    assert not outbox.flush(timeout_s=0.05)


def test_a_search_is_held_until_it_is_written(outbox, writes):
    writes.gate.clear()
    row = a_search()
    outbox.put(a_search())
    assert not outbox.holds(row.__eq__)
    outbox.put(row)
    assert outbox.holds(row.__eq__)
    writes.gate.set()
    assert outbox.flush()
    assert not outbox.holds(row.__eq__)


def test_a_short_lock_costs_nothing(outbox, writes, monkeypatch):
    errors = [LOCKED, LOCKED]

    def locked_twice(rows):
        if errors:
            raise errors.pop()
        writes(rows)

    monkeypatch.setattr(outbox, "_write", locked_twice)
    row = a_search()
    outbox.put(row)
    assert outbox.flush()
    assert writes.rows == [row]


def test_what_cannot_be_written_is_given_up_and_counted(outbox, writes):
    writes.broken = True
    before = lost("OperationalError")
    outbox.put(a_search())
    assert outbox.flush()
    assert writes.tries == 3
    assert lost("OperationalError") == before + 1
    writes.broken = False
    outbox.put(a_search())
    assert outbox.flush()
    assert len(writes.rows) == 1


def test_a_forked_child_does_not_write_what_its_parent_writes():
    row = a_search()
    recording.outbox.put(row)
    child = os.fork()
    if child == 0:
        os._exit(int(recording.outbox.holds(row.__eq__)))
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert recording.outbox.holds(row.__eq__)
