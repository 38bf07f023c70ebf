"""Picture files that nothing names any more: of products that were deleted, of pictures a shop replaced."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from catalog.models import ProductImage
from catalog.pictures.integrity import FOLDER, PARTS
from catalog.pictures.place import picture_bucket

if TYPE_CHECKING:
    from catalog.pictures.bucket import PictureBucket

# A sync writes the files first and the rows that name them minutes later; a page that was opened
# before still shows what has just been replaced.
GRACE_S = 24 * 3600
_PART_MAX_AGE_S = 3600


def sweep_parts() -> None:
    """Remove half-written files that a killed process left more than an hour ago."""
    if picture_bucket():
        return  # it has none
    oldest_kept = time.time() - _PART_MAX_AGE_S
    for part in (settings.MEDIA_ROOT / PARTS).glob("*"):
        if _written(part) < oldest_kept:
            part.unlink(missing_ok=True)


def prune_pictures() -> int:
    """Delete the derivatives that no ProductImage names and that are older than GRACE_S; returns how many.

    Safe beside a running sync, which writes every file anew before it makes a row that names it. Raises
    OSError where the folder cannot be written.
    """
    oldest_kept = time.time() - GRACE_S
    if bucket := picture_bucket():
        return sum(
            bucket.discard(name, oldest_kept)
            for names in _prefixed(bucket, oldest_kept)
            for name in _without_row(names)
        )
    return sum(_discard(file, oldest_kept) for folder in _folders() for file in _unnamed(folder, oldest_kept))


def _folders() -> Iterator[Path]:
    root: Path = settings.MEDIA_ROOT / FOLDER
    if root.is_dir():
        yield from (folder for folder in root.iterdir() if len(folder.name) == 2)


def _unnamed(folder: Path, oldest_kept: float) -> list[Path]:
    # The files before the rows: a row made in between can only name files that are younger.
    old = [file for file in folder.iterdir() if _written(file) < oldest_kept]
    if not old:
        return []
    named = _named(folder.name)
    return [file for file in old if _hash(file) not in named]


def _named(start: str) -> set[str]:
    """The hashes with this start that rows name."""
    # A range, as the index serves it on every database; "g" follows every hexadecimal digit.
    rows = ProductImage.objects.filter(content_hash__gte=start, content_hash__lt=f"{start}g")
    return set(rows.values_list("content_hash", flat=True))


def _prefixed(bucket: PictureBucket, oldest_kept: float) -> Iterator[list[str]]:
    """The old names in the bucket, by their first two digits; listed before their rows are read."""
    for start in map("{:02x}".format, range(256)):
        yield list(bucket.written_before(f"{FOLDER}/{start}/", oldest_kept))


def _without_row(names: list[str]) -> list[str]:
    if not names:
        return []
    named = _named(Path(names[0]).parent.name)
    return [name for name in names if _hash(Path(name)) not in named]


def _hash(file: Path) -> str:
    """The original's hash in ``<hash>-<width>.webp``, ``<hash>.jpg`` or ``<hash>.json``."""
    return file.stem.partition("-")[0]


def _discard(file: Path, oldest_kept: float) -> bool:
    """Delete the file, unless a sync has written it anew since it was listed."""
    aside: Path = settings.MEDIA_ROOT / PARTS / f"{file.name}.pruned"
    aside.parent.mkdir(exist_ok=True)
    # Looking first and deleting then would leave a moment in which a fresh file could be lost.
    try:
        file.rename(aside)
        if _written(aside) < oldest_kept:
            aside.unlink()
            return True
        aside.replace(file)
    except FileNotFoundError:  # another sync prunes or sweeps, too
        return False
    return False


def _written(file: Path) -> float:
    """When the file was written, in seconds of the epoch; the end of time where it is gone."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf
