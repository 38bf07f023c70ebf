"""A picture by its address on the web, on pages and over the API."""

import pytest
import responses
from django.urls import reverse

from search.models import QueryImage
from search.pages.addresses import read_query
from search.query import InvalidQuery, PictureAddress, SearchQuery, is_address
from tests.factories import picture_bytes

ADDRESS = "https://pictures.example/red.png"


def send(client, **form):
    return client.post(reverse("results"), form)


@pytest.mark.parametrize("text", ["https://a.example/b.jpg", "http://a.example", "HTTPS://a.example/x?y=1"])
def test_one_address_alone_is_one(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["red dress", "https://a.example/b c", "ftp://a.example/b", "https://me:pw@a.example/", "https://"],
)
def test_other_texts_are_no_address(text):
    assert not is_address(text)
    with pytest.raises(InvalidQuery) as refusal:
        PictureAddress(text)
    assert refusal.value.field == "image_url"


@pytest.mark.parametrize("field", ["image_url", "text"])
@responses.activate
def test_a_pasted_address_is_fetched_and_searched_with(client, shop, field):
    responses.get(ADDRESS, body=picture_bytes("red"))
    location = send(client, **{field: ADDRESS})["Location"]
    query = read_query(client.get(location).wsgi_request.GET)
    assert query.image_id == QueryImage.objects.get().image_id
    assert query.text == ""


@responses.activate
def test_an_address_beside_words_leaves_the_words(client, shop):
    responses.get(ADDRESS, body=picture_bytes("red"))
    assert "text=dress" in send(client, text=ADDRESS, previous="dress")["Location"]


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.png", "http://169.254.169.254/", "http://[::1]/x.png"])
def test_private_addresses_are_refused_even_where_feeds_may_be_private(client, shop, settings, url):
    settings.ALLOW_PRIVATE_FEEDS = True
    answer = send(client, image_url=url)
    assert answer.status_code == 400
    assert "No picture could be fetched" in answer.content.decode()


@pytest.mark.parametrize("status", [404, 403, 500])
@responses.activate
def test_the_answer_does_not_describe_what_the_other_server_said(client, shop, status):
    responses.get(ADDRESS, status=status, body="secret")
    answer = client.post("/api/v1/image-search", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"]["image_url"][0]["detail"].startswith("No picture could be fetched")
    assert str(status) not in answer.json()["detail"]


@responses.activate
def test_what_is_no_picture_is_refused_as_an_upload_is(client, shop):
    responses.get(ADDRESS, body=b"<html>")
    answer = client.post("/api/v1/image-search", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("endpoint", ["recommend", "image-search"])
@responses.activate
def test_the_api_fetches_a_picture_by_address(client, shop, endpoint):
    responses.get(ADDRESS, body=picture_bytes("red"))
    answer = client.post(f"/api/v1/{endpoint}", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["image_id"] == QueryImage.objects.get().image_id


@responses.activate
def test_a_fetched_picture_counts_as_one_of_the_client_pictures(client, shop, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    responses.get(ADDRESS, body=picture_bytes("red"))
    assert send(client, image_url=ADDRESS).status_code == 303
    assert send(client, image_url=ADDRESS).status_code == 429
    assert len(responses.calls) == 1


def test_get_never_fetches(client, shop):
    assert client.get(reverse("results"), {"text": ADDRESS}).status_code == 200
    assert not QueryImage.objects.exists()


def test_a_picture_and_an_id_are_refused_together():
    with pytest.raises(InvalidQuery):
        SearchQuery(picture=PictureAddress(ADDRESS), image_id="a" * 64)
