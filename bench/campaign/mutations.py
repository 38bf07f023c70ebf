"""Pictures with mutated structure: segments, scans, chunks, blocks, boxes and frames, and their bytes.

Shared by the fuzz test and by ``python -m bench.campaign``. A mutation knows where the parts of a file begin,
so that most mutants pass the first checks of a decoder and reach the code behind them.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
from PIL import Image

Random = np.random.Generator
KINDS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "GIF": "image/gif",
}
# Where parts begin, or close to it: markers, extensions and images, four letters with a length before them.
MARKS = {
    "JPEG": re.compile(rb"(?=\xff[\xc0-\xfe])"),
    "GIF": re.compile(rb"(?=[!,])"),
    "PNG": re.compile(rb"(?=.{4}[A-Za-z]{4})", re.DOTALL),
    "WEBP": re.compile(rb"(?=[A-Z]{3}[A-Z0-9 ])"),
    "AVIF": re.compile(rb"(?=.{4}[a-z]{3}[a-z0-9])", re.DOTALL),
}
# Where the length of a part stands after its mark, how many bytes it has, and their order.
LENGTHS = {"JPEG": (2, ">H"), "GIF": (2, "B"), "PNG": (0, ">I"), "WEBP": (4, "<I"), "AVIF": (0, ">I")}
# Lengths at which readers count wrongly.
ODD_LENGTHS = (0, 1, 2, 7, 8, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
LONGEST = 1024 * 1024


def original(kind: str) -> bytes:
    """Noise with metadata, several scans or frames."""
    frames = [Image.effect_noise((48, 48), 80).convert("RGB") for _frame in range(3)]
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = BytesIO()
    if kind == "JPEG":
        frames[0].save(buffer, kind, progressive=True, comment=b"noise", exif=exif.tobytes())
        return buffer.getvalue()
    options: dict[str, object] = {"save_all": True, "append_images": frames[1:]}
    if kind == "GIF":
        options |= {"comment": b"noise", "loop": 0}
    # Pillow's AVIF encoder crashes on several frames with an orientation.
    if kind != "AVIF":
        options["exif"] = exif.tobytes()
    frames[0].save(buffer, kind, **options)
    return buffer.getvalue()


def plain(kind: str) -> bytes:
    """One frame of noise."""
    buffer = BytesIO()
    Image.effect_noise((48, 48), 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def mutants(kind: str, count: int) -> Iterator[bytes]:
    """So many mutated pictures of a kind; the same ones in every run, but for the noise."""
    random = np.random.default_rng(sum(kind.encode()))
    sources = (original(kind), plain(kind))
    for number in range(count):
        data = sources[number % 2]
        for _step in range(int(random.integers(1, 4))):
            mutation = MUTATIONS[int(random.integers(len(MUTATIONS)))]
            data = mutation(kind, data, random)
        # Most keep what every decoder checks first, so that the mutation is seen.
        yield repaired(kind, data) if number % 5 else data


def repeated(kind: str, data: bytes, random: Random) -> bytes:
    """The piece between two marks repeated, up to some thousand times, at a third."""
    first, second, third = _places(kind, data, random)
    piece = data[first:second] or data[first:]
    times = min(int(10 ** random.uniform(0, 4.5)), LONGEST // max(1, len(piece)))
    return data[:third] + piece * times + data[third:]


def dropped(kind: str, data: bytes, random: Random) -> bytes:
    first, second, _third = _places(kind, data, random)
    return data[:first] + data[second:]


def swapped(kind: str, data: bytes, random: Random) -> bytes:
    """Two neighbouring pieces in the other order."""
    first, second, third = sorted(_places(kind, data, random))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def emptied(kind: str, data: bytes, random: Random) -> bytes:
    """A piece whose content is zeros, or all ones."""
    first, second, _third = _places(kind, data, random)
    fill = (b"\0", b"\xff")[int(random.integers(2))]
    return data[: first + 4] + fill * max(0, second - first - 4) + data[max(first + 4, second) :]


def misstated(kind: str, data: bytes, random: Random) -> bytes:
    """A part with an odd length."""
    offset, form = LENGTHS[kind]
    at = _places(kind, data, random)[0] + offset
    size = struct.calcsize(form)
    if at + size > len(data):
        return data
    value = ODD_LENGTHS[int(random.integers(len(ODD_LENGTHS)))] & (256**size - 1)
    return data[:at] + struct.pack(form, value) + data[at + size :]


def renamed(kind: str, data: bytes, random: Random) -> bytes:
    """A part under the name of another: a frame as metadata, a scan as a table."""
    first, _second, third = _places(kind, data, random)
    start, end = {"JPEG": (0, 2), "GIF": (0, 2), "WEBP": (0, 4)}.get(kind, (4, 8))
    return data[: first + start] + data[third + start : third + end] + data[first + end :]


def flipped(kind: str, data: bytes, random: Random) -> bytes:
    """Up to a dozen bytes changed."""
    mutant = np.frombuffer(data, np.uint8).copy()
    if not len(mutant):
        return data
    places = random.integers(0, len(mutant), random.integers(1, 12))
    mutant[places] = random.integers(0, 256, len(places))
    return mutant.tobytes()


def cut(kind: str, data: bytes, random: Random) -> bytes:
    return data[: int(random.integers(1, max(2, len(data))))]


def crossed(kind: str, data: bytes, random: Random) -> bytes:
    """The beginning of this picture with a piece of one of another kind."""
    other = list(KINDS)[int(random.integers(len(KINDS)))]
    foreign = plain(other)
    at, start = int(random.integers(12, max(13, len(data)))), int(random.integers(len(foreign)))
    return data[:at] + foreign[start : start + 4000] + data[at:]


MUTATIONS: tuple[Callable[[str, bytes, Random], bytes], ...] = (
    repeated,
    dropped,
    swapped,
    emptied,
    misstated,
    renamed,
    flipped,
    cut,
    crossed,
)


def repaired(kind: str, data: bytes) -> bytes:
    """With the checksums and total lengths that would hide everything else from the decoder."""
    if kind == "WEBP" and len(data) >= 12:
        return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]
    return _with_checksums(data) if kind == "PNG" else data


def _with_checksums(data: bytes) -> bytes:
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        body = data[at + 4 : at + 8 + size]
        if at + 12 + size > len(data):
            break
        parts.append(data[at : at + 4] + body + struct.pack(">I", zlib.crc32(body)))
        at += 12 + size
    return b"".join(parts) + data[at:]


def _places(kind: str, data: bytes, random: Random) -> tuple[int, int, int]:
    """Two marks in order, often neighbours so that they enclose one part, and any third."""
    marks = [mark.start() for mark in MARKS[kind].finditer(data[: 4 * LONGEST])] or [0]
    at = int(random.integers(len(marks)))
    further = 1 if random.integers(2) else int(random.integers(1, len(marks) + 1))
    end = marks[at + further] if at + further < len(marks) else len(data)
    return marks[at], end, marks[int(random.integers(len(marks)))]
