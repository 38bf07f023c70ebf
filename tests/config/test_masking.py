"""What must not stand in a log: reset links, queries, tokens, passwords."""

import json
import logging
import time

import pytest

from config.logs import logging_config
from config.logs.masking import MASK, MaskingFilter, mask_report, masked

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
SECRETS = [
    ("Not Found: /auth/reset/MQ/c0ffee-1234567", ["MQ/", "c0ffee"]),
    ("Not Found: /alerts/confirm/WyJh:1abc:c0ffee", ["WyJh", "c0ffee"]),
    ('"POST /alerts/stop/0123abcd:c0ffee HTTP/1.1" 200', ["0123abcd", "c0ffee"]),
    ('"GET /auth/reset/MQ/c0ffee-1234567 HTTP/1.1" 302', ["c0ffee"]),
    ("<WSGIRequest: GET '/results?text=red+dress&image_id=abc'>", ["red", "abc"]),
    ("Gone: https://feeds.example/shop.xml?key=s3cret#top", ["s3cret"]),
    ("Forbidden: /api/v1/auth/resume?next=/results%3Ftext%3Dred", ["red"]),
    (f"Authorization: Bearer {TOKEN}", [TOKEN, "c2lnbmF0dXJl"]),
    (f"refused {TOKEN}", ["eyJ"]),
    ("{'password': 'seven umbrellas', 'name': 'Ada'}", ["seven"]),
    ('{"refresh": "abc.def"}', ["abc.def"]),
    ("connect to postgres://shop:hunter2@db.example/shop failed", ["hunter2"]),
    ("redis://:hunter2@redis:6379/0", ["hunter2"]),
    ("{'X-Api-Key': 'tandem_0123456789ab_" + 64 * "f" + "'}", ["ffff"]),
    ("moved /a?text=red#part to /b?text=blue", ["red", "blue"]),
]


@pytest.mark.parametrize(("text", "secrets"), SECRETS)
def test_it_masks_secrets_and_queries(text, secrets):
    assert MASK in masked(text)
    assert not [each for each in secrets if each in masked(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /products/demo-1042",
        "Ready to search after 3.1 s.",
        "Where is it? Here.",
        "shop: 3 seen, 2 changed (2 new, 0 updated)",
        "https://shop.example/feed.xml cannot be read: timed out",
    ],
)
def test_it_leaves_other_lines_as_they_are(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "part", ["/", "a.", ".aa", "eyJ-", "a+", "a://", "?", "/?", "/?#", "#", "bearer ", "secret ", "'", "_"]
)
@pytest.mark.parametrize("end", ["", ".", "?", "@", ":"])
def test_a_path_of_a_stranger_takes_no_time_that_grows_with_its_square(part, end):
    """A path may have 8,190 characters, and each request for what does not exist logs it."""
    began = time.thread_time()
    masked("Not Found: /" + part * (40_000 // len(part)) + end)
    assert time.thread_time() - began < 0.5


def log_line(record, *, as_json):
    formatter = logging.config.DictConfigurator(logging_config(as_json=as_json))
    return formatter.configure_formatter(logging_config(as_json=as_json)["formatters"]["structured"]).format(
        record
    )


@pytest.mark.parametrize("as_json", [True, False])
def test_a_line_is_masked_with_its_extra_values_and_its_traceback(as_json):
    record = logging.getLogger("shop").makeRecord(
        "shop", 30, "x.py", 1, "Not Found: %s", ("/r?text=red",), None
    )
    record.request = "<WSGIRequest: GET '/auth/reset/MQ/c0ffee'>"
    try:
        raise ValueError("the token=c0ffee of redis://:hunter2@redis")
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = log_line(record, as_json=as_json)
    assert "ValueError" in line
    assert not [secret for secret in ("red'", "text=red", "c0ffee", "hunter2") if secret in line]
    if as_json:
        assert json.loads(line)["event"] == f"Not Found: /r?{MASK}"


def test_a_request_that_is_not_found_is_logged_without_its_query(client, caplog, db):
    caplog.handler.addFilter(MaskingFilter())
    client.get("/nothing?text=red+dress")
    assert "red" not in caplog.text
    assert "/nothing" in caplog.text


def test_reports_to_sentry_are_masked():
    event = {
        "request": {"url": "https://shop.example/auth/reset/MQ/c0ffee"},
        "breadcrumbs": [{"q": "/r?text=red"}],
    }
    report = mask_report(event, None)
    assert "c0ffee" not in str(report)
    assert "red" not in str(report)


def test_the_server_of_development_logs_through_the_same_handler():
    assert logging_config(as_json=False)["loggers"]["django.server"]["handlers"] == ["console"]
