"""One version of the index in its folder: checksums, a seal and canary queries, verified when opened."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from search.index.durability import sync_to_disk
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.segments.opening import files_of, open_version, segment_names, segments_of
from search.index.segments.segmented_index import NO_KEY
from search.index.validation import InvalidVectors

logger = logging.getLogger(__name__)

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
CANARIES = 8
CANARY_NEIGHBOURS = 5
# The last digits of a distance differ between processors with different vector units.
CANARY_TOLERANCE = 1e-4

# The content of a file, or a function that writes a file or a folder at the path it is given.
Extra = bytes | Callable[[Path], None]


class DamagedVersion(Exception):
    """A version's files are not the ones that were published; the message says which."""


def write_version(index: ProductIndex, folder: Path, extra: Mapping[str, Extra], now: datetime) -> None:
    """Write all files of a version and sync them to the disk, the manifest and its seal last.

    Raises OSError where the disk is full or fails.
    """
    index.save(folder)
    for name, content in extra.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            content(folder / name)
    seal_version(index, folder, now, known={})


def seal_version(index: ProductIndex, folder: Path, now: datetime, *, known: Mapping[str, str]) -> None:
    """Sync the files of a version to the disk and write its manifest and the seal over it.

    ``known`` holds the sha256 of files, by name, that an earlier version has synced and checked.
    """
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).as_posix() not in known:
            sync_to_disk(path)
    names = [path.relative_to(folder).as_posix() for path in _files(folder)]
    manifest = replace(
        index.manifest,
        built_at=now.astimezone(UTC).isoformat(),
        files={name: known.get(name) or sha256_of(folder / name) for name in names},
        stamps={name: size_and_time(folder / name) for name in names},
        canaries=tuple(_canaries(index)),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    (folder / SEAL).write_text(sha256_of(folder / MANIFEST), "utf-8")
    for path in (folder / MANIFEST, folder / SEAL, folder):
        sync_to_disk(path)


def _canaries(index: ProductIndex) -> Iterator[dict[str, Any]]:
    """A few rows as queries, with their results now: the opened index must return the same."""
    rows = np.flatnonzero(index.keys != NO_KEY)
    for row in rows[np.linspace(0, len(rows) - 1, min(CANARIES, len(rows))).astype(int)].tolist():
        rows, similarities = index.nearest(np.array(index.vectors[row]), CANARY_NEIGHBOURS)
        yield {
            "row": row,
            "keys": [int(key) for key in index.keys[rows]],
            "similarities": [round(float(each), 6) for each in similarities],
        }


@contextmanager
def reading(file: str) -> Iterator[None]:
    """Read an unchecked file of a version. Raises DamagedVersion for what makes no sense."""
    try:
        yield
    except (ValueError, EOFError, LookupError) as error:
        raise DamagedVersion(f"{file} cannot be read ({_reason(error)})") from error


def verified(folder: Path, held: ProductIndex | None = None, *, trusting: bool = False) -> ProductIndex:
    """The version in this folder, opened after checking its seal, every file's sha256 and its canaries.

    Files that this process has read already for the index it holds, and the segments made of them, are not
    read again; nor, for a ``trusting`` writer, files that nobody touched since they were sealed. Raises
    DamagedVersion.
    """
    try:
        manifest = read_manifest(folder)
        known = _checked(folder, manifest, held.known_files if held else {}, trusting=trusting)
        index = open_version(folder, manifest, _reusable(manifest, held, known) if held else {})
        passed = all(_canary_passes(index, canary) for canary in manifest.canaries)
    except (OSError, ValueError, RuntimeError, EOFError) as error:
        logger.warning("Index version %s cannot be opened: %s", folder.name, error)
        raise DamagedVersion(_reason(error)) from error
    if not passed:
        raise DamagedVersion("it answers its test queries differently than when it was built")
    index.known_files = known
    return index


def _checked(
    folder: Path, manifest: Manifest, read: Mapping[object, str], *, trusting: bool
) -> dict[object, str]:
    """The files of the version as ``ProductIndex.known_files``. Raises DamagedVersion or OSError."""
    known: dict[object, str] = {}
    for name, digest in manifest.files.items():
        status = (folder / name).stat()
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        untouched = trusting and tuple(manifest.stamps.get(name, ())) == size_and_time(folder / name)
        if not untouched and read.get(stamp) != digest and sha256_of(folder / name) != digest:
            raise DamagedVersion(f"{name} is not the file that was published")
        known[stamp] = digest
    return known


def _reusable(manifest: Manifest, held: ProductIndex, known: Mapping[object, str]) -> dict[str, ProductIndex]:
    """Those of the held segments whose files are the ones that were read for them."""
    unchanged = {digest for stamp, digest in known.items() if held.known_files.get(stamp) == digest}
    return {
        name: segment
        for name, segment in segments_of(held).items()
        if name in segment_names(manifest)
        and all(manifest.files[file] in unchanged for file in files_of(manifest, name))
    }


def size_and_time(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _reason(error: Exception) -> str:
    """What visitors may read: without the paths that the system and FAISS name."""
    if isinstance(error, OSError):
        return f"{Path(str(error.filename or 'a file')).name}: {error.strerror or 'cannot be read'}"
    if isinstance(error, RuntimeError):
        return "FAISS cannot read its file"
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version, checked against its seal only. Raises OSError or ValueError."""
    text = (folder / MANIFEST).read_bytes()
    if hashlib.sha256(text).hexdigest() != (folder / SEAL).read_text("ascii").strip():
        raise InvalidVectors(f"{MANIFEST} is not the file that was published")
    return Manifest.from_json(text.decode("utf-8"))


def _canary_passes(index: ProductIndex, canary: Mapping[str, Any]) -> bool:
    rows, similarities = index.nearest(np.array(index.vectors[canary["row"]]), CANARY_NEIGHBOURS)
    if not np.allclose(similarities, canary["similarities"], atol=CANARY_TOLERANCE):
        return False
    # Equally near products may change places, so keys must agree only where both neighbours are further off.
    gaps = np.diff(similarities, append=-np.inf)
    distinct = (gaps < -CANARY_TOLERANCE) & (np.r_[-np.inf, gaps[:-1]] < -CANARY_TOLERANCE)
    distinct[-1:] = False
    return bool((index.keys[rows] == canary["keys"])[distinct].all())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SEAL})


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
