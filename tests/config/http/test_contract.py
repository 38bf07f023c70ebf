"""Rules of the whole API: problems by code, credentials, caching, other origins."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from config.api.problems import PROBLEMS
from tests.problems import fields_of
from tests.search.shop import picture

pytestmark = pytest.mark.django_db
ORIGIN = "https://app.example"


def post(client, path, body, **extra):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **extra)


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.com", "seven green umbrellas")


def expire(client, user):
    long_ago = timezone.now() - timedelta(hours=1)
    client.cookies[tokens.access_cookie()] = tokens.issue(user, now=long_ago).access


# --- Problems ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "nothing-here", 404, "not_found"),
        ("get", "product/gone-1", 404, "product_unknown"),
        ("get", "similar-products/gone-1", 404, "product_unknown"),
        ("get", "complete-the-look/gone-1", 404, "product_unknown"),
        ("get", "auth/me", 401, "not_authenticated"),
        ("put", "recommend", 405, "method_not_allowed"),
        ("trace", "suggest?q=red", 405, "method_not_allowed"),
        ("delete", "products?top_k=3", 405, "method_not_allowed"),
        ("query", "products?top_k=3", 405, "method_not_allowed"),
        ("get", "products?cursor=mine", 400, "invalid"),
        ("post", "auth/refresh", 401, "not_authenticated"),
    ],
)
def test_each_refusal_has_a_code(client, shop, method, path, status, code):
    answer = client.generic(method.upper(), f"/api/v1/{path}", content_type="application/json")
    fields_of(answer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_sentences_follow_the_language_and_the_codes_do_not(client, shop):
    english, german = (
        post(client, "image-search", {}, headers={"Accept-Language": language}).json()
        for language in ("en", "de")
    )
    assert english["image"] != german["image"]
    assert [each["errors"]["image"][0]["code"] for each in (english, german)] == ["required", "required"]
    assert english["code"] == german["code"] == "invalid"


def test_every_code_is_listed_with_its_status(client):
    listed = {row["code"]: row["status"] for row in client.get("/api/v1/problems").json()}
    assert listed == {code: status for code, (status, _title) in PROBLEMS.items()}


@pytest.mark.parametrize("accept", ["application/problem+json", "application/problem+json, text/html;q=0.1"])
def test_a_client_that_only_names_problems_is_answered(client, shop, accept):
    found = post(client, "text-search", {"text": "red"}, HTTP_ACCEPT=accept)
    assert (found.status_code, found["Content-Type"]) == (200, "application/json")
    assert post(client, "text-search", {}, HTTP_ACCEPT=accept).status_code == 400


def test_a_client_that_accepts_no_json_gets_a_problem(client):
    answer = client.get("/api/v1/suggest", HTTP_ACCEPT="image/png")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_a_host_that_is_not_served_is_refused_in_the_form_of_the_api(client):
    api, page = (client.get(path, HTTP_HOST="evil.example") for path in ("/api/v1/suggest", "/"))
    assert (fields_of(api), api.json()["code"]) == ([], "host_refused")
    assert page["Content-Type"].startswith("text/plain")


# --- Products and pictures -----------------------------------------------------------------------
def test_a_product_to_lean_towards_that_does_not_exist_is_not_found(client, shop):
    for like in (["gone-1"], [f"-{shop[0].product_id}", "-gone-1"]):
        answer = post(client, "recommend", {"text": "red", "like": like})
        assert (answer.status_code, answer.json()["code"]) == (404, "product_unknown")


def test_a_crop_of_everything_is_no_crop(client, shop):
    image_id = f"product:{shop[0].product_id}"
    whole, cropped = (
        post(client, "image-search", {"image_id": image_id, **crop}).json()
        for crop in ({}, {"crop": "0,0,1,1"})
    )
    assert cropped["image_id"] == image_id
    assert [hit["score"] for hit in cropped["results"]] == [hit["score"] for hit in whole["results"]]


# --- Credentials -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "body"),
    [("recommend", {}), ("text-search", {"text": "red"}), ("favorites", {"product_id": "x"})],
)
def test_an_expired_cookie_is_refused_where_the_answer_depends_on_it(client, shop, ada, path, body):
    expire(client, ada)
    answer = post(client, path, body)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert "WWW-Authenticate" in answer


@pytest.mark.parametrize(
    "path", ["suggest?q=red", "product/{}", "similar-products/{}", "products?id={}", "schema"]
)
def test_an_expired_cookie_does_not_matter_to_what_is_the_same_for_everybody(client, shop, ada, path):
    expire(client, ada)
    assert client.get(f"/api/v1/{path.format(shop[0].product_id)}").status_code == 200


def test_a_cookie_that_is_no_token_is_refused_with_another_code(client, shop):
    client.cookies[tokens.access_cookie()] = "x.y.z"
    assert post(client, "recommend", {"text": "red"}).json()["code"] == "token_invalid"


def test_a_browser_whose_access_expired_can_still_sign_out(client, ada):
    expire(client, ada)
    assert post(client, "auth/logout", {}).status_code == 204


# --- Caching and other origins -----------------------------------------------------------------
@pytest.mark.parametrize("path", ["suggest?q=red", "product/{}", "schema", "problems"])
def test_what_is_the_same_for_everybody_may_be_cached_and_is_not_sent_twice(client, shop, path):
    address = f"/api/v1/{path.format(shop[0].product_id)}"
    first = client.get(address)
    assert "public" in first["Cache-Control"]
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_other_origins_read_request_ids_and_pictures(client, settings, shop):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    answer = client.get("/api/v1/suggest", HTTP_ORIGIN=ORIGIN)
    assert "X-Request-ID" in answer["Access-Control-Expose-Headers"]
    media = client.get("/media/none.webp", HTTP_ORIGIN=ORIGIN)
    assert media["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Origin" not in client.get(
        "/media/none.webp", HTTP_ORIGIN="https://evil.example"
    )


def test_favourites_come_in_pages_with_cards(client, shop, ada):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(ada, now=timezone.now()).access}"}
    wanted = [each.product_id for each in shop[:5]]
    for product_id in wanted:
        assert post(client, "favorites", {"product_id": product_id}, **headers).status_code == 201
    address, seen = "/api/v1/favorites?top_k=2&cards=true", []
    while address:
        page = client.get(address, **headers)
        assert page["X-Total-Count"] == "5"
        seen += [each["product"]["id"] for each in page.json()]
        address = page.get("Link", "").partition(">")[0].lstrip("<")
    assert seen == wanted[::-1]
    assert "product" not in client.get("/api/v1/favorites", **headers).json()[0]


def test_one_client_alone_makes_no_suggestion(client, shop):
    for _ in range(5):
        post(client, "text-search", {"text": "red unicorn dress"})
    assert all(
        each["kind"] != "search" for each in client.get("/api/v1/suggest?q=red uni").json()["suggestions"]
    )


def test_a_picture_in_json_says_how_to_send_it(client, shop):
    answer = post(client, "image-search", {"image": picture("red").hex()})
    assert (answer.status_code, fields_of(answer)) == (400, ["image"])


def test_other_origins_may_read_that_something_is_to_go(client, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    answer = client.get("/api/v1/problems", headers={"Origin": ORIGIN})
    assert {"Deprecation", "Sunset"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
