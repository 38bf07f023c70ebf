"""HEAD as a server sends it: Django's test client leaves the body out by itself."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler

pytestmark = pytest.mark.django_db


def sent(method, path, **more):
    """(status, headers, body) of an answer, as gunicorn gets them."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    started = []
    answer = WSGIHandler()(environ, lambda status, headers, *_error: started.append((status, dict(headers))))
    body = b"".join(answer)
    answer.close()
    return (*started[0], body)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", "200"),
        ("/nothing", "404"),
        ("/api/v1/recommend", "405"),
        ("/api/v1/products/x", "404"),
    ],
)
def test_head_has_the_length_of_get_and_no_body(path, status):
    started, headers, body = sent("HEAD", path)
    assert started.startswith(status)
    assert body == b""
    assert int(headers["Content-Length"]) > 0


def test_head_of_a_file_sends_none_of_it(shop):
    url = next(each.cover for each in shop if each.cover).url(320)
    _status, _headers, whole = sent("GET", url)
    started, _headers, body = sent("HEAD", url)
    assert started.startswith("200")
    assert whole
    assert body == b""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_that_is_unchanged_states_no_length(method):
    _status, headers, _body = sent("GET", "/api/v1/problems")
    started, headers, body = sent(method, "/api/v1/problems", HTTP_IF_NONE_MATCH=headers["ETag"])
    assert started.startswith("304")
    assert ("Content-Length" in headers, body) == (False, b"")
