"""One version of the index in its folder: checksums, a seal and canary queries, verified when opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from search.index.product_index import InvalidVectors, Manifest, ProductIndex

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
CANARIES = 8
CANARY_NEIGHBOURS = 5
# Between processors with other vector units the last digits of a distance differ.
CANARY_TOLERANCE = 1e-4

# A file's content, or a function that writes to the path it is given (a file or a folder).
Extra = bytes | Callable[[Path], None]


class DamagedVersion(Exception):
    """A version's files are not the ones that were published; the message says which."""


def write_version(index: ProductIndex, folder: Path, extra: Mapping[str, Extra], now: datetime) -> None:
    """Everything of a version, the manifest and its seal last, all of it on the disk."""
    index.save(folder)
    for name, content in extra.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            content(folder / name)
    for path in sorted(folder.rglob("*")):
        sync_to_disk(path)
    manifest = replace(
        index.manifest,
        built_at=now.astimezone(UTC).isoformat(),
        files={path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder)},
        canaries=tuple(_canaries(index)),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    (folder / SEAL).write_text(_sha256(folder / MANIFEST), "utf-8")
    for path in (folder / MANIFEST, folder / SEAL, folder):
        sync_to_disk(path)


def _canaries(index: ProductIndex) -> Iterator[dict[str, Any]]:
    """A few rows as queries, with what they answer now: a loaded index must answer the same."""
    for row in (
        sorted(set(np.linspace(0, len(index) - 1, CANARIES).astype(int).tolist())) if len(index) else []
    ):
        rows, similarities = index.nearest(np.array(index.vectors[row]), CANARY_NEIGHBOURS)
        yield {
            "row": row,
            "keys": [int(key) for key in index.keys[rows]],
            "similarities": [round(float(each), 6) for each in similarities],
        }


def verified(folder: Path) -> ProductIndex:
    """Open a version after checking its seal, every file's sha256 and its canary queries.

    Raises DamagedVersion.
    """
    try:
        manifest = read_manifest(folder)
        for name, digest in manifest.files.items():
            if _sha256(folder / name) != digest:
                raise DamagedVersion(f"{name} is not the file that was published")
        index = ProductIndex.open(folder, manifest)
        sound = all(_still_sings(index, canary) for canary in manifest.canaries)
    except (OSError, ValueError, RuntimeError, EOFError) as error:
        raise DamagedVersion(str(error).strip().splitlines()[-1][:200] or type(error).__name__) from error
    if not sound:
        raise DamagedVersion("it answers its test queries differently than when it was built")
    return index


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version, checked against its seal only. Raises OSError or ValueError."""
    text = (folder / MANIFEST).read_bytes()
    if hashlib.sha256(text).hexdigest() != (folder / SEAL).read_text("ascii").strip():
        raise InvalidVectors(f"{MANIFEST} is not the file that was published")
    return Manifest.from_json(text.decode("utf-8"))


def _still_sings(index: ProductIndex, canary: Mapping[str, Any]) -> bool:
    """Similarities must agree; keys only where no neighbour is as near, for equals may change places."""
    rows, similarities = index.nearest(np.array(index.vectors[canary["row"]]), CANARY_NEIGHBOURS)
    if not np.allclose(similarities, canary["similarities"], atol=CANARY_TOLERANCE):
        return False
    gaps = np.diff(similarities, append=-np.inf)
    distinct = (gaps < -CANARY_TOLERANCE) & (np.r_[-np.inf, gaps[:-1]] < -CANARY_TOLERANCE)
    distinct[-1:] = False
    return bool((index.keys[rows] == canary["keys"])[distinct].all())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SEAL})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_to_disk(path: Path) -> None:
    """Have the kernel write a file or a folder's entries to the disk now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
