"""Feeds packed as gzip or zip, unpacked into a file of their own within bounds."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from django.conf import settings

from catalog.sources.base import SourceError

MAX_UNPACKED = 4 * 2**30
# Real feeds shrink to a tenth, repetitive ones to a fiftieth; beyond that it is a bomb.
MAX_RATIO = 200
_ALWAYS_ALLOWED = 64 * 2**20
_CHUNK = 1 << 18
_FEEDS = (".csv", ".tsv", ".txt", ".xml", ".json", ".jsonl", ".ndjson", ".rss", ".tab")
# Files that stand beside a feed.
_BESIDE = ("readme", "read_me", "license", "licence", "changelog", "liesmich", ".")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The feed in ``path`` as a file that is not packed; a copy is gone afterwards. Raises SourceError."""
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"\x1f\x8b":
        with gzip.open(path) as packed, _copied(cast("IO[bytes]", packed), path) as copy:
            yield copy
    elif head == b"PK\x03\x04" and not is_workbook(path):
        with _archive(path) as archive, _member(archive) as stream, _copied(stream, path) as copy:
            yield copy
    else:
        yield path


def is_workbook(path: Path) -> bool:
    """Whether this is an Excel workbook (.xlsx), which is a zip archive too."""
    if not zipfile.is_zipfile(path):
        return False
    with _archive(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(f"The feed's zip archive is damaged: {error}.", permanent=True) from error


def _member(archive: zipfile.ZipFile) -> IO[bytes]:
    files = [
        info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    feeds = [info for info in files if _looks_like_feed(info.filename)] or files
    if len(feeds) != 1:
        names = ", ".join(info.filename for info in feeds)[:200] or "nothing"
        raise SourceError(f"The feed's zip archive must hold one feed; it holds {names}.", permanent=True)
    try:
        return archive.open(feeds[0])
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise SourceError(f"The feed's zip archive cannot be unpacked: {error}.", permanent=True) from error


def _looks_like_feed(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _FEEDS and not path.stem.lower().startswith(_BESIDE)


@contextmanager
def _copied(stream: IO[bytes], packed: Path) -> Iterator[Path]:
    folder: Path = settings.DATA_DIR / "feeds"
    folder.mkdir(parents=True, exist_ok=True)
    limit = min(MAX_UNPACKED, max(_ALWAYS_ALLOWED, packed.stat().st_size * MAX_RATIO))
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".unpacked") as copy:
        size = 0
        try:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise SourceError(
                        f"The packed feed unpacks to more than {limit:,} bytes, which is refused.",
                        permanent=True,
                    )
                copy.write(chunk)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise SourceError(
                f"The packed feed breaks off or is damaged: {error}.", permanent=True
            ) from error
        copy.flush()
        yield Path(copy.name)
