"""A product's own picture as a query picture, whatever became of its file."""

import errno

import pytest

from catalog.models import ProductImage
from catalog.pictures import derivatives
from catalog.pictures.place import PicturesAway
from search import images
from search.images import UnknownImage
from tests.factories import NOW, ProductImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pictured(settings, tmp_path):
    """A product, and the file that its picture is opened from."""
    settings.MEDIA_ROOT = tmp_path
    image = ProductImageFactory(kept=True)
    return image.product, tmp_path / derivatives.embedding_name(image.content_hash)


def test_it_is_kept(pictured):
    product, _file = pictured
    assert images.keep_product_image(product, now=NOW).width == 60


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\xff\xd8\xff\xe0 cut"])
def test_a_file_that_is_gone_or_damaged_is_no_picture(pictured, content):
    product, file = pictured
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(UnknownImage):
        images.keep_product_image(product, now=NOW)


@pytest.mark.parametrize("failure", [PicturesAway("slow"), OSError(errno.EIO, "The disk fails.")])
def test_a_disk_or_bucket_that_fails_is_an_outage(pictured, monkeypatch, failure):
    def fails(_image):
        raise failure

    monkeypatch.setattr(ProductImage, "open", fails)
    with pytest.raises(type(failure)):
        images.keep_product_image(pictured[0], now=NOW)
