"""The index in service: opened once per process, replaced when another version is published."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from django.conf import settings

from catalog.locking import AlreadyRunning, hold_with_others, only_one_file
from search.index.engines.choice import ENGINES
from search.index.engines.not_ready import NotReady
from search.index.product_index import ProductIndex, with_manifest
from search.index.segments.delta import Delta, write_delta
from search.index.version import DamagedVersion, Extra, seal_version, verified, write_version
from search.index.version_folder import SERVED, VersionFolder

REBUILD = "manage.py reindex --force"
CHECK_SECONDS = 1.0
# Reading every byte of versions that are all damaged takes too long to repeat it for each request.
RETRY_SECONDS = 30.0
# Whether an engine on another machine answers again is told at once.
ENGINE_RETRY_SECONDS = 2.0


class IndexMissing(Exception):
    """No version can be searched; ``command`` is what an operator runs to fix that.

    ``passes``: it may be over without any change of the files.
    """

    def __init__(self, reason: str, command: str = "manage.py reindex", *, passes: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.command = command
        self.passes = passes

    @property
    def retry_seconds(self) -> float:
        return ENGINE_RETRY_SECONDS if self.passes else RETRY_SECONDS


class NothingPublished(IndexMissing):
    """There is no version at all, and none went missing."""


class IndexStore(VersionFolder):
    """The versions under `root`, with the one in service held open.

    The threads of a process share one instance; processes share the folder.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        # Why another version than the published one is in service, with the command that fixes it.
        self.problem: str | None = None
        self._held: ProductIndex | None = None
        self._missing: IndexMissing | None = None
        self._seen: object = None
        self._is_served = False
        self._checked_at = -CHECK_SECONDS
        # One thread opens a new version; the others go on with the one they hold.
        self._opening = threading.Lock()
        self._writers = threading.RLock()
        self._writing = 0

    @property
    def storage_problem(self) -> str | None:
        """Why what other hosts published cannot be fetched; a folder alone has no such problem."""
        return None

    def prepare(self) -> None:
        """Wait until what other hosts published is here, where it is to be fetched."""

    def current(self) -> ProductIndex:
        """The version in service: the published one, or the newest good one when that is damaged or gone.

        Reads the pointer once a second at most, and verifies a version once, when it opens it.
        Raises IndexMissing.
        """
        held = self._held
        cut_short = held is not None and held.is_cut_short
        if held is not None and not cut_short and time.monotonic() - self._checked_at < CHECK_SECONDS:
            return held
        if self._opening.acquire(blocking=held is None or cut_short):
            try:
                held = self._refreshed()
            finally:
                self._opening.release()
        return cast("ProductIndex", held)

    def verify(self, version: str) -> ProductIndex:
        """Open a version by its name; what this process holds of it already is not read again.

        Raises DamagedVersion.
        """
        return verified(self.root / "versions" / version, self._held)

    def published(self) -> ProductIndex:
        """The published version as its writer needs it: not every byte is read. Raises DamagedVersion."""
        name = self.pointed()
        if name is None:
            raise DamagedVersion("the pointer names no version")
        held = self._held
        if held is not None and held.manifest.version == name and not self.problem:
            return held
        return verified(self.root / "versions" / name, held, trusting=True)

    def expire(self) -> None:
        """Read the pointer again on the next call."""
        self._checked_at = -CHECK_SECONDS

    def _refreshed(self) -> ProductIndex:
        seen, now = self.signature(), time.monotonic()
        missed = self._missing
        if missed and seen == self._seen and now - self._checked_at < missed.retry_seconds:
            # The same exception again: its traceback must not grow with every request.
            raise missed.with_traceback(None)
        if self._held is None or self._missing or seen != self._seen:
            try:
                found, problem = self._best()
                if problem and self.signature() != seen:
                    # As below: what was pruned while it was being opened is not damaged.
                    return self._refreshed()
                self._held, self.problem, self._missing = found, problem, None
            except IndexMissing as missing:
                # A writer may have pruned a version while it was being opened; then the new one is there.
                if self.signature() != seen:
                    return self._refreshed()
                self._seen, self._checked_at = seen, now
                if self._held is None or self._held.is_cut_short:
                    self._missing = missing
                    raise
                self.problem = f"{missing.reason} What is in memory still answers. Run `{missing.command}`."
                # An engine that answers again is not told by the files.
                seen = None if missing.passes else seen
            self._seen = seen
        self._checked_at = now
        if not self._is_served:
            # Whoever deletes what is of other models asks first whether a process serves it.
            self._is_served = hold_with_others(self.root / SERVED, self)
        return self._held

    def _best(self) -> tuple[ProductIndex, str | None]:
        """The best version that can be opened, and the problem with those before it. Raises IndexMissing."""
        try:
            pointed, versions = self.pointed(), self.versions()
        except OSError as error:
            reason = f"The folder of the index cannot be read ({error.strerror})."
            raise IndexMissing(reason, "manage.py doctor") from error
        if not versions and self._held is not None:
            raise IndexMissing("The index files are gone.", REBUILD)
        if not versions:
            raise NothingPublished("There is no index yet.")
        why = "" if pointed in versions else "The index pointer names no version"
        candidates = ([pointed] if pointed in versions else []) + [v for v in versions if v != pointed]
        for name in candidates:
            try:
                index = self.verify(str(name))
            except DamagedVersion as damage:
                why = why or f"Index version {name} is damaged ({damage})"
                if self._holds_in_memory(name):
                    return cast(
                        "ProductIndex", self._held
                    ), f"{why}; a copy in memory answers. Run `{REBUILD}`."
                continue
            except NotReady as absent:
                raise IndexMissing(absent.reason, absent.command, passes=True) from absent
            return index, f"{why}; version {name} answers instead. Run `{REBUILD}`." if why else None
        raise IndexMissing(f"{why}, and no other version is whole.", REBUILD)

    def _holds_in_memory(self, name: str | None) -> bool:
        held = self._held
        return held is not None and held.manifest.version == name and not held.is_mapped

    @contextmanager
    def writing(self, now: datetime) -> Iterator[None]:
        """Be the only writer among all processes that share the folder; one thread may nest it.

        Raises AlreadyRunning at once where another one writes. The lock is the kernel's, so it ends with
        the process even if that is killed.
        """
        if not self._writers.acquire(blocking=False):
            raise AlreadyRunning("reindex", "another thread of this process")
        try:
            if self._writing:
                yield
                return
            with only_one_file(self.root / "WRITER", "reindex", now=now):
                self._writing += 1
                try:
                    yield
                finally:
                    self._writing -= 1
        finally:
            self._writers.release()

    @contextmanager
    def merging(self, now: datetime) -> Iterator[Path]:
        """A folder for a new base, built beside the publication of deltas. Raises AlreadyRunning."""
        with (
            only_one_file(self.root / "MERGER", "merge of the index", now=now),
            self.building("merging-") as folder,
        ):
            yield folder

    def publish(self, index: ProductIndex, *, extra: Mapping[str, Extra], now: datetime) -> str:
        """Write, verify and put into service a version of this index; returns its name.

        `extra` adds files made from the same products, by name. Raises AlreadyRunning, or OSError when the
        disk refuses; the version in service then stays.
        """
        with self.writing(now), self.building() as folder:
            name = self.next_name(now)
            write_version(with_manifest(index, version=name), folder, extra, now)
            verified(folder)
            self.install(folder, name)
            self.prune()
            self.expire()
            return name

    def publish_delta(self, current: ProductIndex, delta: Delta, *, now: datetime) -> ProductIndex:
        """As ``publish``, for a version that differs from the published ``current`` by ``delta``.

        Raises DamagedVersion too, where a file of ``current`` is not the one that was published.
        """
        with self.writing(now), self.building() as folder:
            name = self.next_name(now)
            index, known = write_delta(folder, name, current, delta)
            seal_version(index, folder, now, known=known)
            published = verified(folder, current)
            self.install(folder, name)
            self.prune()
            self.expire()
            return published

    def prune(self) -> list[str]:
        """Delete all but the newest INDEX_KEPT_VERSIONS, never the published one, with what engines hold of
        them; returns their names.
        """
        deleted = self.delete_older(settings.INDEX_KEPT_VERSIONS)
        for engine in ENGINES.values():
            engine.drop_unused(self.root, self.manifests)
        return deleted
