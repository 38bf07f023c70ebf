"""Pictures that are cheap to send and dear to decode: each kind of part repeated until the file is full.

Shared by the tests and by ``python -m bench.hostile``. ``MAKERS`` lists them by name; ``LARGE`` lists
pictures that must be decoded, as large as is allowed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

# Just below the cap on uploads, in bytes.
FULL = 10 * 1024 * 1024 - 4096


def saved(kind: str, size: tuple[int, int] = (64, 64), mode: str = "RGB", **options: Any) -> bytes:
    """A small picture of noise as a file of ``kind``, by Pillow's names."""
    buffer = BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def inserted(data: bytes, at: int, part: bytes, size: int = FULL) -> bytes:
    """``data`` with ``part`` repeated at ``at`` until the file has ``size`` bytes."""
    return data[:at] + part * max(0, (size - len(data)) // len(part)) + data[at:]


def jpeg_segments(size: int = FULL, marker: int = 0xE5) -> bytes:
    """Empty segments before the picture; 0xE5 is APP5, 0xFE a comment."""
    return inserted(saved("JPEG"), 2, bytes((0xFF, marker, 0, 2)), size)


def jpeg_segments_after_scan(size: int = FULL) -> bytes:
    """Empty comments between the first scan and the second."""
    data = saved("JPEG", progressive=True)
    return inserted(data, data.index(b"\xff", _after_first_scan_header(data)), b"\xff\xfe\x00\x02", size)


def jpeg_bytes_between(size: int = FULL, byte: bytes = b"\x00") -> bytes:
    """Bytes between two segments that belong to neither; 0xFF is a fill byte."""
    return inserted(saved("JPEG"), 2 + 18, byte, size)


def jpeg_stuffing(size: int = FULL, pair: bytes = b"\xff\x00") -> bytes:
    """A scan of nothing but stuffed bytes."""
    data = saved("JPEG")
    return inserted(data, len(data) - 2, pair, size)


def jpeg_scans(count: int = 200, size: tuple[int, int] = (64, 64)) -> bytes:
    """A progressive JPEG whose first scan is repeated."""
    data = saved("JPEG", size, progressive=True, quality=5)
    first = data.index(b"\xff\xda")
    end = _scan_end(data, first)
    return data[:end] + data[first:end] * (count - 1) + data[end:]


def jpeg_directory(size: int = FULL) -> bytes:
    """EXIF over many segments, every entry of which claims nearly all of it."""
    exif = heavy_exif(min(size, 9_000_000))
    parts = [exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 8) + b"Exif\0\0" + part for part in parts)
    # Without JFIF, since its resolution would keep Pillow from reading the EXIF.
    return b"\xff\xd8" + segments + saved("JPEG")[20:]


def png_chunks(size: int = FULL, kind: bytes = b"prVt") -> bytes:
    """Empty chunks before the pixels."""
    return inserted(saved("PNG"), 33, png_chunk(kind), size)


def png_pixel_chunks(size: int = FULL) -> bytes:
    """Empty IDAT chunks before the first with pixels."""
    return png_chunks(size, b"IDAT")


def png_directory(size: int = FULL) -> bytes:
    """An EXIF chunk, every entry of which claims nearly all of it."""
    data = saved("PNG")
    return data[:33] + png_chunk(b"eXIf", heavy_exif(size - len(data) - 12)) + data[33:]


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def gif_extensions(size: int = FULL) -> bytes:
    """Empty extensions before the first image."""
    return inserted(*_gif(), b"!\x01\x00", size)


