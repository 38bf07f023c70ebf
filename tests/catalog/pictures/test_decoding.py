"""Which files are read as pictures, how, and which are refused."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bench.campaign.mutations import original, repaired, repeated
from catalog.pictures.decoding import InvalidImage, open_image
from tests.factories import picture_bytes


def saved(image: Image.Image, kind: str, **options) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def code_of(data: bytes, **options) -> str:
    with pytest.raises(InvalidImage) as caught:
        open_image(data, **options)
    assert str(caught.value).endswith(".")
    return caught.value.code


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_it_reads_every_allowed_format(kind):
    image = open_image(picture_bytes("red", (40, 30), kind))
    assert (image.mode, image.size) == ("RGB", (40, 30))
    red, green, blue = image.getpixel((20, 15))
    assert red > 240
    assert max(green, blue) < 20


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM"])
def test_it_refuses_formats_it_does_not_list(kind):
    assert code_of(picture_bytes("red", (32, 32), kind)) == "type"


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"GIF"]
)
def test_what_is_no_picture_is_of_a_wrong_type(data):
    assert code_of(data) == "type"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_it_refuses_a_truncated_picture(kind):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8))
    data = saved(noise, kind)
    assert code_of(data[: len(data) // 2]) == "unreadable"


def test_it_refuses_bytes_that_disagree_with_their_declared_type():
    assert code_of(picture_bytes(kind="PNG"), declared="image/jpeg") == "type"
    assert open_image(picture_bytes(kind="PNG"), declared="image/png; charset=binary").size == (60, 80)
    assert open_image(picture_bytes(kind="PNG"), declared="application/octet-stream").size == (60, 80)


def test_it_refuses_a_file_above_the_byte_cap(settings):
    settings.MAX_UPLOAD_BYTES = 100
    assert code_of(picture_bytes()) == "size"


@pytest.mark.parametrize("size", [(5001, 5000), (14_000, 7000), (60_000, 60_000)])
def test_it_refuses_a_picture_bomb_from_its_header(size):
    assert code_of(png_header(*size)) == "size"


def test_it_refuses_a_ribbon():
    assert code_of(picture_bytes(size=(2, 400))) == "unreadable"


def test_it_refuses_a_jpeg_of_endless_scans():
    progressive = picture_bytes("red", (64, 64), "JPEG", progressive=True)
    assert open_image(progressive).size == (64, 64)
    first = progressive.index(b"\xff\xda")
    second = progressive.index(b"\xff", first + 2 + int.from_bytes(progressive[first + 2 : first + 4], "big"))
    scan = progressive[first:second]
    assert code_of(progressive[:second] + scan * 200 + progressive[second:]) == "unreadable"


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, (5, 5)),
        (2, (75, 5)),
        (3, (75, 55)),
        (4, (5, 55)),
        (5, (5, 5)),
        (6, (55, 5)),
        (7, (55, 75)),
        (8, (5, 75)),
    ],
)
def test_it_turns_a_photo_upright(orientation, corner):
    photo = Image.new("RGB", (80, 60), "white")
    photo.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = open_image(saved(photo, "JPEG", exif=exif.tobytes(), quality=95))
    assert upright.size == ((80, 60) if orientation < 5 else (60, 80))
    assert upright.getpixel(corner) < (40, 40, 40)


def test_damaged_metadata_does_not_spoil_good_pixels():
    data = saved(Image.new("RGB", (40, 30), "red"), "JPEG", exif=b"Exif\x00\x00garbage that is no TIFF")
    assert open_image(data).size == (40, 30)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode):
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    data = saved(clear.convert(mode), "PNG")
    assert open_image(data).getpixel((10, 10)) == (255, 255, 255)


def test_sixteen_bits_keep_their_greys():
    ramp = Image.fromarray(np.linspace(0, 65535, 256 * 4).reshape(16, 64).astype(np.uint16))
    greys = np.asarray(open_image(saved(ramp, "PNG")))[..., 0]
    assert (int(greys[0, 0]), int(greys[-1, -1])) == (0, 255)
    assert len(np.unique(greys)) > 200


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        red, _green, blue = open_image(data).getpixel((10, 10))
        assert red > 200 > 60 > blue


def test_a_big_jpeg_is_reduced_while_decoding_but_not_below_what_was_asked():
    data = picture_bytes("red", (1600, 2400), "JPEG")
    assert open_image(data).size == (1600, 2400)
    reduced = open_image(data, at_least=300)
    assert 300 <= min(reduced.size) < 700


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_mutated_files_raise_nothing_but_invalid_image(kind):
    random = np.random.default_rng(7)
    original = np.frombuffer(saved(Image.effect_noise((48, 48), 80).convert("RGB"), kind), np.uint8)
    refused = 0
    for _attempt in range(2000):
        mutant = original.copy()
        places = random.integers(4, len(mutant), random.integers(1, 12))
        mutant[places] = random.integers(0, 256, len(places))
        try:
            open_image(mutant.tobytes()[: random.integers(8, len(mutant) + 1)], at_least=16)
        except InvalidImage:
            refused += 1
    assert refused > 100


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_files_with_repeated_parts_raise_nothing_but_invalid_image(kind):
    random = np.random.default_rng(11)
    data, refused = original(kind), 0
    for _attempt in range(1000):
        try:
            open_image(repaired(kind, repeated(kind, data, random)), at_least=16)
        except InvalidImage:
            refused += 1
    assert refused > 50
