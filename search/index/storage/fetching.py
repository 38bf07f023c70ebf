"""Bring a version from the bucket into a folder: link what this machine has, download the rest, check it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

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
    sync_to_disk,
)


def untouched_files(folder: Path) -> dict[str, Path]:
    """The files of a local version by their sha256, without those that somebody touched since."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return {}
    return {
        digest: folder / file
        for file, digest in manifest.files.items()
        if is_untouched(folder / file, manifest.stamps.get(file))
    }


def is_whole(folder: Path) -> bool:
    """Whether a local version has all its files, as they were sealed or checked."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError):
        return False
    return all(is_untouched(folder / file, manifest.stamps.get(file)) for file in manifest.files)


def is_untouched(path: Path, stamp: Sequence[int] | None) -> bool:
    """Whether its size and time are those of the manifest's ``stamp``."""
    try:
        return stamp is not None and tuple(stamp) == size_and_time(path)
    except OSError:
        return False


def complete(folder: Path, record: Record, objects: Objects, local: Mapping[str, Path]) -> None:
    """Make ``folder`` the version of ``record``; what an earlier attempt checked already stays.

    ``local`` holds files of other versions by their sha256. Raises DamagedVersion where an object is missing
    or another one, StorageError, or OSError where the disk refuses.
    """
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


def _bring(target: Path, file: str, record: Record, objects: Objects, local: Mapping[str, Path]) -> None:
    digest = record.manifest.files[file]
    if digest in local:
        link_file(local[digest], target)
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


def clear_others(root: Path, prefix: str, name: str) -> Path:
    """The folder for fetching version ``name``; those of other versions are deleted."""
    folder = root / f"{prefix}{name}"
    for leftover in root.glob(f"{prefix}*"):
        if leftover != folder:
            shutil.rmtree(leftover, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    # What is in the folder but not in the version, such as half a download.
    for part in folder.rglob("*.part"):
        part.unlink(missing_ok=True)
    return folder
