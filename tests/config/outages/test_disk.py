"""Uploads while the disk is full, and pictures that a power cut left damaged."""

import errno
import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from search.images import file_name
from tests.search.shop import picture

SEARCH = "/api/v1/image-search"


@pytest.fixture
def media(settings, tmp_path, shop):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def full(*arguments, **options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def send(visitor):
    upload = SimpleUploadedFile("dress.jpg", picture("red"), "image/jpeg")
    return visitor.post(SEARCH, {"image": upload})


def test_an_upload_while_the_disk_is_full_is_503_and_leaves_nothing(visitor, media, monkeypatch):
    monkeypatch.setattr("catalog.pictures.integrity.os.fsync", full)
    answer = send(visitor)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert [path for path in media.glob("[pq]*/**/*") if path.is_file()] == []
    assert visitor.post("/results", {"image": io.BytesIO(picture("red"))}).status_code == 503


def test_once_there_is_room_the_same_picture_is_searched(visitor, media, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            "catalog.pictures.integrity.os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "full"))
        )
        assert send(visitor).status_code == 503
    assert send(visitor).status_code == 200


@pytest.mark.parametrize("content", [b"", b"\0" * 900, b"\xff\xd8\xff\xd9"], ids=["empty", "zeros", "hollow"])
def test_a_stored_picture_that_is_damaged_is_asked_for_again_and_then_searched(visitor, media, content):
    image_id = send(visitor).json()["image_id"]
    path = media / file_name(image_id)
    path.write_bytes(content)
    assert visitor.post(SEARCH, {"image_id": image_id, "crop": "0,0,.5,.5"}).status_code == 404
    assert send(visitor).status_code == 200
    assert path.read_bytes() != content
    assert visitor.post(SEARCH, {"image_id": image_id, "crop": "0,0,.5,.5"}).status_code == 200


def test_a_full_disk_below_large_uploads_is_503(visitor, shop, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", full)
    large = SimpleUploadedFile("dress.jpg", picture("red") + bytes(3 * 2**20), "image/jpeg")
    answer = visitor.post(SEARCH, {"image": large})
    assert answer.status_code == 503
    assert answer["Retry-After"]
