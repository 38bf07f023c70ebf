"""Versions of the index on disk: built aside, verified, published by one atomic pointer, never changed after.

CURRENT              the name of the version in service
WRITER               the lock file: who is building
versions/<name>/     keys, vectors, FAISS file, what other rooms add, manifest.json and its seal
building-<random>/   a build in progress, or the leftover of a killed one
"""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings

from catalog.locking import AlreadyRunning, only_one_file
from search.index.building import build
from search.index.product_index import ProductIndex, with_manifest
from search.index.version import (
    MANIFEST,
    DamagedVersion,
    Extra,
    read_manifest,
    sync_to_disk,
    verified,
    write_version,
)
from search.vectors import Keys, Vectors

logger = logging.getLogger(__name__)

REBUILD = "manage.py reindex --force"
CHECK_SECONDS = 2.0
# Reading every byte of versions that are all damaged takes long: not for each request.
RETRY_SECONDS = 30.0
VERSION_NAME = re.compile(r"\d{8}T\d{12}b*")


class IndexMissing(Exception):
    """No version can answer; ``command`` is what an operator runs to mend it."""

    def __init__(self, reason: str, command: str = "manage.py reindex") -> None:
        super().__init__(reason)
        self.reason = reason
        self.command = command


class IndexStore:
    """The versions under `root`. One instance serves all threads of a process; processes share the folder."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        # Why another version answers than the published one, with the command that mends it.
        self.problem: str | None = None
        self._held: ProductIndex | None = None
        self._missing: IndexMissing | None = None
        self._seen: object = None
        self._looked = -CHECK_SECONDS
        # One thread opens a new version; the others go on with the one they hold.
        self._opening = threading.Lock()
        self._writers = threading.RLock()
        self._writing = 0

    def current(self) -> ProductIndex:
        """The version in service: the published one, or the newest good one when that is damaged or gone.

        Looks at the pointer every two seconds at most, and verifies a version once, when it opens it.
        Raises IndexMissing.
        """
        held = self._held
        if held is not None and time.monotonic() - self._looked < CHECK_SECONDS:
            return held
        if self._opening.acquire(blocking=held is None):
            try:
                held = self._refreshed()
            finally:
                self._opening.release()
        return cast("ProductIndex", held)

    def expire(self) -> None:
        """Look at the pointer again on the next call."""
        self._looked = -CHECK_SECONDS

    def versions(self) -> list[str]:
        """The names of the versions on disk, newest first."""
        folders = (self.root / "versions").glob("*")
        return sorted((each.name for each in folders if VERSION_NAME.fullmatch(each.name)), reverse=True)

    def pointed(self) -> str | None:
        """The name that CURRENT holds, or None when it holds none."""
        try:
            name = (self.root / "CURRENT").read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if VERSION_NAME.fullmatch(name) else None

    def verify(self, version: str) -> ProductIndex:
        """Open a version on disk by its name. Raises DamagedVersion."""
        return verified(self.root / "versions" / version)

    def fingerprints(self) -> set[str]:
        """The encoders that made the versions on disk."""
        found = set()
        for version in self.versions():
            try:
                found.add(read_manifest(self.root / "versions" / version).fingerprint)
            except (OSError, ValueError) as error:
                logger.warning("Index version %s has no readable manifest: %s", version, error)
        return found

    def _refreshed(self) -> ProductIndex:
        seen, now = self._signature(), time.monotonic()
        if self._missing and seen == self._seen and now - self._looked < RETRY_SECONDS:
            raise self._missing.with_traceback(None)
        if self._held is None or self._missing or seen != self._seen:
            try:
                self._held, self.problem = self._best()
                self._missing = None
            except IndexMissing as missing:
                # A version can be pruned while it is being opened, if a writer is quick: then look again.
                if self._signature() != seen:
                    return self._refreshed()
                self._seen, self._looked = seen, now
                if self._held is None or self.versions():
                    self._missing = missing
                    raise
                self.problem = f"The index files are gone; the open ones still answer. Run `{REBUILD}`."
            self._seen = seen
        self._looked = now
        return self._held

    def _signature(self) -> object:
        """Changes whenever the pointer is replaced or the version it names comes or goes."""
        paths = [self.root / "CURRENT", self.root / "versions" / (self.pointed() or "-") / MANIFEST]
        return [_stamp(path) for path in paths]

    def _best(self) -> tuple[ProductIndex, str | None]:
        pointed, versions = self.pointed(), self.versions()
        if not versions:
            raise IndexMissing("There is no index yet.")
        why = "" if pointed in versions else "The index pointer names no version"
        candidates = ([pointed] if pointed in versions else []) + [v for v in versions if v != pointed]
        for name in candidates:
            try:
                index = self.verify(str(name))
            except DamagedVersion as damage:
                why = why or f"Index version {name} is damaged ({damage})"
                continue
            return index, f"{why}; version {name} answers instead. Run `{REBUILD}`." if why else None
        raise IndexMissing(f"{why}, and no other version is whole.", REBUILD)

    @contextmanager
    def writing(self, now: datetime) -> Iterator[None]:
        """Be the only writer, in this process and in all others that share the folder. Raises AlreadyRunning
        at once if one is there.

        The lock is the kernel's, so it ends with the process however that dies.
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

    def publish(
        self,
        keys: Keys,
        vectors: Vectors,
        *,
        fingerprint: str,
        extra: Mapping[str, Extra],
        metadata: Mapping[str, Any],
        now: datetime,
        queries: Vectors | None = None,
    ) -> str:
        """Build, verify and put into service a version of these unit `vectors` (n, d); returns its name.

        `extra` adds files made from the same products, by name. `metadata` are further fields of the
        Manifest. `queries`: see `build`.
        Raises InvalidVectors, AlreadyRunning, or OSError when the disk refuses; what was in service stays.
        """
        with self.writing(now):
            self._sweep()
            aside = Path(tempfile.mkdtemp(prefix="building-", dir=self.root))
            try:
                name = self._free_name(now)
                index = build(keys, vectors, queries=queries)
                index = with_manifest(index, version=name, fingerprint=fingerprint, **metadata)
                write_version(index, aside, extra, now)
                verified(aside)
                return self._put_in_service(aside, name)
            finally:
                shutil.rmtree(aside, ignore_errors=True)

    def prune(self) -> list[str]:
        """Delete all but the newest INDEX_KEPT_VERSIONS, never the one in service; returns their names.

        Processes that still have an old version open keep reading it: its files vanish when they let go.
        """
        versions, pointed = self.versions(), self.pointed()
        kept = {pointed, *[v for v in versions if v != pointed][: settings.INDEX_KEPT_VERSIONS - 1]}
        outdated = [version for version in versions if version not in kept]
        for version in outdated:
            shutil.rmtree(self.root / "versions" / version, ignore_errors=True)
        return outdated

    def _put_in_service(self, aside: Path, name: str) -> str:
        versions = self.root / "versions"
        versions.mkdir(exist_ok=True)
        aside.chmod(0o755)
        aside.rename(versions / name)
        sync_to_disk(versions)
        pointer = self.root / "CURRENT.new"
        pointer.write_text(name + "\n", "utf-8")
        sync_to_disk(pointer)
        pointer.replace(self.root / "CURRENT")
        sync_to_disk(self.root)
        self.prune()
        self.expire()
        return name

    def _free_name(self, now: datetime) -> str:
        """A name that sorts after all there are, also where two builds share a microsecond."""
        name = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")
        newest = max([*self.versions(), ""])
        return name if name > newest else f"{newest}b"

    def _sweep(self) -> None:
        """Remove what killed builds left behind; the caller is the only writer, so nobody uses it."""
        for leftover in self.root.glob("building-*"):
            shutil.rmtree(leftover, ignore_errors=True)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