def gif_sub_blocks(size: int = FULL) -> bytes:
    """One comment of sub-blocks of one byte."""
    data, at = _gif()
    return data[:at] + b"!\xfe" + b"\x01a" * ((size - len(data)) // 2 - 2) + b"\x00" + data[at:]


def gif_bytes_between(size: int = FULL) -> bytes:
    """Bytes before the first image that belong to no block."""
    return inserted(*_gif(), b"\x00", size)


def webp_chunks(size: int = FULL) -> bytes:
    """Empty chunks after the picture."""
    data = saved("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")
    data = inserted(data, len(data), b"prVt\0\0\0\0", size)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def avif_boxes(size: int = FULL) -> bytes:
    """Empty boxes after the file's type."""
    data = saved("AVIF")
    return inserted(data, int.from_bytes(data[:4], "big"), b"\x00\x00\x00\x08free", size)


def avif_items(size: int = FULL) -> bytes:
    """Items without end in the list of items."""
    data = saved("AVIF")
    at = data.index(b"iinf") + 4
    length = int.from_bytes(data[at - 8 : at - 4], "big")
    count = min((size - len(data)) // 21, 100_000)
    entries = b"".join(
        struct.pack(">I4sIHH4sB", 21, b"infe", 0x02000000, number % 65_000 + 100, 0, b"av01", 0)
        for number in range(count)
    )
    own = data[at + 6 : at - 8 + length]
    own_count = int.from_bytes(data[at + 4 : at + 6], "big")
    # Version 1 counts in 32 bits.
    box = b"\x01\0\0\0" + struct.pack(">I", own_count + count) + own + entries
    meta = data.index(b"meta") - 4
    meta_length = int.from_bytes(data[meta : meta + 4], "big")
    grown = len(box) + 8 - length
    return (
        data[:meta]
        + struct.pack(">I", meta_length + grown)
        + data[meta + 4 : at - 8]
        + struct.pack(">I", len(box) + 8)
        + b"iinf"
        + box
        + data[at - 8 + length :]
    )


def heavy_exif(size: int, entries: int = 60_000) -> bytes:
    """A TIFF directory of ``size`` bytes whose entries overlap: each claims all bytes after the table."""
    entries = min(entries, size // 24)
    table_end = 8 + 2 + 12 * entries + 4
    rest = size - table_end
    table = b"".join(struct.pack("<HHII", tag + 1, 7, rest, table_end) for tag in range(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", entries) + table + b"\0\0\0\0" + bytes(rest)


def _after_first_scan_header(data: bytes) -> int:
    at = data.index(b"\xff\xda") + 2
    return at + int.from_bytes(data[at : at + 2], "big")


def _scan_end(data: bytes, scan: int) -> int:
    """Where the entropy-coded bytes of the scan at ``scan`` end."""
    at = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
        at += 1
    return at


def _gif() -> tuple[bytes, int]:
    """A GIF, and where the blocks before its image begin."""
    data = saved("GIF")
    return data, 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)


MAKERS: dict[str, Callable[[], bytes]] = {
    "JPEG of empty APP5 segments": jpeg_segments,
    "JPEG of empty comments": lambda: jpeg_segments(marker=0xFE),
    "JPEG of comments between scans": jpeg_segments_after_scan,
    "JPEG of zeros between segments": jpeg_bytes_between,
    "JPEG of fill bytes": lambda: jpeg_bytes_between(byte=b"\xff"),
    "JPEG of stuffed bytes": jpeg_stuffing,
    "JPEG of fill bytes in a scan": lambda: jpeg_stuffing(pair=b"\xff\xff"),
    "JPEG of restart markers": lambda: jpeg_stuffing(pair=b"\xff\xd0"),
    "JPEG of 200 scans": jpeg_scans,
    "JPEG of overlapping EXIF entries": jpeg_directory,
    "PNG of empty chunks": png_chunks,
    "PNG of empty IDAT chunks": png_pixel_chunks,
    "PNG of overlapping EXIF entries": png_directory,
    "GIF of empty extensions": gif_extensions,
    "GIF of tiny sub-blocks": gif_sub_blocks,
    "GIF of bytes between blocks": gif_bytes_between,
    "WebP of empty chunks": webp_chunks,
    "AVIF of empty boxes": avif_boxes,
    "AVIF of endless items": avif_items,
}


def large(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    """25 megapixels in a small file."""
    image = Image.effect_noise((250, 250), 20).convert(mode).resize((5000, 5000), Image.Resampling.NEAREST)
    if mode == "RGBA":
        image.putalpha(128)
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


LARGE: dict[str, Callable[[], bytes]] = {
    "large JPEG of many scans": lambda: jpeg_scans(40, (5000, 5000)),
    "large PNG, transparent": lambda: large("PNG", "RGBA", compress_level=3),
    "large WebP, transparent": lambda: large("WEBP", "RGBA", method=0),
    "large AVIF, transparent": lambda: large("AVIF", "RGBA", speed=10),
}
