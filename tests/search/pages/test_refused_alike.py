"""Refusals read the same on a page and from the API, in the language of the reader."""

import io
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts import favorites
from accounts.models import User
from accounts.sign_in import tokens
from search import admission
from tests.problems import fields_of
from tests.search.pages.test_page_and_api import by_api, by_page
from tests.search.shop import all_taken, picture

pytestmark = pytest.mark.django_db


def picture_by_page(client, data, kind, headers):
    file = SimpleUploadedFile("picture.jpg", data, content_type=kind)
    return client.post("/results", {"image": file}, headers=headers)


def picture_by_api(client, data, kind, headers):
    file = SimpleUploadedFile("picture.jpg", data, content_type=kind)
    return client.post("/api/v1/recommend", {"image": file}, headers=headers)


def png(width, height):
    """A small file of many pixels."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def message(answer):
    """The sentence that a refusal tells: on a page beside its heading, in JSON the one text there is."""
    if answer["Content-Type"].startswith("text/html"):
        return unescape(answer.context["message"])
    told = answer.json()
    return told[fields_of(answer)[0]][0] if fields_of(answer) else told["detail"]


NO_PICTURES = [
    (b"\xff\xd8\xff no picture", "image/jpeg", 400),
    (b"plain text", "image/jpeg", 415),
    (png(6000, 5000), "image/png", 413),
]


@pytest.mark.parametrize("language", ["en", "de"])
def test_pictures_are_refused_alike(client, shop, language):
    headers = {"Accept-Language": language}
    for data, kind, status in NO_PICTURES:
        page = picture_by_page(client, data, kind, headers)
        api = picture_by_api(client, data, kind, headers)
        assert (page.status_code, api.status_code) == (status, status)
        assert message(page) == message(api)


@pytest.mark.parametrize("language", ["en", "de"])
def test_queries_are_refused_alike(client, shop, language):
    headers = {"Accept-Language": language}
    for query, status in (
        ({"crop": "0,0,1,1"}, 400),
        ({"image_id": "a" * 64}, 404),
        ({"image_id": "product:gone-1"}, 404),
    ):
        page, api = by_page(client, headers, **query), by_api(client, headers, **query)
        assert (page.status_code, api.status_code) == (status, status)
        assert message(page) == message(api)


def test_messages_differ_between_languages(client, shop):
    english, german = (by_api(client, {"Accept-Language": language}) for language in ("en", "de"))
    assert message(english) != message(german)


def test_a_missing_index_is_refused_alike(client, db, colour_encoder):
    page, api = by_page(client, text="red"), by_api(client, text="red")
    assert (page.status_code, api.status_code) == (503, 503)
    assert page["Retry-After"] == api["Retry-After"] == "30"
    assert page.context["command"] == "manage.py reindex"
    assert "manage.py reindex" in message(api)
    assert message(page) in message(api)


def test_taken_inference_slots_are_refused_alike(client, shop, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    with all_taken(admission.inferences):
        page, api = by_page(client, text="never asked"), by_api(client, text="never asked")
    assert (page.status_code, api.status_code) == (503, 503)
    assert page["Retry-After"] == api["Retry-After"] == "2"
    assert message(page) == message(api)


def keep_by_page(client, product_id):
    return client.post(f"/favorites/{product_id}/toggle")


def keep_by_api(client, product_id):
    token = client.get("/api/v1/auth/me")["X-CSRFToken"]
    return client.post(
        "/api/v1/favorites",
        json.dumps({"product_id": product_id}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )


def test_favourites_are_refused_alike(client, shop, monkeypatch):
    user = User.objects.create_user("ada@example.org", "correct horse battery")
    client.cookies[tokens.access_cookie()] = tokens.issue(user, now=timezone.now()).access
    page, api = keep_by_page(client, "gone-1"), keep_by_api(client, "gone-1")
    assert (page.status_code, api.status_code) == (404, 404)
    assert message(page) == message(api)
    monkeypatch.setattr(favorites, "MAX_FAVORITES", 0)
    known = shop[0].product_id
    page, api = keep_by_page(client, known), keep_by_api(client, known)
    assert (page.status_code, api.status_code) == (400, 400)
    assert message(page) == message(api)
    assert "product_id" in api.json()


def test_taken_decoding_slots_are_refused_alike(client, shop, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    with all_taken(admission.decodings):
        page, api = (
            client.post(address, {"image": SimpleUploadedFile("red.png", picture("red"), "image/png")})
            for address in ("/results", "/api/v1/image-search")
        )
    assert (page.status_code, api.status_code) == (503, 503)
    assert page["Retry-After"] == api["Retry-After"] == "2"
    assert message(page) == message(api)


def test_a_form_that_must_wait_leads_back_to_it_and_not_to_an_empty_one(client, shop, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    with all_taken(admission.decodings):
        image = SimpleUploadedFile("red.png", picture("red"), "image/png")
        refused = client.post("/results", {"image": image}, headers={"Referer": "http://testserver/"})
    page = refused.content.decode()
    assert refused.status_code == 503
    assert 'href="http://testserver/"' in page
    assert 'class="button" href="/results"' not in page


def test_words_are_searched_while_all_decoding_slots_are_taken(client, shop):
    with all_taken(admission.decodings):
        page, api = by_page(client, text="red"), by_api(client, text="red")
    assert (page.status_code, api.status_code) == (200, 200)


def test_a_refusal_for_htmx_is_a_notice(client, shop):
    answer = by_page(client, {"HX-Request": "true"}, sort="loveliest")
    assert answer.status_code == 400
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]
