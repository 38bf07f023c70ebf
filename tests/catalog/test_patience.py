import socket
import threading
from itertools import count
from types import SimpleNamespace

import pytest

from catalog import fetching
from catalog.fetching import fetch
from catalog.outgoing.patience import Patience
from catalog.sources.base import SourceError
from tests.catalog.test_fetching import answer, server


@pytest.mark.parametrize("piece", [b"HTTP/1.1 200 OK\r\n", b"", b"HTTP/1.1 302 Found\r\nLocation: /\r\n"])
def test_a_server_that_drips_its_headers_is_hung_up_on_at_the_deadline(settings, piece):
    settings.ALLOW_PRIVATE_FEEDS = True
    given_up = threading.Event()

    def drip(request):
        request.wfile.write(piece)
        try:
            # Each piece comes well within the timeout of a socket.
            while not given_up.wait(0.05):
                request.wfile.write(b"X")
                request.wfile.flush()
        except OSError:
            given_up.set()

    started = threading.Timer(4, given_up.set)
    started.start()
    with server(drip) as url, pytest.raises(SourceError) as caught:
        fetch(url, max_bytes=1000, seconds=0.2)
    assert started.is_alive()  # long before the server gave up
    started.cancel()
    given_up.set()
    assert not caught.value.permanent


def test_redirects_share_the_time_of_one_request(settings, monkeypatch):
    settings.ALLOW_PRIVATE_FEEDS = True
    waits = []

    class Noted(fetching.Patience):
        def __init__(self, seconds):
            waits.append(seconds)
            super().__init__(seconds)

    monkeypatch.setattr(fetching, "Patience", Noted)
    moments = count(start=100, step=10)
    monkeypatch.setattr(fetching, "time", SimpleNamespace(monotonic=lambda: next(moments)))

    def redirect_once(request):
        if request.path == "/":
            answer(request, b"", status=302, Location="/there")
        else:
            answer(request)

    with server(redirect_once) as url:
        assert fetch(url, max_bytes=1000, seconds=60) == b"ok"
    assert waits == [50, 30]


def test_a_timer_that_goes_off_as_the_headers_come_leaves_the_body_alone():
    here, there = socket.socketpair()
    with here, there:
        with Patience(60) as patience:
            patience.connection = SimpleNamespace(sock=here)
        patience._timer.function()
        assert not patience.is_over
        here.send(b"body")
        assert there.recv(4) == b"body"
