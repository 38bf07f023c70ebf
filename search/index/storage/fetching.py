"""Bring a version from the bucket into a folder: link what this machine has, download the rest, check it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from search.index.durability import sync_to_disk
from search.index.manifest import Manifest
from search.index.segments.delta import link_file
from search.index.storage.objects import ObjectMissing, Objects
from search.index.storage.records import Record
from search.index.version import (
    MANIFEST,
    SEAL,
    DamagedVersion,
    read_manifest,
    sha256_of,
    size_and_time,
)

# The sha256 of a file, its size and its time. Equal content of another time is another file: the manifests of
# versions name the times of theirs.
FileId = tuple[str, int, int]


def file_id(manifest: Manifest, file: str) -> FileId | None:
    stamp = manifest.stamps.get(file)
    return None if stamp is None else (manifest.files[file], stamp[0], stamp[1])


def untouched_files(folder: Path) -> dict[FileId, Path]:
    """The files of a local version, without those that somebody touched since."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return {}
    return {
        known: folder / file
        for file in manifest.files
        if (known := file_id(manifest, file)) and is_untouched(folder / file, manifest.stamps.get(file))
    }


def is_whole(folder: Path) -> bool:
    """Whether a local version has all its files, as they were sealed or checked."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return False
    return all(is_untouched(folder / file, manifest.stamps.get(file)) for file in manifest.files)


def is_version(folder: Path, record: Record) -> bool:
    """Whether it is this version, whole: two hosts whose clocks lag may give two versions one name."""
    return is_whole(folder) and (folder / MANIFEST).read_text("utf-8") == record.text


def is_untouched(path: Path, stamp: Sequence[int] | None) -> bool:
    """Whether its size and time are those of the manifest's ``stamp``."""
    try:
        return stamp is not None and tuple(stamp) == size_and_time(path)
    except OSError:
        return False


def complete(folder: Path, record: Record, objects: Objects, local: Mapping[FileId, Path]) -> None:
    """Make ``folder`` the version of ``record``; what an earlier attempt checked already stays, and nothing
    else does.

    ``local`` holds files of other versions. Raises DamagedVersion where an object is missing
    or another one, StorageError, or OSError where the disk refuses.
    """
    _clear(folder, {folder / file for file in record.manifest.files})
    for file in record.manifest.files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        if not is_untouched(folder / file, record.manifest.stamps.get(file)):
            (folder / file).unlink(missing_ok=True)
            _bring(folder / file, file, record, objects, local)
    (folder / MANIFEST).write_text(record.text, "utf-8")
    (folder / SEAL).write_text(hashlib.sha256(record.text.encode()).hexdigest(), "utf-8")
    for path in (folder / MANIFEST, folder / SEAL, *folder.rglob("*"), folder):
        if path.is_dir() or path.name in {MANIFEST, SEAL}:
            sync_to_disk(path)


def _bring(target: Path, file: str, record: Record, objects: Objects, local: Mapping[FileId, Path]) -> None:
    digest, known = record.manifest.files[file], file_id(record.manifest, file)
    if known is not None and known in local:
        link_file(local[known], target)
        return
    part = target.with_name(f"{target.name}.part")
    try:
        objects.download(record.keys[file], part)
    except ObjectMissing as missing:
        raise DamagedVersion(f"{file} is missing from {objects.address}") from missing
    if sha256_of(part) != digest:
        part.unlink()
        raise DamagedVersion(f"{file} in {objects.address} is not the file that was published")
    written = record.manifest.stamps.get(file)
    if written:
        # As on the machine that sealed it, by which writers and later fetches know the file again.
        os.utime(part, ns=(written[1], written[1]))
    sync_to_disk(part)
    part.replace(target)


def _clear(folder: Path, kept: Collection[Path]) -> None:
    """Delete what is no file of the version, such as half a download, or what another version had."""
    # What is in a folder before the folder.
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_dir():
            if path not in kept:
                path.unlink(missing_ok=True)
        elif not any(path.iterdir()):
            path.rmdir()


def take_over(root: Path, prefix: str, name: str) -> Path:
    """The folder for fetching version ``name``, with what an interrupted fetch left, also of another version:
    most of its files may be those of the base that both have.
    """
    folder = root / f"{prefix}{name}"
    for leftover in sorted(root.glob(f"{prefix}*"), reverse=True):
        if not folder.exists():
            leftover.rename(folder)
        elif leftover != folder:
            shutil.rmtree(leftover, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
