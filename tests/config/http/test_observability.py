"""Request ids, JSON logs, stage times for staff, and access to /metrics."""

import json
import logging
import sys
from datetime import UTC, datetime
from unittest.mock import Mock, patch

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from analytics.metrics import observe_stages
from config.http.observability import RequestIdMiddleware, ServerTimingMiddleware
from config.logs import logging_config, start_sentry


@pytest.fixture
def json_line():
    """``json_line(record)`` is a log record as the JSON formatter writes it, read back."""
    formatter = logging_config(as_json=True)["formatters"]["structured"]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
    )
    return lambda record: json.loads(formatter.format(record))


def a_record(message="search_log_lost", **extra):
    record = logging.LogRecord("analytics.write_buffer", logging.WARNING, __file__, 1, message, (), None)
    record.__dict__.update(extra)
    return record


def test_a_log_line_is_one_json_object(json_line):
    line = json_line(a_record(rows=3, reason="database is locked\nreally"))
    assert (line["event"], line["level"], line["logger"]) == (
        "search_log_lost",
        "warning",
        "analytics.write_buffer",
    )
    assert (line["rows"], line["reason"]) == (3, "database is locked\nreally")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC


def test_a_log_line_carries_the_id_of_its_request(json_line):
    lines = []
    respond = RequestIdMiddleware(lambda request: lines.append(json_line(a_record())) or HttpResponse())
    response = respond(RequestFactory().get("/", headers={"X-Request-ID": "proxy-1234"}))
    assert response["X-Request-ID"] == "proxy-1234"
    assert lines[0]["request_id"] == "proxy-1234"
    assert "request_id" not in json_line(a_record())


def test_a_failure_is_logged_without_what_people_typed(json_line):
    def sign_in(password):
        raise RuntimeError("the database is away")

    try:
        sign_in("correct horse battery")
    except RuntimeError:
        record = a_record()
        record.exc_info = sys.exc_info()
    line = json.dumps(json_line(record))
    assert "the database is away" in line
    assert "sign_in" in line
    assert "correct horse" not in line


def test_sentry_gets_no_values_of_variables():
    started = Mock()
    with patch("config.logs.sentry_sdk.init", started):
        start_sentry("https://key@sentry.example/1", environment="production")
        start_sentry("", environment="production")
    assert started.call_count == 1
    assert started.call_args.kwargs["include_local_variables"] is False
    assert started.call_args.kwargs["send_default_pii"] is False


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space 123", "line\nbreak-1234", "<script>alert"]
)
def test_an_unfit_request_id_is_replaced(given):
    request = RequestFactory().get("/", headers={"X-Request-ID": given})
    response = RequestIdMiddleware(lambda _request: HttpResponse())(request)
    assert len(response["X-Request-ID"]) == 32


def test_two_requests_have_two_ids(db):
    first, second = Client().get("/healthz"), Client().get("/healthz")
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(("is_staff", "value"), [(True, "encode;dur=20.00, total;dur=31.50"), (False, None)])
def test_only_staff_learn_how_long_the_stages_took(is_staff, value):
    def view(request):
        request.user = User(is_staff=is_staff)
        observe_stages({"encode": 20.0, "total": 31.5})
        return HttpResponse()

    response = ServerTimingMiddleware(view)(RequestFactory().get("/"))
    assert response.get("Server-Timing") == value


def test_the_times_of_one_request_are_not_told_with_the_next():
    def view(request):
        request.user = User(is_staff=True)
        return HttpResponse()

    observe_stages({"encode": 20.0})
    assert "Server-Timing" not in ServerTimingMiddleware(view)(RequestFactory().get("/"))


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = "scrape-me-please"
    return settings.METRICS_TOKEN


def test_metrics_answer_this_machine(db):
    observe_stages({"rows": 1.5})
    answer = Client(REMOTE_ADDR="127.0.0.1").get("/metrics")
    assert answer.status_code == 200
    assert 'tandem_search_stage_seconds_bucket{le="0.0025",stage="rows"}' in answer.content.decode()


def test_metrics_are_refused_to_strangers(db, token):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    assert stranger.get("/metrics").status_code == 403
    assert stranger.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403


def test_metrics_answer_whoever_brings_the_token(db, token):
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_an_unset_token_opens_nothing(db, settings):
    settings.METRICS_TOKEN = ""
    answer = Client(REMOTE_ADDR="203.0.113.9").get("/metrics", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403


def test_a_proxy_on_this_machine_does_not_open_metrics_to_the_world(db):
    answer = Client(REMOTE_ADDR="127.0.0.1").get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 403
