"""Pictures of too many parts never reach a decoder; those that cameras and encoders write do."""

import struct
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

from bench.campaign.mutations import original
from bench.hostile_pictures import (
    MAKERS,
    gif_extensions,
    heavy_exif,
    inserted,
    jpeg_segments,
    png_chunk,
    png_chunks,
    png_directory,
    saved,
)
from catalog.pictures import structure
from catalog.pictures.decoding import InvalidImage, open_image, sniff
from catalog.pictures.structure import has_too_many_parts

# Refused by no limit: its EXIF is not read.
DECODED = {"PNG of overlapping EXIF entries"}


@pytest.mark.parametrize("name", MAKERS.keys() - DECODED)
def test_it_is_refused_before_a_decoder_sees_it(name, monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_args, **_options: pytest.fail("decoded"))
    with pytest.raises(InvalidImage, match="unusual way") as caught:
        open_image(MAKERS[name]())
    assert caught.value.code == "unreadable"


class Counted(bytes):
    """Bytes that count how often a part of them is looked at."""

    looks = 0

    def __getitem__(self, place):
        self.looks += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("name", MAKERS.keys() - DECODED)
def test_the_walk_ends_at_the_limit(name):
    data = Counted(MAKERS[name]())
    assert has_too_many_parts(data, sniff(data))
    assert data.looks < 10 * max(structure.MAX_PNG_CHUNKS, structure.MAX_GIF_PARTS, structure.MAX_WEBP_CHUNKS)


def test_huge_exif_is_not_read(monkeypatch):
    monkeypatch.setattr(Image.Image, "getexif", lambda _image: pytest.fail("read"))
    assert open_image(png_directory(300_000)).size == (64, 64)


def test_warnings_of_damaged_exif_are_neither_logged_nor_remembered():
    """Each has another text, which Python would keep for ever."""
    script = """
import sys, catalog.pictures.decoding
from bench.hostile_pictures import heavy_exif
from PIL import Image, TiffImagePlugin
Image.Exif().load(b"Exif\\0\\0" + heavy_exif(60_000))
print(len(getattr(TiffImagePlugin, "__warningregistry__", {})))
"""
    run = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) <= 1
    assert run.stderr == ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_metadata_scans_and_frames_are_nothing_unusual(kind):
    data = original(kind)
    assert not has_too_many_parts(data, kind)
    assert open_image(data).mode == "RGB"


def test_a_camera_may_write_many_segments_and_padding():
    profile = saved("JPEG", icc_profile=bytes(2_000_000), exif=heavy_exif(60_000, 40))
    assert profile.count(b"ICC_PROFILE") > 30
    assert not has_too_many_parts(profile, "JPEG")
    assert not has_too_many_parts(jpeg_segments(4 * 900), "JPEG")
    assert not has_too_many_parts(inserted(saved("JPEG"), 20, b"\xff", 30_000), "JPEG")


def test_markers_inside_a_preview_and_behind_the_end_do_not_count():
    preview = b"\xff\xe3" + struct.pack(">H", 60_002) + b"\xff\xda\x00\x02" * 15_000
    photo = saved("JPEG")
    data = photo[:20] + preview + photo[20:] + b"\xff\xda\x00\x02" * 10_000
    assert open_image(data).size == (64, 64)


def test_a_png_may_have_many_small_chunks_of_pixels():
    data = saved("PNG", (800, 800))
    begin, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    length = int.from_bytes(data[begin : begin + 4], "big")
    pixels = data[begin + 8 : begin + 8 + length]
    assert begin + 12 + length == end or length > 0
    pieces = [png_chunk(b"IDAT", pixels[at : at + 512]) for at in range(0, length, 512)]
    cut = data[:begin] + b"".join(pieces) + data[begin + 12 + length :]
    assert open_image(cut).size == (800, 800)
    assert not has_too_many_parts(png_chunks(12 * 15_000), "PNG")


def test_a_second_colour_profile_is_refused():
    data = saved("PNG", icc_profile=b"profile")
    at = data.index(b"iCCP") - 4
    chunk = data[at : at + 12 + int.from_bytes(data[at : at + 4], "big")]
    assert not has_too_many_parts(data, "PNG")
    assert has_too_many_parts(inserted(data, at, chunk, len(data) + len(chunk)), "PNG")


def test_a_gif_is_walked_as_pillow_walks_it(monkeypatch):
    """Otherwise extensions could hide behind others."""
    random = np.random.default_rng(3)
    taken = 0
    data_of = GifImagePlugin.GifImageFile.data

    def counted(image):
        nonlocal taken
        taken += 1
        return data_of(image)

    monkeypatch.setattr(GifImagePlugin.GifImageFile, "data", counted)
    picture = gif_extensions(0)
    at = picture.index(b",")
    pieces = [
        b"!\xfe",
        b"!\xff\x0bNETSCAPE2.0",
        b"!\xf9\x04abcd",
        b"!\x01",
        b"\x00",
        b"\x03abc",
        b"\x01!",
        b"x",
    ]
    for _attempt in range(500):
        head = b"".join(pieces[number] for number in random.integers(0, len(pieces), random.integers(1, 12)))
        data, taken = picture[:at] + head + picture[at:], 0
        try:
            Image.open(BytesIO(data), formats=["GIF"])
        except OSError:
            continue
        assert sub_blocks(data) == taken


def sub_blocks(data):
    """How many sub-blocks the walk of structure.py counts."""
    counted = 0
    extension = structure._gif_extension

    def counting(data, position):
        nonlocal counted
        found, after = extension(data, position)
        counted += found
        return found, after

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "_gif_extension", counting)
        structure._gif(data)
    return counted
