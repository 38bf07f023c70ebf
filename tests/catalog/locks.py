"""A lock held by another database session."""

import threading
from contextlib import contextmanager

from django.db import connection

from catalog.locking import only_one
from tests.factories import NOW


@contextmanager
def held_elsewhere(name):
    """Hold the lock from another thread, and so from another database session."""
    held, done = threading.Event(), threading.Event()

    def hold():
        try:
            with only_one(name, now=NOW):
                held.set()
                done.wait(60)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    try:
        yield
    finally:
        done.set()
        thread.join()
