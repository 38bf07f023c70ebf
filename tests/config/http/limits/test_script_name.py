"""No header of a client moves a request to another path, where it would not be counted."""

import socket

import pytest
from django.test import Client

LOGIN = "/auth/login"


@pytest.fixture
def moved():
    """A client whose server puts SCRIPT_NAME before every path."""
    return Client(SCRIPT_NAME="/static")


@pytest.mark.django_db
def test_sign_in_attempts_below_a_script_name_are_counted(moved):
    statuses = [moved.post(LOGIN, {}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.django_db
def test_a_site_below_a_prefix_would_count_them_as_well(moved, settings):
    settings.FORCE_SCRIPT_NAME = None
    statuses = [moved.post(LOGIN, {}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["/static", "/media", "/api", "/admin"])
@pytest.mark.parametrize("path", [LOGIN, "/api/v1/auth/me", "/nothing", "/media/none.webp"])
def test_a_script_name_changes_no_response(client, prefix, path):
    usual, moved = client.get(path), client.get(path, SCRIPT_NAME=prefix)
    names = ("Content-Type", "Cache-Control", "RateLimit-Policy", "Cross-Origin-Resource-Policy", "Location")
    assert moved.status_code == usual.status_code
    assert {name: moved.get(name) for name in names} == {name: usual.get(name) for name in names}
    assert prefix + LOGIN not in moved.content.decode()


def status_of(port, request_line, *headers):
    """The status of a request as a proxy that passes every header on sends it."""
    lines = [
        f"{request_line} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Length: 0",
        "Connection: close",
        *headers,
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        response = connection.makefile("rb").readline().decode()
    return int(response.split()[1])


FORGED = ("SCRIPT_NAME: /static", "Script-Name: /static", "PATH_INFO: /healthz", "Path-Info: /healthz")


@pytest.mark.slow
def test_behind_gunicorn_forged_headers_neither_escape_the_budget_nor_fail(gunicorn):
    statuses = [status_of(gunicorn, f"POST {LOGIN}", *FORGED) for _ in range(11)]
    assert statuses == [403] * 10 + [429]  # without a CSRF token
    assert status_of(gunicorn, f"POST /static{LOGIN}", *FORGED) == 404
    assert status_of(gunicorn, "GET /healthz", *FORGED) == 200
