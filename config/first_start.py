"""What ``make setup`` and ``make run`` do before the shop can be served, in one process.

It makes a secret key, the database's tables, the collected static files and, with ``--demo``, the demo shop.
Each step first checks whether it is needed, so that the next start is quick.
"""

import fcntl
import hashlib
import os
import secrets
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path

import django
import environ
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError

BASE_DIR = Path(__file__).resolve().parent.parent
COLLECTED = ".collected"


def write_secret_key(data_dir: Path) -> None:
    """Make ``secret_key`` in the data folder, readable by its owner only; keep an existing one.

    Raises OSError.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "secret_key"
    # It may be mounted read-only.
    if path.is_file() and path.stat().st_size:
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as file:
        # Of several starts at once the first writes. A full disk or a kill before that leaves an empty file,
        # which the next start fills.
        fcntl.flock(file, fcntl.LOCK_EX)
        if not file.read():
            # Of another owner's file only the content can be changed.
            with suppress(PermissionError):
                os.fchmod(descriptor, 0o600)
            file.write(secrets.token_urlsafe(64))


def collect_static_files() -> None:
    """Run ``collectstatic``, unless no file has changed since the last time: compressing takes seconds."""
    note, state = Path(settings.STATIC_ROOT) / COLLECTED, static_files_state()
    if note.is_file() and note.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(state)


def static_files_state() -> str:
    """A digest of the name, size and time of every static file, and of how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def main(*arguments: str) -> None:
    """Bring the installation up to date. Raises CommandError and what the settings and database raise."""
    parser = ArgumentParser(prog="python -m config.first_start", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="draw the demo shop where there is no shop yet")
    options = parser.parse_args(arguments)
    # The file may set DATA_DIR, which holds the key; the settings cannot be imported without the key.
    environ.Env.read_env(BASE_DIR / ".env")
    write_secret_key(Path(os.environ.get("DATA_DIR", "").strip() or BASE_DIR / "var"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # call_command skips the system checks; the check of the URLs would import every view, and torch with it.
    django.setup()
    call_command("migrate", verbosity=0)
    collect_static_files()
    if options.demo:
        call_command("seed_demo", if_empty=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (CommandError, DatabaseError, ImproperlyConfigured, OSError) as problem:
        sys.exit(f"The set-up stopped: {problem}")
