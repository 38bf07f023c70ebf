"""The one boundary for hostile picture bytes: whatever is wrong with them becomes InvalidImage."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from catalog.pictures.structure import has_too_many_parts

# What is read, by Pillow's names, and the content types that may announce it.
FORMATS = {
    "JPEG": ("image/jpeg", "image/jpg", "image/pjpeg"),
    "PNG": ("image/png", "image/apng"),
    "WEBP": ("image/webp",),
    "AVIF": ("image/avif",),
    "GIF": ("image/gif",),
}
# An encoder scales the shorter side to its own size, so that a ribbon of a picture would grow without
# bounds; at this ratio the widest page derivative still fits into WebP (16,383 pixels).
MAX_RATIO = 15

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Half a turn and flips keep width and height; the others swap them.
_KEEPS_SIDES = {_UPRIGHT[2], _UPRIGHT[3], _UPRIGHT[4]}
_ORIENTATION = 0x0112
# Pixels that are converted at once.
STRIP_PIXELS = 1_000_000
# Cameras write at most 64 KB of EXIF, the most that fits into a JPEG. Pillow takes 13 µs for each entry.
MAX_EXIF_BYTES = 128 * 1024
# Pillow warns of each damaged EXIF entry, and one picture may have 65,000: they would fill the log, and the
# memory, since Python remembers every different warning.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")


class InvalidImage(Exception):
    """Bytes that are no picture we read: ``code`` is "unreadable", "type" or "size"; the message advises."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def open_image(data: bytes, *, at_least: int | None = None, declared: str | None = None) -> Image.Image:
    """The picture in ``data`` as an upright RGB image, transparency on white, the first frame if it moves.

    ``at_least``: the shorter side may be reduced while decoding, but not below this many pixels (a
    12-megapixel JPEG then takes 30 ms instead of 180 ms). ``declared``: the content type that the
    sender stated; it must agree with the bytes. Colour profiles are not applied.
    Raises InvalidImage, and nothing else, whatever the bytes are.
    """
    return open_with_size(data, at_least=at_least, declared=declared)[0]


def open_with_size(
    data: bytes, *, at_least: int | None = None, declared: str | None = None
) -> tuple[Image.Image, tuple[int, int]]:
    """As open_image, with the upright (width, height) in pixels of the original before any reduction."""
    if len(data) > settings.MAX_UPLOAD_BYTES:
        megabytes = settings.MAX_UPLOAD_BYTES // 2**20
        raise InvalidImage(
            "size", _("The picture is larger than %(n)d MB. Send a smaller file.") % {"n": megabytes}
        )
    sniffed = sniff(data)
    if sniffed is None:
        raise InvalidImage(
            "type", _("This is not a picture we read. Send a JPEG, PNG, WebP, AVIF or GIF file.")
        )
    _check_declared(sniffed, declared)
    if has_too_many_parts(data, sniffed):
        name = "WebP" if sniffed == "WEBP" else sniffed
        message = _("This %(format)s is built in an unusual way. Save it again.") % {"format": name}
        raise InvalidImage("unreadable", message)
    try:
        return _decode(data, sniffed, at_least)
    except InvalidImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    # Mutated files made Pillow raise OSError, SyntaxError, ValueError, RuntimeError, struct.error and
    # more. Whatever a decoder trips over, the file is at fault.
    except Exception as error:
        message = _("The picture is damaged and cannot be read. Save it again or send another one.")
        raise InvalidImage("unreadable", message) from error


def sniff(data: bytes) -> str | None:
    """Pillow's name of the format that the first bytes announce, None for anything not in FORMATS."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:12] in (b"ftypavif", b"ftypavis") or (data[4:12] == b"ftypmif1" and b"avif" in data[16:64]):
        return "AVIF"
    return None


def _check_declared(sniffed: str, declared: str | None) -> None:
    stated = (declared or "").partition(";")[0].strip().lower()
    # Browsers and shops that do not know the type state octet-stream; that claims nothing.
    if stated in ("", "application/octet-stream", "binary/octet-stream", *FORMATS[sniffed]):
        return
    raise InvalidImage(
        "type",
        _("The file says it is %(stated)s, but its content is %(found)s. Send it under its own type.")
        % {"stated": stated[:60], "found": FORMATS[sniffed][0]},
    )


def _too_many_pixels() -> InvalidImage:
    megapixels = settings.MAX_UPLOAD_PIXELS // 1_000_000
    message = _("The picture has more than %(n)d megapixels. Send a smaller one.") % {"n": megapixels}
    return InvalidImage("size", message)


def _decode(data: bytes, sniffed: str, at_least: int | None) -> tuple[Image.Image, tuple[int, int]]:
    with Image.open(BytesIO(data), formats=[sniffed]) as image:
        size = image.size
        if size[0] * size[1] > settings.MAX_UPLOAD_PIXELS:
            raise _too_many_pixels()
        if max(size) > MAX_RATIO * min(size):
            message = _("The picture is more than %(n)d times as long as wide. Cut it first.") % {
                "n": MAX_RATIO
            }
            raise InvalidImage("unreadable", message)
        if sniffed == "JPEG" and at_least is not None:
            image.draft("RGB", (at_least, at_least))
        image.load()
        turn = _UPRIGHT.get(_orientation(image))
        rgb = _as_rgb(image, at_least)
    if turn is None:
        return rgb, size
    return rgb.transpose(turn), size if turn in _KEEPS_SIDES else (size[1], size[0])


def _orientation(image: Image.Image) -> int:
    """1 to 8 as EXIF counts; 1 where the metadata is absent, damaged or huge: the pixels are good."""
    # PNG may hold EXIF as hexadecimal text instead.
    text = image.info.get("Raw profile type exif", "")
    if len(image.info.get("exif", b"")) > MAX_EXIF_BYTES or len(text) > 2 * MAX_EXIF_BYTES:
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OSError, struct.error):
        return 1


def _as_rgb(image: Image.Image, at_least: int | None) -> Image.Image:
    """Converted strip by strip: a transparent picture of 25 megapixels would need 400 MB more at once.

    Where ``at_least`` allows, it is reduced as well; the factor 2 leaves the quality to whoever scales next.
    """
    factor = 1 if at_least is None else max(1, min(image.size) // (2 * at_least))
    if image.mode == "RGB" and not image.has_transparency_data and factor == 1:
        return image
    width, height = image.size
    rows = max(1, STRIP_PIXELS // (width * factor)) * factor
    result = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = _opaque(image.crop((0, top, width, min(top + rows, height))))
        result.paste(strip.reduce(factor), (0, top // factor))
    return result


def _opaque(image: Image.Image) -> Image.Image:
    """As RGB, on white."""
    if image.mode.startswith("I"):
        # Sixteen bits a pixel; converting without scaling would turn nearly all of it white.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, rgba).convert("RGB")
