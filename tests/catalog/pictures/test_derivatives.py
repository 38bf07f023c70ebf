"""The files that are kept of a picture, and their addresses."""

import pytest
from PIL import Image

from catalog.models import ProductImage
from catalog.pictures.derivatives import embedding_name, is_kept, keep_picture, page_widths, picture_name
from tests.factories import ProductImageFactory, picture_bytes


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_page_widths_never_enlarge_nor_come_close_to_each_other():
    assert page_widths(100) == (100,)
    assert page_widths(320) == (160, 320)
    assert page_widths(200) == (200,)
    assert page_widths(500) == (160, 320, 500)
    assert page_widths(810) == (160, 320, 810)
    assert page_widths(4000) == (160, 320, 640, 1080)


def test_a_kept_picture_has_a_derivative_for_each_width_and_one_for_the_encoder(settings):
    kept = keep_picture(picture_bytes("green", (1400, 2100), "JPEG"))
    assert (kept.width, kept.height) == (1400, 2100)
    for width in (160, 320, 640, 1080):
        with Image.open(settings.MEDIA_ROOT / picture_name(kept.content_hash, width)) as page:
            assert (page.format, page.size) == ("WEBP", (width, round(width * 1.5)))
    with Image.open(settings.MEDIA_ROOT / embedding_name(kept.content_hash)) as small:
        assert (small.format, small.size) == ("JPEG", (341, 512))
    assert is_kept(kept.content_hash)
    assert not list((settings.MEDIA_ROOT / "pictures" / ".parts").iterdir())


def test_a_photo_on_its_side_is_kept_with_its_upright_size():
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = keep_picture(picture_bytes("red", (80, 60), "JPEG", exif=exif.tobytes()))
    assert (kept.width, kept.height) == (60, 80)


def test_a_picture_whose_file_is_empty_or_gone_counts_as_not_kept(settings):
    kept = keep_picture(picture_bytes())
    (settings.MEDIA_ROOT / embedding_name(kept.content_hash)).write_bytes(b"")
    assert not is_kept(kept.content_hash)
    assert not is_kept("0" * 64)


def test_an_image_row_names_its_derivatives():
    row = ProductImage(content_hash="ab" * 32, width=500, height=700)
    stem = f"/media/pictures/ab/{'ab' * 32}"
    assert row.url(100) == f"{stem}-160.webp"
    assert row.url(400) == row.url(9999) == f"{stem}-500.webp"
    assert row.thumbnail_url == f"{stem}-320.webp"
    assert row.srcset == f"{stem}-160.webp 160w, {stem}-320.webp 320w, {stem}-500.webp 500w"


def test_an_image_that_was_not_fetched_has_no_address():
    row = ProductImage()
    assert (row.url(320), row.srcset, row.thumbnail_url) == ("", "", "")


@pytest.mark.django_db
def test_an_image_row_opens_its_embedding_derivative():
    row = ProductImageFactory(kept=True, colour="blue")
    image = row.open()
    assert (image.mode, image.size) == ("RGB", (60, 80))
    assert image.getpixel((30, 40))[2] > 240
