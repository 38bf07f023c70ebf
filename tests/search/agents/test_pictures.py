"""Pictures that agents name by their address."""

from dataclasses import replace

import pytest

from search.query import Crop
from search.query_builder import pictures
from tests.search.agents.found import colours
from tests.search.shop import picture

pytestmark = pytest.mark.django_db
PHOTO = "https://photos.example/coat.jpg"


def test_a_picture_is_fetched_from_its_address(found, shop, web):
    web.get(PHOTO, body=picture("blue"), content_type="image/jpeg")
    answer = found("search", image_url=PHOTO)
    assert colours(answer) == {"Blue"}
    assert found("search", image_id=answer["image_id"])["results"] == answer["results"]


def test_the_part_that_the_search_chose_is_named(ask, shop, web, monkeypatch):
    chosen = Crop(0.0, 0.25, 0.5, 0.5)
    search = pictures.searched_part
    monkeypatch.setattr(
        pictures, "searched_part", lambda *asked, **named: replace(search(*asked, **named), crop=chosen)
    )
    web.get(PHOTO, body=picture("blue"), content_type="image/jpeg")
    result = ask("search", image_url=PHOTO)
    assert result["structuredContent"]["searched_crop"] == str(chosen)
    assert f"Compared its part {chosen}" in result["content"][0]["text"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/coat.jpg",
        "http://localhost:8000/coat.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/coat.jpg",
        "http://10.0.0.1/coat.jpg",
        "http://0x7f000001/coat.jpg",
    ],
)
def test_private_addresses_are_not_fetched(refused, shop, address):
    text, code = refused("search", image_url=address)
    assert code == "invalid"
    assert text.startswith("image_url: ")


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 302, "headers": {"Location": "http://127.0.0.1/"}}, {"body": OSError()}],
)
def test_a_picture_that_does_not_come_is_refused(refused, shop, web, answer):
    web.get(PHOTO, **answer)
    assert refused("search", image_url=PHOTO)[1] == "invalid"


def test_a_picture_that_is_too_large_is_not_read_to_its_end(refused, shop, web, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    web.get(PHOTO, body=b"x" * 5000)
    assert refused("search", image_url=PHOTO)[0].startswith("image_url: ")


def test_what_is_fetched_must_be_a_picture(refused, shop, web):
    web.get(PHOTO, body="<html>")
    assert refused("search", image_url=PHOTO)[1] == "image_type"


def test_a_fetched_picture_counts_once(found, refused, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "2/m"
    web.get(PHOTO, body=picture("blue"))
    found("search", image_url=PHOTO)
    found("search", image_url=PHOTO)
    assert refused("search", image_url=PHOTO)[1] == "too_many_requests"


def test_fetches_that_fail_count_as_well(refused, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    web.get(PHOTO, status=404)
    assert refused("search", image_url=PHOTO)[1] == "invalid"
    assert refused("search", image_url=PHOTO)[1] == "too_many_requests"
