"""FOLLOWED: what the processes of a host tell each other about the bucket that they follow in turn."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from search.index.storage.objects import StorageError
from search.index.store import CHECK_SECONDS

logger = logging.getLogger(__name__)

# How long to leave the bucket alone after it did not answer, and after an object was damaged.
AWAY_SECONDS, DAMAGED_SECONDS = 5.0, 30.0


class Followed:
    """A file whose text says why the bucket could not be followed, and whose time when to look again."""

    def __init__(self, root: Path) -> None:
        self._file = root / "FOLLOWED"

    @property
    def problem(self) -> str | None:
        """Why not, as visitors may read it."""
        try:
            return self._file.read_text("utf-8") or None
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"The folder of the index cannot be read ({error.strerror})."

    @property
    def is_due(self) -> bool:
        """Whether no process of this host looked so recently that it is to be left alone."""
        try:
            wait = self._file.stat().st_mtime - time.time()
        except OSError:
            return True
        # A longer one is of a clock that was set back since.
        return not 0 < wait <= DAMAGED_SECONDS

    def note(self, error: Exception | None, address: str) -> float:
        """Keep how it went; returns after how many seconds to look again. The caller is the only one."""
        seconds = CHECK_SECONDS
        if error is not None:
            seconds = AWAY_SECONDS if isinstance(error, StorageError) else DAMAGED_SECONDS
        problem = "" if error is None else _sentence(error)
        # Without the name of the bucket.
        shown = problem.replace(address, "object storage")
        shown = shown[:1].upper() + shown[1:]
        if problem and shown != self.problem:
            logger.warning("index_storage: %s", problem)
        new = self._file.with_name("FOLLOWED.new")
        due = time.time() + seconds - CHECK_SECONDS / 2
        try:
            new.write_text(shown, "utf-8")
            os.utime(new, (due, due))
            new.replace(self._file)
        except OSError as refusal:
            logger.warning("index_storage: %s", refusal)
        return seconds


def _sentence(error: Exception) -> str:
    """Without paths of this machine, which the system's own errors name."""
    if isinstance(error, OSError) and not isinstance(error, StorageError):
        return f"The folder of the index refuses what is fetched ({error.strerror or type(error).__name__})."
    return str(error)
