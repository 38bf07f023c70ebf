"""The files made once of each shop's picture, for pages and for the encoder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from PIL import Image

from catalog.pictures import integrity
from catalog.pictures.decoding import open_with_size
from catalog.pictures.integrity import FOLDER
from catalog.pictures.place import picture_bucket

# Widths of the page derivatives; a narrower original stands for itself.
WIDTHS = (160, 320, 640, 1080)
THUMBNAIL_WIDTH = 320
# A derivative hardly smaller than the next costs time and disk, and saves a reader nothing.
MAX_STEP = 0.75
# Of 0 to 6; more takes twice the time and makes files only 3 % smaller.
WEBP_EFFORT = 2
# The encoder sees 224 to 384 pixels; its derivative leaves a margin for a crop.
EMBEDDING_SIDE = 512


@dataclass(frozen=True)
class Picture:
    """A shop's picture as kept: sha256 of the original's bytes and its upright size in pixels."""

    content_hash: str
    width: int
    height: int


def keep_picture(data: bytes, *, declared: str | None = None, known: Picture | None = None) -> Picture:
    """Write the derivatives of the picture in ``data`` under MEDIA_ROOT, named by the hash of the bytes.

    Page derivatives are WebP in page_widths(), the embedding derivative a JPEG of at most EMBEDDING_SIDE
    pixels a side. Nothing is written where the bytes are those of ``known``, which a row names, and its
    files are whole. Raises InvalidImage, and OSError where the disk refuses.
    """
    content_hash = hashlib.sha256(data).hexdigest()
    # Only what a row names: other files may be pruned right now.
    if known is not None and known.content_hash == content_hash and is_kept(content_hash):
        return known
    image, (width, height) = open_with_size(data, at_least=max(WIDTHS), declared=declared)
    page, names = image, []
    for page_width in reversed(page_widths(width)):
        # From the next larger one: each is less work than from the original, and looks the same.
        page = _scaled(page, (page_width, max(1, round(height * page_width / width))))
        names.append(picture_name(content_hash, page_width))
        write(names[-1], page, "WEBP", quality=80, method=WEBP_EFFORT)
    longest = max(width, height)
    ratio = min(1.0, EMBEDDING_SIDE / longest)
    small = _scaled(image, (max(1, round(width * ratio)), max(1, round(height * ratio))))
    names.append(embedding_name(content_hash))
    write(names[-1], small, "JPEG", quality=95, subsampling=0)
    integrity.record(content_hash, names)
    return Picture(content_hash, width, height)


def page_widths(width: int) -> tuple[int, ...]:
    """The widths, ascending, in which a picture ``width`` pixels wide is kept for pages; never enlarged."""
    largest = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS[:-1] if step <= MAX_STEP * largest), largest)


def page_url(content_hash: str, original_width: int, width: int) -> str:
    """The address of the derivative of at least ``width`` pixels, or the widest there is; "" without one."""
    if not content_hash:
        return ""
    widths = page_widths(original_width)
    fitting = next((step for step in widths if step >= width), widths[-1])
    return settings.MEDIA_URL + picture_name(content_hash, fitting)


def srcset(content_hash: str, original_width: int) -> str:
    """Every page derivative, as the ``srcset`` attribute of an <img>; "" without one."""
    widths = page_widths(original_width) if content_hash else ()
    return ", ".join(f"{page_url(content_hash, original_width, width)} {width}w" for width in widths)


def picture_name(content_hash: str, width: int) -> str:
    """The path of a page derivative below MEDIA_ROOT."""
    return f"{FOLDER}/{content_hash[:2]}/{content_hash}-{width}.webp"


def embedding_name(content_hash: str) -> str:
    """The path of the embedding derivative below MEDIA_ROOT."""
    return f"{FOLDER}/{content_hash[:2]}/{content_hash}.jpg"


def is_kept(content_hash: str) -> bool:
    """Whether all derivatives of this original are there, as they were written."""
    return integrity.is_whole(content_hash)


def open_kept(content_hash: str) -> Image.Image:
    """The embedding derivative, loaded. Raises FileNotFoundError when it is gone (``sync`` remakes it)."""
    name = embedding_name(content_hash)
    bucket = picture_bucket()
    file = BytesIO(bucket.read(name)[0]) if bucket else settings.MEDIA_ROOT / name
    with Image.open(file, formats=["JPEG"]) as image:
        image.load()
        return image


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def write(name: str, image: Image.Image, kind: str, **options: int) -> None:
    """Write a file below MEDIA_ROOT: another process, and a power cut, leaves the whole file or none.

    Raises OSError where the disk refuses.
    """
    integrity.write_aside(name, lambda part: image.save(part, kind, **options))
