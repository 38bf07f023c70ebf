"""The folder that holds the versions of the index.

CURRENT              the name of the published version
WRITER               the lock file: which process is building
MERGER               the lock file of the process that builds a new base aside
SERVED               the lock file that processes share which have a version open
PLANNED              up to which change of the catalogue the published version is current
versions/<name>/     keys, vectors, FAISS file, what other packages add, manifest.json and its seal;
                     deltas/<name>/ holds what was published after its base, whose files are linked
building-<random>/   a build in progress, or the leftover of a killed one; merging-<random>/ of a base
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from search.index.durability import sync_to_disk
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.segments.opening import segment_names
from search.index.version import SEAL, read_manifest, verified

VERSION_NAME = re.compile(r"\d{8}T\d{12}b*")
SERVED = "SERVED"
_NAME_FORMAT = "%Y%m%dT%H%M%S%f"


class VersionFolder:
    """The versions under `root`, named so that newer ones sort last, and the pointer to the published one."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def versions(self) -> list[str]:
        """The names of the versions on disk, newest first. Raises OSError where the folder is unreadable."""
        try:
            # Not glob(), for which a folder without permission is an empty one.
            names = os.listdir(self.root / "versions")  # noqa: PTH208 - as above
        except FileNotFoundError:
            return []
        return sorted(filter(VERSION_NAME.fullmatch, names), reverse=True)

    def pointed(self) -> str | None:
        """The name that CURRENT holds, or None when it holds none."""
        try:
            name = (self.root / "CURRENT").read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if VERSION_NAME.fullmatch(name) else None

    def verify(self, version: str) -> ProductIndex:
        """Open a version by its name. Raises DamagedVersion."""
        return verified(self.root / "versions" / version)

    def manifests(self) -> list[Manifest]:
        """Those of all versions, and of versions that are being built. Raises OSError or ValueError."""
        # First those being built: one that is moved meanwhile is then found among the versions.
        folders = [path.parent for path in self.root.glob(f"*ing-*/{SEAL}")]
        return [*_manifests(folders), *_manifests(self.root / "versions" / each for each in self.versions())]

    def _base(self, version: str) -> str:
        """The base of a version; its own name where its manifest cannot be read."""
        try:
            return segment_names(read_manifest(self.root / "versions" / version))[0]
        except (OSError, ValueError):
            return version

    def signature(self) -> object:
        """A value that changes when the pointer is replaced, or a file of the version it names changes."""
        folder = self.root / "versions" / (self.pointed() or "-")
        try:
            files = sorted(folder.rglob("*"))
        except FileNotFoundError:
            # It is being pruned, so the pointer names another one by now.
            files = []
        return [_stamp(path) for path in (self.root / "CURRENT", folder.parent, *files)]

    @contextmanager
    def building(self, prefix: str = "building-") -> Iterator[Path]:
        """An empty folder for a new version; it is deleted afterwards unless `install` moved it away.

        Also deletes what killed builds left under this prefix. The caller must be the only one to use it.
        """
        for leftover in self.root.glob(f"{prefix}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def next_name(self, now: datetime) -> str:
        """A name that sorts after all others, also where two share a microsecond or a clock was set back."""
        name, newest = now.astimezone(UTC).strftime(_NAME_FORMAT), max([*self.versions(), ""])
        if name > newest:
            return name
        # Names of earlier releases may end in "b".
        last = datetime.strptime(newest.rstrip("b"), _NAME_FORMAT).replace(tzinfo=UTC)
        return (last + timedelta(microseconds=1)).strftime(_NAME_FORMAT)

    def install(self, folder: Path, name: str) -> None:
        """Move a finished version into place and point to it: readers see the old or the new one, whole."""
        self.place(folder, name)
        self.point(name)

    def place(self, folder: Path, name: str) -> None:
        """Move a finished version among the others, without putting it into service."""
        versions = self.root / "versions"
        versions.mkdir(exist_ok=True)
        (self.root / SERVED).touch()
        # mkdtemp made it private, and a server may run as another user than the build.
        folder.chmod(0o755)
        folder.rename(versions / name)
        # The version's entry must be on the disk before a pointer to it is.
        sync_to_disk(versions)

    def point(self, name: str) -> None:
        """Put a version into service."""
        pointer = self.root / "CURRENT.new"
        pointer.write_text(name + "\n", "utf-8")
        sync_to_disk(pointer)
        pointer.replace(self.root / "CURRENT")
        sync_to_disk(self.root)

    def delete_older(self, kept_count: int) -> list[str]:
        """Delete all but the newest `kept_count` versions, never the published one; returns their names.

        Of more than one, the newest of another base is kept as well: files that all others share are damaged
        for all of them. A process that has a version open reads on: the kernel frees mapped files once they
        are closed.
        """
        versions, pointed = self.versions(), self.pointed()
        kept = kept_versions(versions, pointed, kept_count, self._base)
        outdated = [version for version in versions if version not in kept]
        for version in outdated:
            shutil.rmtree(self.root / "versions" / version, ignore_errors=True)
        return outdated


def kept_versions(
    versions: Sequence[str], pointed: str | None, count: int, base_of: Callable[[str], str]
) -> set[str | None]:
    """Which of these, newest first, stay beside the published one, as ``VersionFolder.delete_older`` says."""
    kept = {pointed, *[each for each in versions if each != pointed][: count - 1]}
    if count > 1 and pointed is not None:
        base = base_of(pointed)
        kept.update([each for each in versions if base_of(each) != base][:1])
    return kept


def _manifests(folders: Iterable[Path]) -> Iterator[Manifest]:
    for folder in folders:
        try:
            yield read_manifest(folder)
        except FileNotFoundError:
            continue  # it was moved or deleted meanwhile


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
