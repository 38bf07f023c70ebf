"""What is written of a run whose connection to the database broke."""

from types import SimpleNamespace

import pytest

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
    record.close_if_broken()
    assert bool(closed) is is_closed
