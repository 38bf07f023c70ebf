import gzip
import hashlib
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import SimpleNamespace

import pytest
import responses

from catalog.fetching import fetch
from catalog.sources.base import SourceError
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW, picture_bytes

FEED = "https://shop.example/feeds/all.csv"


@contextmanager
def server(handle):
    """A real server on this machine; ``handle(request)`` answers GET."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            handle(self)

        def log_message(self, *args):
            """Tests are quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def answer(request, body=b"ok", status=200, **headers):
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://[::ffff:127.0.0.1]:9/",
        "http://10.0.0.8/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://224.0.0.1/",
        "http://0.0.0.0:9/",
        "http://2130706433:9/",
    ],
)
def test_it_refuses_addresses_that_are_not_public(url):
    with pytest.raises(SourceError, match="not a public one") as caught:
        fetch(url, max_bytes=100, seconds=2)
    assert caught.value.permanent


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/hostname",
            "ftp://shop.example/a",
            "gopher://x",
            "a.jpg",
            "http://",
            "http://[",
            "http://a b/",
        ),
        *("https://\x00/", "http://" + "a" * 300 + ".example/"),
    ],
)
def test_it_refuses_what_is_no_web_address(url):
    with pytest.raises(SourceError):
        fetch(url, max_bytes=100, seconds=2)


def test_private_addresses_are_reached_where_an_operator_permits_it(settings):
    settings.ALLOW_PRIVATE_FEEDS = True
    with server(lambda request: answer(request, b"hello")) as url:
        assert fetch(url, max_bytes=100, seconds=5) == b"hello"


@responses.activate
def test_a_redirect_to_a_private_address_is_refused():
    responses.get("https://shop.example/a.jpg", status=302, headers={"Location": "http://169.254.169.254/"})
    responses.add_passthru("http://169.254.169.254/")
    with pytest.raises(SourceError, match="not a public one"):
        fetch("https://shop.example/a.jpg", max_bytes=100, seconds=5)


@responses.activate
def test_a_redirect_is_followed_and_a_circle_is_not():
    responses.get("https://shop.example/a", status=301, headers={"Location": "/b"})
    responses.get("https://shop.example/b", body=b"there")
    assert fetch("https://shop.example/a", max_bytes=100, seconds=5) == b"there"
    responses.get("https://shop.example/c", status=302, headers={"Location": "/c"})
    with pytest.raises(SourceError, match="redirects more than"):
        fetch("https://shop.example/c", max_bytes=100, seconds=5)


def test_a_proxy_from_the_environment_is_not_used(settings, monkeypatch):
    settings.ALLOW_PRIVATE_FEEDS = True
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with server(answer) as url:
        assert fetch(url, max_bytes=100, seconds=5) == b"ok"


def test_it_stops_at_the_byte_cap(settings):
    settings.ALLOW_PRIVATE_FEEDS = True
    with (
        server(lambda request: answer(request, b"x" * 500_000)) as url,
        pytest.raises(SourceError, match="larger than 1,000 bytes"),
    ):
        fetch(url, max_bytes=1000, seconds=5)


def test_it_stops_at_the_deadline_even_when_bytes_keep_dripping(settings, monkeypatch):
    settings.ALLOW_PRIVATE_FEEDS = True
    # A clock that is a second later whenever it is looked at: at the start, then after each piece.
    seconds = count()
    monkeypatch.setattr("catalog.fetching.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    stopped = threading.Event()

    def drip(request):
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        try:
            while not stopped.wait(0.05):
                request.wfile.write(b"x")
                request.wfile.flush()
        except OSError:
            stopped.set()  # the client hung up, as it should

    with server(drip) as url:
        with pytest.raises(SourceError, match="too long") as caught:
            fetch(url, max_bytes=1000_000, seconds=3)
        stopped.set()
    assert next(seconds) == 5  # it stopped at the piece that came after four seconds
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, True), (403, True), (410, True), (429, False), (503, False)]
)
@responses.activate
def test_it_knows_which_answers_are_worth_another_try(status, permanent):
    responses.get("https://shop.example/a", status=status)
    with pytest.raises(SourceError, match=f"answered {status}") as caught:
        fetch("https://shop.example/a", max_bytes=100, seconds=5)
    assert caught.value.permanent is permanent


@responses.activate
def test_a_feed_behind_an_address_is_read_and_its_pictures_are_found_beside_it(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    responses.get(FEED, body="id,title,image\n1,Hat,images/1.png\n2,Cap,https://cdn.example/2.png\n")
    responses.get("https://shop.example/feeds/images/1.png", body=picture_bytes("red"))
    responses.get("https://cdn.example/2.png", body=picture_bytes("blue"))
    source = FeedSource("demo", FEED, now=NOW)
    hat, cap = source.products()
    assert source.image(hat.images[0]) == picture_bytes("red")
    assert source.image(cap.images[0]) == picture_bytes("blue")


def test_a_feed_that_breaks_off_is_not_taken_for_a_shorter_one(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.ALLOW_PRIVATE_FEEDS = True
    body = b"id,title\n1,Hat\n2,Cap\n"

    def cut(request):
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[:15])

    with server(cut) as url:
        source = FeedSource("demo", f"{url}/feed.csv", now=NOW)
        with pytest.raises(SourceError) as caught:
            list(source.products())
    assert not caught.value.permanent
    assert not list((tmp_path / "feeds").glob("*.feed"))


@pytest.mark.parametrize("share", [1.0, 0.9])
def test_a_feed_in_gzip_is_read_whole_or_refused(settings, tmp_path, share):
    """Without a length, a connection that is closed early shows only in the packed bytes."""
    settings.DATA_DIR = tmp_path
    settings.ALLOW_PRIVATE_FEEDS = True
    rows = "".join(f"{number},Hat {hashlib.sha256(b'%d' % number).hexdigest()}\n" for number in range(500))
    packed = gzip.compress(f"id,title\n{rows}".encode())

    def send(request):
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(packed[: int(len(packed) * share)])

    with server(send) as url:
        rows = FeedSource("demo", f"{url}/feed.csv", now=NOW).products()
        if share == 1.0:
            assert len(list(rows)) == 500
        else:
            with pytest.raises(SourceError, match="breaks off"):
                list(rows)
