import io

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from config.http.uploads import FORM_OVERHEAD, CappedUploadHandler

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/image-search"


class Unread(io.RawIOBase):
    """A body that fails the test when anyone reads it."""

    def read(self, *_args):
        raise AssertionError("the body was read")


def announce(client, path, length, content_type="multipart/form-data; boundary=b"):
    return client.generic(
        "POST", path, b"", content_type, CONTENT_LENGTH=str(length), **{"wsgi.input": Unread()}
    )


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/recommend", "/results", "/auth/login"])
def test_sixty_megabytes_are_refused_before_they_are_read(client, path):
    answer = announce(client, path, 60 * 1024 * 1024)
    assert answer.status_code == 413
    expected = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert answer["Content-Type"].startswith(expected)


def test_a_large_json_body_is_refused_before_it_is_read(client, settings):
    answer = announce(
        client, "/api/v1/auth/login", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, "application/json"
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "0x10"])
def test_a_length_that_is_no_number_is_refused(client, length):
    assert announce(client, SEARCH, length).status_code == 400


def test_a_file_that_grows_past_the_cap_is_stopped(settings):
    settings.MAX_UPLOAD_BYTES = 1000
    handler = CappedUploadHandler()
    assert handler.receive_data_chunk(b"x" * 1000, 0) == b"x" * 1000
    with pytest.raises(RequestDataTooBig):
        handler.receive_data_chunk(b"x", 1000)


def test_a_picture_above_the_cap_within_the_form_is_refused(client, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    for path in (SEARCH, "/auth/login"):
        picture = SimpleUploadedFile("shoe.jpg", b"x" * 5000, content_type="image/jpeg")
        assert client.post(path, {"image": picture}).status_code == 413


def test_the_cap_leaves_room_for_the_form_around_the_picture(settings):
    from config.http.uploads import largest_body

    request = RequestFactory().post("/", {"a": "b"})
    assert largest_body(request) == settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"garbage", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary="),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"),
        (b"--b\r\n\r\n", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data; boundary=b"),
        (b"\xff\xfe{", "application/json"),
        (b"x", "application/xml"),
        (b"x", "image/jpeg"),
        (b"x", "\x00"),
    ],
)
def test_a_malformed_body_is_the_clients_mistake(client, body, content_type):
    for path in (SEARCH, "/api/v1/auth/login"):
        assert client.generic("POST", path, body, content_type).status_code in {400, 415}
    assert client.generic("POST", "/auth/login", body, content_type).status_code in {400, 422}


def test_too_many_fields_are_refused(client):
    fields = "&".join(f"f{number}=1" for number in range(501))
    answer = client.post("/auth/login", fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_too_many_files_are_refused(client):
    files = {f"f{number}": SimpleUploadedFile("a.jpg", b"x") for number in range(5)}
    assert client.post("/auth/login", files).status_code == 400
