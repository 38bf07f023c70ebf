"""Which responses are compressed."""

import gzip

import pytest
from django.http import HttpResponse

from config.http.compression import CompressionMiddleware


def answered(rf, content_type, content=b"red shirt " * 100):
    request = rf.get("/", HTTP_ACCEPT_ENCODING="gzip")
    return CompressionMiddleware(lambda _request: HttpResponse(content, content_type=content_type))(request)


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json"])
def test_pages_and_answers_are_compressed(rf, content_type):
    answer = answered(rf, content_type)
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == b"red shirt " * 100
    assert "Accept-Encoding" in answer["Vary"]


def test_pictures_are_left_as_they_are(rf):
    assert "Content-Encoding" not in answered(rf, "image/webp")


@pytest.mark.django_db
def test_a_browser_gets_the_sign_in_page_compressed(client):
    answer = client.get("/auth/login", HTTP_ACCEPT_ENCODING="gzip, br")
    assert answer["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(answer.content)
