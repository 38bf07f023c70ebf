"""Bodies without a length, and addresses that are too long, with a real server and without."""

import http.client
import json
import socket

import pytest

from config.http.uploads import LONGEST_ADDRESS
from tests.config.http.conftest import served

LONG = "x" * 9000


@pytest.mark.parametrize("path", ["/api/v1/suggest?q=" + LONG, "/api/v1/product/" + LONG])
def test_an_over_long_address_of_the_api_is_a_problem(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (414, "application/problem+json")
    assert answer.json()["code"] == "uri_too_long"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_over_long_address_of_a_page_is_a_page(client):
    answer = client.get("/results", {"text": LONG})
    assert (answer.status_code, answer["Content-Type"]) == (414, "text/html; charset=utf-8")


def test_the_refusal_follows_the_language(client):
    english, german = (
        client.get("/api/v1/suggest", {"q": LONG}, headers={"Accept-Language": language}).json()
        for language in ("en", "de")
    )
    assert english["code"] == german["code"]
    assert english["detail"].startswith("This address")


def test_a_long_address_below_the_limit_is_read(client, db):
    q = "x" * (LONGEST_ADDRESS - len("/api/v1/suggest") - len("q=") - 1)
    assert client.get(f"/api/v1/suggest?q={q}").status_code == 400


# --- A real server -----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with served(tmp_path_factory.mktemp("server")) as (listening, _process):
        yield listening


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
def test_a_real_server_reads_chunked_bodies_within_the_limits(port):
    answer, content = send(port, "POST", "/api/v1/text-search", **chunks(b'{"tex', b't":"","color":1}'))
    assert (answer.status, set(json.loads(content)["errors"])) == (400, {"text", "color"})
    large = (b"x" * 64_000 for _ in range(20))
    answer, content = send(port, "POST", "/api/v1/text-search", **chunks(*large))
    assert (answer.status, json.loads(content)["code"]) == (413, "too_large")


@pytest.mark.slow
@pytest.mark.parametrize("length", [9000, 50_000])
def test_a_real_server_refuses_an_over_long_address_in_the_form_of_what_it_is_for(port, length):
    api, content = send(port, "GET", "/api/v1/suggest?q=" + "x" * length)
    page, _content = send(port, "GET", "/results?text=" + "x" * length)
    assert (api.status, page.status) == (414, 414)
    assert api.getheader("Content-Type") == "application/problem+json"
    assert json.loads(content)["code"] == "uri_too_long"
    assert page.getheader("Content-Type").startswith("text/html")


@pytest.mark.slow
def test_a_path_that_never_ends_is_refused_as_well(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(b"GET /api/" + b"x" * 60_000)
        assert client.makefile("rb").readline().split()[1] == b"414"
