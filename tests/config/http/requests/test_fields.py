"""What is sent to the API is named where it is refused: fields, parameters, formats, bodies."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


def post(client, path, body):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.com", "seven green umbrellas")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("recommend", {"text": "red", "color": "Red"}),
        ("text-search", {"text": "red", "colours": ["Red"]}),
        ("text-search", {"text": "red", "image": "x"}),
        ("image-search", {"image_id": "x", "text": "red"}),
        ("events/click", {"query": "x"}),
        ("auth/login", {"email": "a@example.com", "password": "x", "remember": True}),
    ],
)
def test_an_unknown_field_is_refused_by_its_name(client, shop, path, body):
    unknown = list(body)[-1]
    answer = post(client, path, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][unknown][0]["code"] == "unknown_field"


def test_an_unknown_field_of_a_form_is_refused(client, shop):
    answer = client.post("/api/v1/recommend", {"text": "red", "color": "Red"})
    assert (answer.status_code, fields_of(answer)) == (400, ["color"])


@pytest.mark.parametrize(
    "path", ["suggest?query=red", "products?ids=x", "product/demo-1?lang=de", "problems?a=1"]
)
def test_an_unknown_parameter_is_refused(client, path):
    assert client.get(f"/api/v1/{path}").json()["code"] == "invalid"


@pytest.mark.parametrize("form", ["json", "xml", "api"])
def test_only_the_document_has_a_format(client, form):
    answer = client.get(f"/api/v1/products?format={form}")
    assert (answer.status_code, fields_of(answer)) == (400, ["format"])


def test_an_address_of_the_api_that_leads_nowhere_names_the_document(client):
    assert "/api/v1/schema" in client.get("/api/v1/recommend/").json()["detail"]


def test_a_refresh_by_cookie_without_the_csrf_token_is_refused_as_the_document_says(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[tokens.refresh_cookie()] = tokens.issue(ada, now=timezone.now()).refresh
    answer = post(browser, "auth/refresh", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    document = browser.get("/api/v1/schema?format=json").json()
    assert "403" in document["paths"]["/api/v1/auth/refresh"]["post"]["responses"]


def test_a_field_that_is_wrong_and_one_that_is_unknown_are_both_named(client, shop):
    assert set(fields_of(post(client, "recommend", {"weight": 2, "color": "Red"}))) == {"weight", "color"}


@pytest.mark.parametrize("body", [None, [], "x", 7])
@pytest.mark.parametrize("path", ["text-search", "auth/login", "events/click", "alerts"])
def test_a_body_that_is_no_object_is_told_what_to_be(client, path, body):
    answer = post(client, path, body)
    fields_of(answer)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["detail"] == "Send one JSON object with the fields."


def test_what_is_no_json_is_refused_in_two_sentences(client):
    answer = client.post("/api/v1/text-search", '{"text":', content_type="application/json")
    assert answer.json()["code"] == "parse_error"
    assert "(char 8). Send one valid JSON object" in answer.json()["detail"]


def test_a_refusal_of_the_document_is_json_as_its_type_says(client):
    answer = client.get("/api/v1/schema?format=nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(answer.content)["code"] == "not_found"
