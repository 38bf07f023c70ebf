"""Locks across processes: an advisory lock in PostgreSQL, a file lock beside SQLite."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

_TRY_AGAIN_SECONDS = 0.05


class AlreadyRunning(Exception):
    """Another process or thread holds the lock; ``holder`` describes it."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"A {name} is already running: {holder}.")
        self.holder = holder


@contextmanager
def only_one(name: str, *, of: str = "", now: datetime) -> Iterator[None]:
    """Hold the lock ``name`` (letters, digits, spaces), or the one ``of`` something that only machines name;
    it also ends with this process, however that dies.

    Raises AlreadyRunning at once where another process or thread holds it.
    """
    key = f"{name} {of}".rstrip()
    if connection.vendor == "postgresql":
        with _advisory(key, name, _me(now)):
            yield
    else:
        with only_one_file(settings.DATA_DIR / "locks" / f"{key.replace(' ', '-')}.lock", name, now=now):
            yield


@contextmanager
def only_one_within(seconds: float, name: str, *, now: datetime) -> Iterator[None]:
    """As only_one, but waits so long for the lock before it raises AlreadyRunning."""
    deadline = time.monotonic() + seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(only_one(name, now=now))
                break
            except AlreadyRunning:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_TRY_AGAIN_SECONDS)
        yield


@contextmanager
def only_one_file(path: Path, name: str, *, now: datetime) -> Iterator[None]:
    """As only_one, among the processes that share the file ``path``; it is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(name, file.read().strip() or "another process") from None
        # Opened for appending, so that the holder's text stays readable until the lock is held.
        file.truncate(0)
        file.write(_me(now))
        file.flush()
        yield


def hold_with_others(path: Path, owner: object) -> bool:
    """Keep ``only_one_file`` from the file ``path`` until ``owner`` is gone, as others may at the same time.

    It is made where it is missing. False where that is not allowed, or somebody is the only one just now.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return False
    weakref.finalize(owner, os.close, descriptor)
    return True


def take_turn(name: str) -> None:
    """Wait until no other transaction is at ``name``, and keep others from it until this one ends. SQLite has
    one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tandem {name}"])


def _me(now: datetime) -> str:
    return f"process {os.getpid()} on {socket.gethostname()[:24]} since {now:%H:%M:%S}"


@contextmanager
def _advisory(lock: str, name: str, me: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"tandem {lock}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(name, _advisory_holder(key))
        cursor.execute("SELECT current_setting('application_name')")
        before = cursor.fetchone()[0]
        # A second session reads the holder from here (PostgreSQL cuts it at 63 bytes).
        cursor.execute("SELECT set_config('application_name', %s, false)", [me[:63]])
    try:
        yield
    finally:
        _release(key, before)


def _release(key: int, application_name: str) -> None:
    """A connection that broke has released the lock already: what was done under it is no failure for that.
    It is closed, so that the next statement opens another.
    """
    try:
        if not _is_broken():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
                cursor.execute("SELECT set_config('application_name', %s, false)", [application_name])
    except OperationalError:
        # The first statement since may be the one that notices it.
        if not _is_broken():
            raise
    if _is_broken() and not connection.in_atomic_block:
        connection.close()


def _is_broken() -> bool:
    return connection.connection is None or connection.connection.broken


def _advisory_holder(key: int) -> str:
    unsigned = key % 2**64
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
            # Locks of this kind belong to one database; the view shows the whole server's.
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND l.classid::bigint = %s AND l.objid::bigint = %s",
            [unsigned >> 32, unsigned & 0xFFFFFFFF],
        )
        row = cursor.fetchone()
    return (row and row[0]) or "another database session"
