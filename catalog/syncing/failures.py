"""Why the disk or the database fails, in sentences for operators; what a driver said is for the log."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError

from catalog.pictures.place import PicturesAway

# What SQLite says and PostgreSQL's states, and what it means. Each state stands for those that begin with it.
_MEANINGS = (
    (
        ("disk I/O error", "disk is full", "unable to open database file", "readonly database"),
        ("53100", "58030"),
        "The database cannot write. Is the disk full, or read-only?",
    ),
    (
        ("disk image is malformed", "file is not a database"),
        ("XX001", "XX002"),
        "The database is damaged: restore a backup, then run `manage.py sync` and `manage.py reindex`.",
    ),
    (
        ("is locked",),
        ("40", "55P03", "57014"),
        "The database was kept busy by others for too long.",
    ),
    (
        ("no such table", "no such column", "has no column"),
        ("42P01", "42703"),
        "The database lacks a table or a column: did `manage.py migrate` run?",
    ),
    ((), ("25006",), "The database is read-only for now, as a replica is."),
    ((), ("53300",), "The database has no connection left."),
)

# A disk with less free than this can keep no picture and no version of the index.
FULL_BYTES = 2**20


def disk_problem(error: OSError, *, again: str = "the sync") -> str:
    """A sentence for operators, who run ``again`` what failed. The work so far is kept."""
    if isinstance(error, PicturesAway):
        return f"{error} Start it, or correct MEDIA_STORAGE, then run {again} again."
    is_locked = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    remedy = "Let this user write there" if is_locked else "Free some space or repair it"
    place = f" at {where}" if (where := _place(error)) else ""
    return f"The disk failed ({error.strerror or error}{place}). {remedy}, then run {again} again."


def _place(error: OSError) -> str:
    """The file that was refused, or the folders on a full disk: what cannot be written has no name."""
    if isinstance(error.filename, str | Path):
        return str(error.filename)
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return ""
    folders = dict.fromkeys((settings.DATA_DIR, settings.MEDIA_ROOT, settings.INDEX_ROOT))
    return ", ".join(str(folder) for folder in folders if _is_full(folder))


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL_BYTES
    except OSError:
        return False


def database_problem(error: Error, *, again: str = "") -> str:
    """A sentence for operators, without the driver's words; ``again`` is what to run once it is repaired."""
    meaning = _meaning(error)
    return f"{meaning} Then run {again} again." if again else meaning


def _meaning(error: Error) -> str:
    said, state = str(error), str(getattr(error.__cause__, "sqlstate", None) or "")
    for texts, states, meaning in _MEANINGS:
        if any(text in said for text in texts) or (state and state.startswith(states)):
            return meaning
    if isinstance(error, OperationalError | InterfaceError):
        return "The database does not answer. Is it up, is DATABASE_URL right?"
    return f"The database refused a statement ({type(error).__name__}), a fault that the log explains."
