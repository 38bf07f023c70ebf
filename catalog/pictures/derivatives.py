"""The files made once of each shop's picture, for pages and for the encoder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image

from catalog.pictures.decoding import open_with_size

# Widths of the page derivatives; a narrower original stands for itself.
WIDTHS = (160, 320, 640, 1080)
# A derivative hardly smaller than the next costs time and disk, and saves a reader nothing.
MAX_STEP = 0.75
# Of 0 to 6; more takes twice the time and makes files only 3 % smaller.
WEBP_EFFORT = 2
# The encoder sees 224 to 384 pixels; its derivative leaves a margin for a crop.
EMBEDDING_SIDE = 512
FOLDER = "pictures"
# Half-written files, beside the folders that are served.
PARTS = f"{FOLDER}/.parts"


@dataclass(frozen=True)
class Picture:
    """A shop's picture as kept: sha256 of the original's bytes and its upright size in pixels."""

    content_hash: str
    width: int
    height: int


def keep_picture(data: bytes, *, declared: str | None = None) -> Picture:
    """Write the derivatives of the picture in ``data`` under MEDIA_ROOT, named by the hash of the bytes.

    Page derivatives are WebP in page_widths(), the embedding derivative a JPEG of at most
    EMBEDDING_SIDE pixels a side. It is written last: where it stands, the others do too.
    Raises InvalidImage.
    """
    content_hash = hashlib.sha256(data).hexdigest()
    image, (width, height) = open_with_size(data, at_least=max(WIDTHS), declared=declared)
    page = image
    for page_width in reversed(page_widths(width)):
        # From the next larger one: each is less work than from the original, and looks the same.
        page = _scaled(page, (page_width, max(1, round(height * page_width / width))))
        write(picture_name(content_hash, page_width), page, "WEBP", quality=80, method=WEBP_EFFORT)
    longest = max(width, height)
    ratio = min(1.0, EMBEDDING_SIDE / longest)
    small = _scaled(image, (max(1, round(width * ratio)), max(1, round(height * ratio))))
    write(embedding_name(content_hash), small, "JPEG", quality=95, subsampling=0)
    return Picture(content_hash, width, height)


def page_widths(width: int) -> tuple[int, ...]:
    """The widths, ascending, in which a picture ``width`` pixels wide is kept for pages; never enlarged."""
    largest = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS[:-1] if step <= MAX_STEP * largest), largest)


def picture_name(content_hash: str, width: int) -> str:
    """The path of a page derivative below MEDIA_ROOT."""
    return f"{FOLDER}/{content_hash[:2]}/{content_hash}-{width}.webp"


def embedding_name(content_hash: str) -> str:
    """The path of the embedding derivative below MEDIA_ROOT."""
    return f"{FOLDER}/{content_hash[:2]}/{content_hash}.jpg"


def is_kept(content_hash: str) -> bool:
    """Whether all derivatives of this original are there (an empty file is one that a power cut left)."""
    try:
        return (settings.MEDIA_ROOT / embedding_name(content_hash)).stat().st_size > 0
    except FileNotFoundError:
        return False


def open_kept(content_hash: str) -> Image.Image:
    """The embedding derivative, loaded. Raises FileNotFoundError when it is gone (``sync`` remakes it)."""
    with Image.open(settings.MEDIA_ROOT / embedding_name(content_hash), formats=["JPEG"]) as image:
        image.load()
        return image


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def write(name: str, image: Image.Image, kind: str, **options: int) -> None:
    """Write a file below MEDIA_ROOT atomically: another process sees the whole file or none."""
    target: Path = settings.MEDIA_ROOT / name
    parts: Path = settings.MEDIA_ROOT / PARTS
    for folder in (target.parent, parts):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=parts, delete=False) as part:
        image.save(part, kind, **options)
    Path(part.name).chmod(0o644)
    os.replace(part.name, target)  # noqa: PTH105 - atomic on every platform
