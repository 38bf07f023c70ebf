"""What operators read of a database that fails."""

import errno
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import Error, InterfaceError, OperationalError, ProgrammingError
from psycopg import errors

from catalog.models import SyncRun
from catalog.syncing.failures import database_problem, disk_problem
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.factories import NOW

AWAY = "The database does not answer."


@pytest.mark.parametrize(
    ("kind", "cause", "sentence"),
    [
        (OperationalError, sqlite3.OperationalError("database is locked"), "kept busy by others"),
        (OperationalError, sqlite3.OperationalError("attempt to write a readonly database"), "cannot write"),
        (OperationalError, sqlite3.OperationalError("no such table: products"), "`manage.py migrate`"),
        (OperationalError, errors.DiskFull("could not extend file"), "cannot write"),
        (OperationalError, errors.QueryCanceled("due to statement timeout"), "kept busy by others"),
        (ProgrammingError, errors.UndefinedTable('relation "x" does not exist'), "`manage.py migrate`"),
        (OperationalError, errors.ReadOnlySqlTransaction("cannot execute UPDATE"), "read-only for now"),
        (OperationalError, errors.AdminShutdown("terminating connection"), AWAY),
        (OperationalError, errors.OperationalError("connection to server at 10.0.0.1, port 5432"), AWAY),
        (InterfaceError, errors.InterfaceError("connection already closed"), AWAY),
        (Error, errors.CheckViolation("new row violates"), "a fault that the log explains"),
    ],
)
def test_it_is_a_sentence_without_the_drivers_words(kind, cause, sentence):
    error = kind(*cause.args)
    error.__cause__ = cause
    said = database_problem(error, again="the sync")
    assert sentence in said
    assert said.endswith("Then run the sync again.")
    assert str(cause) not in said


def test_a_disk_that_refuses_a_file_is_named_by_it():
    refused = PermissionError(errno.EACCES, "Permission denied", "/srv/media/a.jpg")
    assert disk_problem(refused) == (
        "The disk failed (Permission denied at /srv/media/a.jpg). Let this user write there, "
        "then run the sync again."
    )


def test_of_several_disks_the_full_one_is_named(settings, monkeypatch):
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.INDEX_ROOT = map(Path, ("/srv", "/media", "/index"))

    def usage(folder):
        if folder == Path("/index"):
            raise FileNotFoundError
        return SimpleNamespace(free=0 if folder == Path("/media") else 2**30)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    full = OSError(errno.ENOSPC, "No space left on device")
    assert disk_problem(full).startswith("The disk failed (No space left on device at /media).")


@pytest.mark.django_db
def test_a_sync_whose_database_fails_keeps_that_sentence(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path

    def fail(*_arguments, **_options):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("catalog.syncing.sync.upsert", fail)
    with pytest.raises(OperationalError):
        sync(MemoryShop(*hats(1)), now=NOW)
    run = SyncRun.objects.get()
    assert (run.state, run.message.startswith(AWAY)) == ("failed", True)
