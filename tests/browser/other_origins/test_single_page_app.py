"""A web app on another origin in a real browser: with cookies on the shop's site, else with tokens."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.browser.conftest import EXPECTED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERSON = {"email": "spa@example.com", "password": "seven green umbrellas", "name": "Sam"}
# What a web app does: it sends cookies or a token, and the CSRF token that the last answer had.
APP = """<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><script>
window.shop = {csrf: "", access: ""};
window.ask = async (method, path, body) => {
  const headers = {};
  if (shop.csrf) headers["X-CSRFToken"] = shop.csrf;
  if (shop.access) headers["Authorization"] = `Bearer ${shop.access}`;
  if (body && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  const answer = await fetch(`${shop.url}/api/v1/${path}`, {method, headers, body, credentials: "include"});
  shop.csrf = answer.headers.get("X-CSRFToken") || shop.csrf;
  const text = await answer.text();
  return {
    status: answer.status,
    body: text ? JSON.parse(text) : null,
    request: answer.headers.get("X-Request-ID"),
  };
};
</script>"""
PICTURE_SEARCH = """
async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 60, height: 80});
  const brush = canvas.getContext("2d");
  brush.fillStyle = "blue";
  brush.fillRect(0, 0, 60, 80);
  const form = new FormData();
  form.append("image", await new Promise((done) => canvas.toBlob(done, "image/png")), "blue.png");
  form.append("text", "dress");
  form.append("top_k", "2");
  return ask("POST", "recommend", form);
}
"""


class App(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(APP.encode())

    def log_message(self, *_arguments):
        """Into no log."""


@pytest.fixture(scope="module")
def port():
    """Of the app's own server: another port is another origin."""
    server = HTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(open_page, port, live_server, settings):
    """``with app("localhost") as (page, ask)``: the app's page on a host of its own, and its requests."""

    @contextmanager
    def opened(host, *, allowed=True):
        # By its host, a page is on the site of the live server (localhost) or on another one.
        own = f"http://{host}:{port}"
        settings.CORS_ALLOWED_ORIGINS = [own] if allowed else []
        settings.CSRF_TRUSTED_ORIGINS = [own] if allowed else []
        with open_page(expected=(EXPECTED, "CORS policy")) as page:
            page.goto(own)
            page.evaluate("url => { shop.url = url }", live_server.url)
            yield page, lambda *asked: page.evaluate("asked => ask(...asked)", list(asked))

    return opened


def signed_in(ask, **options):
    made = ask("POST", "auth/register", {**PERSON, **options})
    assert made["status"] == 201
    return made["body"]


def test_an_app_on_the_shops_site_lives_by_cookies(app):
    with app("localhost") as (page, ask):
        signed_in(ask)
        assert ask("GET", "auth/me")["body"]["email"] == PERSON["email"]
        first = page.evaluate(PICTURE_SEARCH)
        assert first["status"] == 200
        assert first["request"]
        found = [hit["product"]["id"] for hit in first["body"]["results"]]
        query, offset = first["body"]["query_id"], first["body"]["next_offset"]
        while offset is not None:
            # What happens meanwhile moves no page.
            assert ask("POST", "favorites", {"product_id": found[-1]})["status"] == 201
            click = {"query_id": query, "product_id": found[-1], "position": len(found)}
            assert ask("POST", "events/click", click)["status"] == 204
            page_of = ask("POST", "recommend", {"query_id": query, "offset": offset})["body"]
            found += [hit["product"]["id"] for hit in page_of["results"]]
            offset = page_of["next_offset"]
        assert len(found) == len(set(found)) == first["body"]["total"] > 2


def test_an_app_on_the_shops_site_renews_its_access_and_signs_out(app):
    with app("localhost") as (page, ask):
        signed_in(ask)
        page.context.clear_cookies(name="access")
        assert ask("GET", "auth/me")["status"] == 401
        assert ask("POST", "auth/refresh", {})["status"] == 200
        assert ask("GET", "auth/me")["status"] == 200
        assert ask("POST", "auth/logout", {})["status"] in (200, 204)
        assert ask("GET", "auth/me")["status"] == 401


def test_without_the_csrf_token_an_app_changes_nothing(app):
    with app("localhost") as (page, ask):
        signed_in(ask)
        page.evaluate("shop.csrf = ''")
        refused = ask("POST", "favorites", {"product_id": "demo-1"})
        assert (refused["status"], refused["body"]["code"]) == (403, "csrf_failed")


def test_an_app_on_another_site_gets_no_cookies_and_lives_by_tokens(app):
    with app("127.0.0.1") as (page, ask):
        signed_in(ask)
        assert ask("GET", "auth/me")["status"] == 401
        login = {"email": PERSON["email"], "password": PERSON["password"], "tokens": "body"}
        given = ask("POST", "auth/login", login)["body"]
        page.evaluate("token => { shop.access = token }", given["access"])
        assert given["expires_in"] > 0
        assert ask("GET", "auth/me")["body"]["email"] == PERSON["email"]
        assert page.evaluate(PICTURE_SEARCH)["status"] == 200


def test_an_app_on_an_origin_that_is_not_allowed_reads_nothing(app):
    with app("localhost", allowed=False) as (page, _ask):
        assert page.evaluate("ask('GET', 'suggest?q=red').catch(String)") == "TypeError: Failed to fetch"
