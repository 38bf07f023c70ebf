"""Slow clients hold no thread of gunicorn, whatever part of a request or response they delay."""

import socket
import sys
import threading
import time
from contextlib import ExitStack

import pytest
import requests
from gunicorn.workers.base import Worker

from config.http import buffering_worker
from tests.config.http.conftest import served

pytestmark = pytest.mark.slow
# More than there are threads.
CLIENTS = 40
# Less than the time-outs of config/gunicorn.py, which end what holds a thread.
LIMIT_SECONDS = 40
HEADERS = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = (
    b"POST /api/v1/image-search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b"
)
CHUNKED = BODY.replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked").replace(b"--b", b"3\r\n--b")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """One server for all tests that leave it as it was."""
    with served(tmp_path_factory.mktemp("server")) as (listening, _process):
        yield listening


def connected(port):
    return socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS)


def alive(port):
    return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=LIMIT_SECONDS).ok


@pytest.mark.parametrize("sent", [b"", HEADERS, BODY, CHUNKED], ids=["nothing", "headers", "body", "chunks"])
def test_half_a_request_holds_no_thread(port, sent):
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(port)) for _number in range(CLIENTS)]
        for client in clients:
            client.sendall(sent)
        assert alive(port)


def test_a_request_in_pieces_is_answered(port):
    with connected(port) as client:
        for piece in (b"GET /heal", b"thz HTTP/1.1\r\nHo", b"st: 127.0.0.1\r\n", b"\r\n"):
            client.sendall(piece)
            time.sleep(0.05)
        assert client.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def test_an_encoding_waits_for_no_long_turn_of_another_thread(monkeypatch):
    usual, worker = sys.getswitchinterval(), object.__new__(buffering_worker.BufferingWorker)
    monkeypatch.setattr(Worker, "init_process", lambda _self: None)
    monkeypatch.setattr(buffering_worker.resource, "setrlimit", lambda *_limits: None)
    try:
        worker.init_process()
        assert sys.getswitchinterval() < usual / 5
    finally:
        sys.setswitchinterval(usual)


def test_two_requests_on_one_connection_are_answered(port):
    with requests.Session() as session:
        for _number in range(2):
            assert session.get(f"http://127.0.0.1:{port}/healthz", timeout=LIMIT_SECONDS).ok


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_a_body_that_is_too_large_is_refused_in_the_applications_words(port, chunked):
    data = b"x" * (30 * 1024 * 1024)
    response = requests.post(
        f"http://127.0.0.1:{port}/api/v1/image-search",
        data=iter([data[:15_000_000], data[15_000_000:]]) if chunked else data,
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=LIMIT_SECONDS,
    )
    assert response.status_code == 413
    assert response.json()["detail"]
    assert response.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: other\r\n\r\n", b"501"),
    ],
    ids=["headers", "nonsense", "length", "encoding"],
)
def test_what_is_no_request_is_refused(port, request_, status):
    with connected(port) as client:
        client.sendall(request_)
        assert client.makefile("rb").readline().split()[1] == status


def test_a_request_that_was_received_is_answered_before_the_worker_ends(tmp_path):
    with served(tmp_path) as (port, process), connected(port) as client:
        assert alive(port)
        client.sendall(HEADERS + b"\r\n")
        response = client.makefile("rb")
        assert response.readline() == b"HTTP/1.1 200 OK\r\n"
        process.terminate()
        # The connection that is kept alive is closed, so that the worker can end.
        ended = threading.Thread(target=process.wait)
        ended.start()
        ended.join(LIMIT_SECONDS)
        assert not ended.is_alive()
        assert process.returncode == 0


def test_a_worker_is_replaced_after_its_requests(tmp_path):
    with served(tmp_path, GUNICORN_CMD_ARGS="--max-requests 3 --max-requests-jitter 0") as (port, process):
        for _number in range(8):
            assert alive(port)
        assert process.poll() is None
        assert "Autorestarting worker" in (tmp_path / "gunicorn.log").read_text()
