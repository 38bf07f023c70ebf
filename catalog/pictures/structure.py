"""How many parts a picture file has, counted before a decoder sees it.

Decoders walk every segment, chunk, block or box, Pillow's in Python at up to 5 µs each: ten megabytes of
empty ones would keep a core busy for seconds and fill the memory. Each walk below stops at its limit, and
steps from part to part as the decoder does; where the two could differ, the file is refused.
"""

from __future__ import annotations

import re

# Cameras write about 20; an ICC profile may take 255 segments, and XMP or EXIF of a megabyte 16 more each.
MAX_JPEG_SEGMENTS = 1000
# Encoders write about 10, the most thorough ones about 20. Each scan walks the whole picture: 50 of them take
# half a second at 25 megapixels.
MAX_JPEG_SCANS = 50
# Some cameras pad their segments. Pillow reads each byte between two segments on its own, at up to .7 µs.
MAX_JPEG_PADDING = 64 * 1024
# Bytes of value 0xFF. Ten megabytes of entropy-coded pixels have 40,000, and 25 megapixels with a restart
# marker after every block of 16 by 16 pixels 100,000 more.
MAX_JPEG_MARKS = 1_000_000
# The standard allows one, of 64 KB. Pillow puts all of them together, and takes 13 µs for each of 5,000
# entries that fit into one.
MAX_JPEG_EXIF = 2
# Encoders cut the pixels into IDAT chunks of 8 KB or more, so that ten megabytes have 1,300. Pillow takes
# 5 µs for each.
MAX_PNG_CHUNKS = 20_000
# The standard allows one. Pillow inflates every profile that it meets, each to as much as a megabyte.
MAX_PNG_PROFILES = 1
# Sub-blocks have up to 255 bytes; in XMP about 75, so that a megabyte of it takes 14,000. Pillow takes
# .4 µs for each.
MAX_GIF_PARTS = 20_000
# An animation has a chunk a frame, and ten megabytes of frames of one kilobyte are 10,000.
MAX_WEBP_CHUNKS = 20_000
# A photo has about 30; a grid of 256 tiles with transparency has a box for each of 512 items. libavif looks
# for an item by walking all others, so that its work grows with the square of their number.
MAX_AVIF_BOXES = 2000
# Bytes in a box that lists items, references, samples or chunks, for the same reason: the locations of 512
# items take 12,000, the sizes of an animation's 8,000 frames 32,000.
MAX_AVIF_LIST = 32 * 1024

