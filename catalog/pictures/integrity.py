"""Picture files that are written whole, and the record by which damage to them is noticed.

Beside the derivatives of a picture lies ``<hash>.json`` with the size, the time and the sha256 of each. A
file whose size and time are those of the record is not read again; any other one is compared by its hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from catalog.pictures.place import picture_bucket

FOLDER = "pictures"
# Half-written files, beside the folders that are served.
PARTS = f"{FOLDER}/.parts"


def write_aside(name: str, save: Callable[[IO[bytes]], object]) -> None:
    """Write a file below MEDIA_ROOT by ``save``, and put it into place once it is on the disk.

    Raises OSError; nothing of the file stays then.
    """
    if bucket := picture_bucket():
        bucket.write(name, save)
        return
    target: Path = settings.MEDIA_ROOT / name
    parts: Path = settings.MEDIA_ROOT / PARTS
    for folder in (target.parent, parts):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=parts, delete=False) as part:
        try:
            save(part)
            part.flush()
            # Else a power cut may leave the new name with an empty file.
            os.fsync(part.fileno())
            os.fchmod(part.fileno(), 0o644)
            os.replace(part.name, target)  # noqa: PTH105 - atomic on every platform
        except BaseException:
            with suppress(FileNotFoundError):
                Path(part.name).unlink()
            raise


def record(content_hash: str, names: Sequence[str]) -> None:
    """Keep what the files of these names below MEDIA_ROOT are now. Raises OSError."""
    if bucket := picture_bucket():
        bucket.record(_record_name(content_hash), names)
        return
    states = {Path(name).name: _state(settings.MEDIA_ROOT / name) for name in names}
    write_aside(_record_name(content_hash), lambda part: part.write(json.dumps(states).encode()))


def is_whole(content_hash: str) -> bool:
    """Whether every derivative of this original is as it was recorded."""
    if bucket := picture_bucket():
        return bucket.is_whole(_record_name(content_hash))
    try:
        states = json.loads((settings.MEDIA_ROOT / _record_name(content_hash)).read_bytes())
    except FileNotFoundError:
        return _adopted(content_hash)
    except (OSError, ValueError):
        return False
    folder = _folder(content_hash)
    return isinstance(states, dict) and all(_is_same(folder / name, state) for name, state in states.items())


def _adopted(content_hash: str) -> bool:
    """Record the derivatives of earlier releases, which had no records, where none is cut short."""
    names = [
        f"{FOLDER}/{content_hash[:2]}/{file.name}"
        for file in _folder(content_hash).glob(f"{content_hash}*.*")
    ]
    embedding = f"{FOLDER}/{content_hash[:2]}/{content_hash}.jpg"
    if embedding not in names or not all(is_complete(settings.MEDIA_ROOT / name) for name in names):
        return False
    record(content_hash, names)
    return True


def is_stored(name: str) -> bool:
    """Whether the picture of this name is there, from its first bytes to its last."""
    if bucket := picture_bucket():
        return bucket.exists(name)
    return is_complete(settings.MEDIA_ROOT / name)


def is_complete(path: Path) -> bool:
    """Whether a JPEG or WebP file begins and ends as one; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            file.seek(max(0, path.stat().st_size - 2))
            tail, size = file.read(), file.tell()
    except OSError:
        return False
    if path.suffix == ".webp":
        # RIFF states the bytes after its first eight.
        return head[:4] == b"RIFF" and int.from_bytes(head[4:], "little") + 8 == size
    return head[:2] == b"\xff\xd8" and tail == b"\xff\xd9"


def _state(path: Path) -> list[int | str]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, _sha256(path)]


def _is_same(path: Path, state: Any) -> bool:
    try:
        size, written, digest = state
        status = path.stat()
        return bool(status.st_size == size and (status.st_mtime_ns == written or _sha256(path) == digest))
    except (OSError, ValueError, TypeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(content_hash: str) -> Path:
    root: Path = settings.MEDIA_ROOT
    return root / FOLDER / content_hash[:2]


def _record_name(content_hash: str) -> str:
    return f"{FOLDER}/{content_hash[:2]}/{content_hash}.json"
