"""Pictures with one of their parts repeated: segments, scans, chunks, blocks, frames or boxes."""

import re
import struct
from io import BytesIO

from PIL import Image

# Where parts begin, or close to it: markers, extensions and images, four letters with a length before them.
MARKS = {
    "JPEG": re.compile(rb"(?=\xff[\xc0-\xfe])"),
    "GIF": re.compile(rb"(?=[!,])"),
    "PNG": re.compile(rb"(?=.{4}[A-Za-z]{4})", re.DOTALL),
    "WEBP": re.compile(rb"(?=[A-Z]{3}[A-Z0-9 ])"),
    "AVIF": re.compile(rb"(?=.{4}[a-z]{3}[a-z0-9])", re.DOTALL),
}
LONGEST = 1024 * 1024


def original(kind):
    """Noise with metadata, several scans or frames."""
    frames = [Image.effect_noise((48, 48), 80).convert("RGB") for _frame in range(3)]
    exif = Image.Exif()
    exif[0x0112] = 6
    moves = {"save_all": True, "append_images": frames[1:]}
    options = {
        "JPEG": {"progressive": True, "comment": b"noise"},
        "PNG": moves,
        "WEBP": moves,
        "GIF": moves | {"comment": b"noise", "loop": 0},
        "AVIF": moves,
    }[kind].copy()
    buffer = BytesIO()
    # Pillow's AVIF encoder crashes on several frames with an orientation.
    if kind != "AVIF":
        options["exif"] = exif.tobytes()
    frames[0].save(buffer, kind, **options)
    return buffer.getvalue()


def repeated_part(kind, data, random):
    """``data`` with the piece between two of its marks repeated, up to some thousand times, at a third."""
    marks = [mark.start() for mark in MARKS[kind].finditer(data)]
    first, second = sorted(random.choice(len(marks), 2, replace=False))
    # Neighbours make a whole part; others several.
    if random.integers(2):
        second = first + 1 if first + 1 < len(marks) else first
    piece = data[marks[first] : marks[second]] or data[marks[first] :]
    at = marks[random.integers(len(marks))]
    times = min(int(10 ** random.uniform(0, 4.5)), LONGEST // max(1, len(piece)))
    data = data[:at] + piece * times + data[at:]
    # The one length that would hide everything else from the decoder.
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:] if kind == "WEBP" else data