# A JPEG marker: 0xFF, then neither a stuffed zero, nor a restart marker, nor a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_EOI, _SOS, _APP1 = 0xD9, 0xDA, 0xE1
# The markers that start a segment with a length: frames and tables, DNL, DRI, APP0 to APP15, comments.
_SEGMENTS = frozenset({*range(0xC0, 0xD0), _SOS, 0xDB, 0xDC, 0xDD, *range(0xE0, 0xF0), 0xFE} - {0xC8, 0xCC})
# Boxes that hold boxes, and how many bytes stand before the first.
_AVIF_CONTAINERS = {
    **dict.fromkeys((b"iprp", b"ipco", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts"), 0),
    **dict.fromkeys((b"meta", b"grpl"), 4),
    b"iinf": 6,
}
_AVIF_LISTS = frozenset((b"iloc", b"ipma", b"iref", b"stco", b"co64", b"stsc", b"stsz", b"stts", b"stss"))


def has_too_many_parts(data: bytes, kind: str) -> bool:
    """Whether the file ``data`` of ``kind``, a name in decoding.FORMATS, has more parts than a real one.

    A file that breaks off or contradicts itself is left to its decoder, which refuses it.
    """
    return {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp, "AVIF": _avif}[kind](data)


def _jpeg(data: bytes) -> bool:
    # The search for markers takes up to 10 ns for each byte of value 0xFF.
    if data.count(b"\xff") > MAX_JPEG_MARKS:
        return True
    segments, scans, exif, padding, position = 0, 0, 0, 0, 2
    while (marker := _MARKER.search(data, position)) is not None:
        kind = data[marker.start() + 1]
        if scans == 0:
            padding += marker.start() - position
            # Of other markers Pillow reads no length where libjpeg does, and neither ends at EOI here.
            if padding > MAX_JPEG_PADDING or kind not in _SEGMENTS:
                return True
        elif kind == _EOI:
            return False
        position = marker.end()
        segments, scans = segments + 1, scans + (kind == _SOS)
        exif += kind == _APP1 and data.startswith(b"Exif\0\0", position + 2)
        if segments > MAX_JPEG_SEGMENTS or scans > MAX_JPEG_SCANS or exif > MAX_JPEG_EXIF:
            return True
        if kind in _SEGMENTS:
            # An embedded preview's markers lie inside its segment.
            position += int.from_bytes(data[position : position + 2], "big")
    return scans == 0 and len(data) - position > MAX_JPEG_PADDING


def _png(data: bytes) -> bool:
    chunks, profiles, position = 0, 0, 8
    while position < len(data):
        kind = data[position + 4 : position + 8]
        if kind == b"IEND":
            return False
        chunks, profiles = chunks + 1, profiles + (kind == b"iCCP")
        if chunks > MAX_PNG_CHUNKS or profiles > MAX_PNG_PROFILES:
            return True
        # Length, kind and checksum take 12 bytes.
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return False


def _gif(data: bytes) -> bool:
    """Counts what stands before the first image: extensions, their sub-blocks, and bytes of neither."""
    parts, position = 0, 13
    if len(data) > 10 and data[10] & 0x80:
        position += 3 << (data[10] & 7) + 1
    while position < len(data) and data[position] not in b",;" and parts <= MAX_GIF_PARTS:
        is_extension = data[position] == ord("!")
        parts, position = parts + 1, position + 1
        if is_extension:
            sub_blocks, position = _gif_extension(data, position)
            parts += sub_blocks
    return parts > MAX_GIF_PARTS


def _gif_extension(data: bytes, position: int) -> tuple[int, int]:
    """(sub-blocks, position after them) of the extension whose label is at ``position``."""
    head = data[position : position + 13]
    # Pillow takes so many sub-blocks, empty or not, before it looks for the empty one at the end.
    ahead = 0 if head[:1] == b"\xfe" else 2 if head == b"\xff\x0bNETSCAPE2.0" else 1
    sub_blocks, position, size = 0, position + 1, 1
    while (size or sub_blocks <= ahead) and position < len(data) and sub_blocks <= MAX_GIF_PARTS:
        size = data[position]
        sub_blocks, position = sub_blocks + 1, position + 1 + size
    return sub_blocks, position


def _webp(data: bytes) -> bool:
    chunks, position = 0, 12
    while position < len(data):
        chunks += 1
        if chunks > MAX_WEBP_CHUNKS:
            return True
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        # Chunks are padded to even sizes.
        position += 8 + size + size % 2
    return False


def _avif(data: bytes) -> bool:
    boxes, containers = 0, [(0, len(data))]
    while containers:
        position, end = containers.pop()
        while position + 8 <= end:
            kind, start, size = _avif_box(data, position, end)
            boxes += 1
            if boxes > MAX_AVIF_BOXES or (kind in _AVIF_LISTS and size > MAX_AVIF_LIST):
                return True
            if kind in _AVIF_CONTAINERS:
                start += _AVIF_CONTAINERS[kind]
                if kind == b"iinf" and data[start - 6 : start - 5] != b"\0":
                    start += 2  # from version 1 on its count has 32 bits
                containers.append((start, min(end, position + size)))
            # A size below 8 is an error; the decoder stops there.
            position = position + size if size >= 8 else end
    return False


def _avif_box(data: bytes, position: int, end: int) -> tuple[bytes, int, int]:
    """(kind, where the content starts, size with the header) of the box at ``position``."""
    size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
    if size == 1:
        return kind, position + 16, int.from_bytes(data[position + 8 : position + 16], "big")
    return kind, position + 8, size or end - position
