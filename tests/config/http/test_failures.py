"""The responses to failures: JSON under /api/, pages elsewhere, and nothing of the server's inside."""

import pytest

from tests.problems import fields_of

from .failing_urls import broken

pytestmark = pytest.mark.django_db


@pytest.mark.urls("tests.config.http.failing_urls")
def test_failures_of_the_api_are_json_and_tell_nothing(visitor):
    answer = visitor.get("/api/v1/broken")
    assert answer.status_code == 500
    assert fields_of(answer) == []
    assert b"secret" not in answer.content


@pytest.mark.urls("tests.config.http.failing_urls")
def test_failures_of_pages_are_pages_and_tell_nothing(visitor):
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/html")
    assert b"secret" not in answer.content


@pytest.mark.urls("tests.config.http.failing_urls")
@pytest.mark.parametrize("path", ["/locked", "/api/v1/locked"])
def test_a_database_that_is_away_or_locked_answers_503(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert b"The shop cannot reach its database just now." in answer.content
    assert b"secret" not in answer.content


@pytest.mark.urls("tests.config.http.failing_urls")
def test_a_failure_whose_page_fails_too_still_has_an_answer(visitor, monkeypatch):
    monkeypatch.setattr("config.http.errors.render_to_string", broken)
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/plain")


def test_what_does_not_exist_is_json_under_the_api_and_a_page_elsewhere(client):
    assert fields_of(client.get("/api/v1/nothing-here")) == []
    assert client.get("/nothing-here")["Content-Type"].startswith("text/html")
