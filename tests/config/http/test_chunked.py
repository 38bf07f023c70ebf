"""Bodies without a length, and lines that are too long, as a server gets them."""

import http.client
import io
import json

import pytest

from config.http.chunked import ChunkedBodies
from config.http.worker import refusal
from tests.config.http.test_script_name import gunicorn  # noqa: F401 - fixture


def received(body, limit=100, **environ):
    """The environ that the application gets."""
    seen = {}

    def application(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        return [b""]

    given = {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(body),
    }
    response = ChunkedBodies(application, limit=limit)(given | environ, None)
    getattr(response, "close", lambda: None)()
    return seen


def test_a_chunked_body_gets_its_length():
    seen = received(b"x" * 90)
    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("90", b"x" * 90)
    assert "HTTP_TRANSFER_ENCODING" not in seen


def test_no_more_is_read_than_tells_that_it_is_too_long():
    assert received(b"x" * 5000)["CONTENT_LENGTH"] == "101"


@pytest.mark.parametrize(
    "environ", [{"wsgi.input_terminated": False}, {"HTTP_TRANSFER_ENCODING": "", "CONTENT_LENGTH": "3"}]
)
def test_every_other_body_is_left_as_it_is(environ):
    source = io.BytesIO(b"abc")
    assert received(b"", **environ, **{"wsgi.input": source})["wsgi.input"] is source


def test_an_over_long_line_is_refused_with_a_whole_problem():
    head, _blank, body = refusal().partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["code"] == "uri_too_long"


def send(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        method,
        path,
        body=body,
        headers={"X-Forwarded-Proto": "https", **headers},
        encode_chunked=body is not None,
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def chunks(*pieces):
    return {"body": iter(pieces), "Transfer-Encoding": "chunked", "Content-Type": "application/json"}


@pytest.mark.slow
def test_a_real_server_reads_chunked_bodies_within_the_limits(gunicorn):  # noqa: F811 - the fixture
    answer, content = send(gunicorn, "POST", "/api/v1/text-search", **chunks(b'{"tex', b't":"","color":1}'))
    assert (answer.status, set(json.loads(content)["errors"])) == (400, {"text", "color"})
    large = (b"x" * 64_000 for _ in range(20))
    answer, content = send(gunicorn, "POST", "/api/v1/text-search", **chunks(*large))
    assert (answer.status, json.loads(content)["code"]) == (413, "too_large")


@pytest.mark.slow
def test_a_real_server_refuses_an_over_long_line_in_the_form_of_what_it_is_for(gunicorn):  # noqa: F811
    api, content = send(gunicorn, "GET", "/api/v1/suggest?q=" + "x" * 9000)
    page, _content = send(gunicorn, "GET", "/results?text=" + "x" * 9000)
    assert (api.status, page.status) == (414, 414)
    assert api.getheader("Content-Type") == "application/problem+json"
    assert json.loads(content)["code"] == "uri_too_long"
    assert page.getheader("Content-Type").startswith("text/html")
