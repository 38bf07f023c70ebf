"""Pictures by their address from servers that do not answer: what a request waits, and what it is told."""

import threading
from contextlib import suppress
from functools import partial

import pytest

from catalog.fetching import fetch
from search import admission, images
from search.admission import Fetches
from tests.catalog.test_fetching import server

pytestmark = pytest.mark.django_db


@pytest.fixture
def trickling(settings, monkeypatch):
    """The address of a picture whose server sends headers byte by byte and never comes to their end."""
    settings.ALLOW_PRIVATE_FEEDS = True
    monkeypatch.setattr(images, "FETCH_SECONDS", 0.2)
    monkeypatch.setattr(images, "picture_fetches", Fetches(1, waiting=0))
    monkeypatch.setattr(images, "fetch_public_picture", partial(fetch, max_bytes=10_000))
    is_over = threading.Event()

    def trickle(request):
        with suppress(OSError):  # the client hung up, as it should
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not is_over.wait(0.05):
                request.wfile.write(b"a")
            request.wfile.write(b"\r\nContent-Length: 0\r\n\r\n")

    with server(trickle) as address:
        yield f"{address}/red.png"
        is_over.set()


@pytest.fixture
def ask(client, shop):
    def ask(address):
        return client.post("/api/v1/image-search", {"image_url": address}, content_type="application/json")

    return ask


@pytest.mark.timeout(10)
def test_a_server_that_trickles_headers_holds_no_request(ask, trickling):
    answer = ask(trickling)
    assert answer.status_code == 400
    assert answer.json()["errors"]["image_url"][0]["detail"].startswith("No picture could be fetched")


@pytest.mark.timeout(10)
def test_as_long_as_such_servers_hold_all_threads_others_are_asked_to_come_again(ask, trickling, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.05)
    # A thread that is given more time than its request.
    monkeypatch.setattr(
        images, "fetch_public_picture", lambda url, seconds: fetch(url, max_bytes=9, seconds=5)
    )
    ask(trickling)
    answer = ask(trickling)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


@pytest.mark.timeout(10)
def test_a_server_that_trickles_headers_gives_its_thread_back_at_the_deadline(ask, trickling, monkeypatch):
    monkeypatch.setattr(images, "picture_fetches", Fetches(1, waiting=1))
    monkeypatch.setattr(admission, "WAIT_SECONDS", 5)
    ask(trickling)
    assert ask(trickling).status_code == 400  # it was asked again, and not 503
