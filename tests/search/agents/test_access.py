"""Who may ask over the Model Context Protocol, how often, and what is told when it fails."""

import json

import pytest
from django.db import OperationalError

from accounts import api_keys
from tests.search.agents.messages import PING, call_of
from tests.search.shop import picture

pytestmark = pytest.mark.django_db


def test_off_it_is_not_there(post, settings):
    settings.MCP = False
    assert post(PING).status_code == 404


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://[", ""]
)
def test_a_page_of_another_site_is_refused(post, origin):
    answer = post(PING, Origin=origin)
    assert answer.status_code == 403
    assert answer.json()["error"]["data"]["code"] == "forbidden"


@pytest.mark.parametrize("origin", ["http://testserver", "https://app.example"])
def test_a_page_of_this_site_or_of_an_allowed_one_may_ask(post, settings, origin):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    assert post(PING, Origin=origin).status_code == 200


def test_a_name_that_is_not_the_sites_is_refused(post):
    answer = post(PING, Host="rebound.example")
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (400, "host_refused")


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_serves_in_its_header_and_as_a_bearer_token(post, header):
    _key, text = api_keys.create(name="Agent")
    answer = post(PING, **{header: text if header == "X-API-Key" else f"Bearer {text}"})
    assert answer.status_code == 200
    assert answer["RateLimit-Policy"].startswith('"api";q=600')


@pytest.mark.parametrize("header", [{"X-API-Key": "tandem_x"}, {"Authorization": "Bearer something"}])
def test_a_credential_that_is_no_key_is_refused(post, header):
    answer = post(PING, **header)
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (401, "api_key_invalid")


def test_a_key_needs_the_scope_to_search(post):
    _key, text = api_keys.create(name="Agent", may_search=False, may_read_stats=True)
    answer = post(PING, **{"X-API-Key": text})
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (403, "scope_missing")


def test_cookies_of_a_person_count_for_nothing(post, client):
    client.cookies["access"] = client.cookies["__Host-access"] = "expired"
    assert post(PING).status_code == 200


def test_messages_are_counted_with_the_requests_of_the_api(post, client, settings):
    settings.RATE_LIMIT = "2/m"
    assert client.get("/api/v1/problems").status_code == 200
    assert post(PING).status_code == 200
    refused = post(PING)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert refused.json()["error"]["data"]["code"] == "too_many_requests"


def test_a_body_beyond_a_picture_is_refused_before_it_is_read(post, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = post(b" " * 1_100_000)
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (413, "too_large")


def test_an_outage_is_503_with_retry_after(post, shop, monkeypatch, client):
    client.raise_request_exception = False

    def away(*_args, **_options):
        raise OperationalError("the database is away")

    monkeypatch.setattr("search.api.asking.search", away)
    answer = post(call_of("search", text="dress"))
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_fault_of_ours_is_500_and_tells_nothing(post, shop, monkeypatch, client):
    client.raise_request_exception = False

    def broken(*_args, **_options):
        raise RuntimeError("secret")

    monkeypatch.setattr("search.api.asking.search", broken)
    answer = post(call_of("search", text="dress"))
    assert answer.status_code == 500
    assert "secret" not in json.dumps(answer.json())


def test_the_language_of_the_request_reaches_the_tools(post, shop):
    message = call_of("search", weight=2)
    english, german = (
        post(message, **{"Accept-Language": language}).json()["result"]["content"]
        for language in ("en", "de")
    )
    assert english != german


def test_the_pictures_that_it_is_sent_are_counted(post, shop, settings):
    from base64 import b64encode

    settings.RATE_LIMIT_PICTURES = "1/m"
    message = call_of("search", image_base64=b64encode(picture("blue")).decode())
    assert not post(message).json()["result"].get("isError")
    refused = post(message).json()["result"]
    assert refused["isError"]
    assert refused["_meta"]["tandem/refusal"]["code"] == "too_many_requests"
    assert refused["_meta"]["tandem/refusal"]["retry_after"] >= 1
