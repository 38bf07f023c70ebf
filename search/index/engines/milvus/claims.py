"""Which collections were made for the bases under a folder, so that those of killed builds are found.

Several shops may share a server: only what is written here is ever deleted there.
"""

from __future__ import annotations

import fcntl
import os
import re
import weakref
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from search.index.durability import sync_to_disk

FOLDER = "collections"
# What Milvus takes as a name.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")


class Claim:
    """A collection that is being built. It is claimed until this object is gone, however the process ends."""

    def __init__(self, root: Path, prefix: str) -> None:
        self.name = f"{prefix}_{uuid4().hex}"
        folder = root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        # The kernel holds the lock as long as the file is open.
        descriptor = os.open(folder / self.name, os.O_CREAT | os.O_WRONLY, 0o644)
        weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # On the disk before the collection is on the server.
        sync_to_disk(folder)


def finished(root: Path) -> Iterator[Path]:
    """The files of the collections that no process is building, by name."""
    folder = root / FOLDER
    for name in sorted(os.listdir(folder) if folder.is_dir() else ()):  # noqa: PTH208 - names alone
        if NAME.fullmatch(name) and not _is_claimed(folder / name):
            yield folder / name


def _is_claimed(path: Path) -> bool:
    try:
        with path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
