"""The demo page of <tandem-search>, on another origin than the shop."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest

PAGES = Path(__file__).resolve().parents[3] / "clients" / "web-component" / "demo"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Into no log."""


@pytest.fixture(scope="session")
def origin():
    """The demo page's own server: another port is another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=PAGES))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def readable_elsewhere(route):
    """As WhiteNoise serves the module (tests/config/http/test_static.py); the live server leaves it out."""
    served = route.fetch()
    route.fulfill(response=served, headers={**served.headers, "access-control-allow-origin": "*"})


@pytest.fixture
def open_demo(open_page, origin, live_server, settings):
    """``with open_demo(width=375, language="de") as page``: the demo page, allowed to ask the shop."""
    settings.CORS_ALLOWED_ORIGINS = [origin]

    @contextmanager
    def opened(*, width=1280, theme="light", expected=(), **attributes):
        given = {name.replace("_", "-"): value for name, value in attributes.items()}
        with open_page(width=width, theme=theme, expected=expected) as page:
            page.route("**/static/tandem-search/*", readable_elsewhere)
            page.goto(f"{origin}/?{urlencode({'endpoint': live_server.url, **given})}")
            page.wait_for_selector("tandem-search [role=search]")
            yield page

    return opened
