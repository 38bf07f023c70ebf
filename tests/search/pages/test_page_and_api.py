"""Rules that cut across pages and API: each is sent through both, and both must answer alike."""

import io
import json
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts import favorites
from accounts.models import User
from accounts.sign_in import tokens
from analytics import recording
from analytics.models import SearchLog
from search import admission, retrieval
from search.query import MAX_IMAGE_ID, MAX_OFFSET, MAX_TEXT, MAX_TOP_K, MAX_VALUE, MAX_VALUES, longest_value
from tests.problems import fields_of
from tests.search.shop import all_taken, picture

pytestmark = pytest.mark.django_db


def by_page(client, headers=None, **query):
    return client.get(f"/results?{urlencode(query, doseq=True)}", headers=headers or {})


def by_api(client, headers=None, **query):
    if "access" in client.cookies:
        headers = {**(headers or {}), "X-CSRFToken": client.get("/api/v1/auth/me")["X-CSRFToken"]}
    return client.post(
        "/api/v1/recommend", json.dumps(query), content_type="application/json", headers=headers or {}
    )


BOTH = pytest.mark.parametrize("search", [by_page, by_api])


# --- Privacy -----------------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}])
def test_who_does_not_want_to_be_tracked_leaves_no_words(client, shop, search, headers):
    search(client, headers, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().query_text == ""


@BOTH
def test_others_leave_their_words(client, shop, search):
    search(client, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().query_text == "red dress"


def test_tracking_is_decided_by_the_caller():
    with pytest.raises(TypeError, match="track"):
        retrieval.search(None, user=None, now=timezone.now())


# --- The signed-in user ------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("headers", [None, {"DNT": "1"}])
def test_the_signed_in_user_is_logged_unless_they_object(client, shop, search, headers):
    user = User.objects.create_user("ada@example.org", "correct horse battery")
    client.cookies[tokens.access_cookie()] = tokens.issue(user, now=timezone.now()).access
    search(client, headers, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().user == (None if headers else user)


# --- Limits ------------------------------------------------------------------------------------
WITHIN = [
    {"text": "x" * MAX_TEXT},
    {"text": "red", "exclude": "x" * MAX_TEXT},
    {"text": "red", "top_k": MAX_TOP_K},
    {"text": "red", "offset": MAX_OFFSET},
    {"text": "red", "colour": [f"{n}" for n in range(MAX_VALUES)]},
    {"text": "red", "brand": ["x" * MAX_VALUE]},
    {"text": "red", "category": ["x" * longest_value("category")]},
    {"text": "red", "attribute": ["n" * 60 + ":" + "x" * MAX_VALUE], "size": ["M"], "on_sale": True},
    {"text": "red", "price_max": "9999999999.99"},
    {"text": "red", "weight": 1.0, "diversity": 1.0},
]
BEYOND = [
    ("text", {"text": "x" * (MAX_TEXT + 1)}),
    ("exclude", {"text": "red", "exclude": "x" * (MAX_TEXT + 1)}),
    ("top_k", {"text": "red", "top_k": MAX_TOP_K + 1}),
    ("top_k", {"text": "red", "top_k": 0}),
    ("offset", {"text": "red", "offset": MAX_OFFSET + 1}),
    ("colour", {"text": "red", "colour": [f"{n}" for n in range(MAX_VALUES + 1)]}),
    ("like", {"text": "red", "like": [f"demo-{n}" for n in range(MAX_VALUES + 1)]}),
    ("ignore", {"text": "red", "ignore": ["x" * (MAX_VALUE + 1)]}),
    ("brand", {"text": "red", "brand": ["x" * (MAX_VALUE + 1)]}),
    ("category", {"text": "red", "category": ["x" * (longest_value("category") + 1)]}),
    ("size", {"text": "red", "size": ["x" * (MAX_VALUE + 1)]}),
    ("material", {"text": "red", "material": [f"{n}" for n in range(MAX_VALUES + 1)]}),
    ("pattern", {"text": "red", "pattern": ["x" * (MAX_VALUE + 1)]}),
    ("attribute", {"text": "red", "attribute": ["season"]}),
    ("attribute", {"text": "red", "attribute": [":Summer"]}),
    ("attribute", {"text": "red", "attribute": ["season: "]}),
    ("attribute", {"text": "red", "attribute": ["s:" + "x" * (longest_value("attribute") - 1)]}),
    ("image_id", {"image_id": "x" * (MAX_IMAGE_ID + 1)}),
    ("crop", {"image_id": "product:demo-1", "crop": "0,0,2,2"}),
    ("price_max", {"text": "red", "price_max": "10000000000"}),
    ("price_min", {"text": "red", "price_min": "-1"}),
    ("price_min", {"text": "red", "price_min": "9", "price_max": "8"}),
    ("weight", {"text": "red", "weight": 1.5}),
    ("diversity", {"text": "red", "diversity": -0.1}),
    ("sort", {"text": "red", "sort": "loveliest"}),
]


@BOTH
def test_queries_within_the_limits_are_answered(client, shop, search):
    assert [query for query in WITHIN if search(client, **query).status_code != 200] == []


@BOTH
def test_queries_beyond_a_limit_are_refused_with_its_field(client, shop, search):
    refused = [(field, *_refusal(search(client, **query))) for field, query in BEYOND]
    assert refused == [(field, 400, field) for field, _query in BEYOND]


def _refusal(answer):
    """The status, and the field that is named."""
    if answer["Content-Type"].startswith("text/html"):
        return answer.status_code, answer.context.get("field")
    return answer.status_code, fields_of(answer)[0]


@BOTH
def test_a_page_has_the_same_size(client, shop, search):
    answer = search(client, text="dress", colour=["Red", "Blue", "Green"])
    size = len(answer.context["result"].hits) if search is by_page else len(answer.json()["results"])
    assert size == min(24, retrieval_total(answer, search))


def retrieval_total(answer, search):
    return answer.context["result"].total if search is by_page else answer.json()["total"]


# --- Refusals, in the language of the reader -------------------------------------------------------
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


def test_words_are_searched_while_all_decoding_slots_are_taken(client, shop):
    with all_taken(admission.decodings):
        page, api = by_page(client, text="red"), by_api(client, text="red")
    assert (page.status_code, api.status_code) == (200, 200)


def test_a_refusal_for_htmx_is_a_notice(client, shop):
    answer = by_page(client, {"HX-Request": "true"}, sort="loveliest")
    assert answer.status_code == 400
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]
