"""The security headers of every response, and what cookies, caches and other origins may do."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def too_many(client, path):
    for _ in range(4):
        answer = client.get(path)
    return answer


ANSWERS = {
    "page 200": (200, lambda client: client.get("/auth/login")),
    "page 404": (404, lambda client: client.get("/nothing-here")),
    "page 405": (405, lambda client: client.get("/auth/logout")),
    "page 429": (429, lambda client: too_many(client, "/auth/login")),
    "page 500": (500, lambda client: client.get("/broken")),
    "wrong host": (400, lambda client: client.get("/auth/login", HTTP_HOST="evil.example")),
    "api 200": (200, lambda client: client.get("/api/v1/schema")),
    "api 401": (401, lambda client: client.get("/api/v1/auth/me")),
    "api 404": (404, lambda client: client.get("/api/v1/nothing-here")),
    "api 429": (429, lambda client: too_many(client, "/api/v1/auth/me")),
    "api 500": (500, lambda client: client.get("/api/v1/broken")),
    "probe": (200, lambda client: client.get("/healthz")),
}


@pytest.mark.urls("tests.config.http.failing_urls")
@pytest.mark.parametrize("name", ANSWERS)
def test_every_response_has_the_security_headers(visitor, settings, name):
    settings.RATE_LIMIT = settings.RATE_LIMIT_PAGES = "3/m"
    status, ask = ANSWERS[name]
    answer = ask(visitor)
    assert answer.status_code == status
    for header, value in EVERYWHERE.items():
        assert answer[header] == value
    assert "geolocation=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.urls("tests.config.http.failing_urls")
def test_nonces_differ_from_page_to_page_and_match_the_policy(client):
    nonces = set()
    for _ in range(2):
        page = client.get("/nonce")
        assert f"'nonce-{page.content.decode()}'" in page["Content-Security-Policy"]
        nonces.add(page.content)
    assert len(nonces) == 2


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/nothing-here", "/auth/account"])
def test_no_page_has_a_style_or_a_script_inline(client, path):
    User.objects.create_user("ada@example.com", "seven green umbrellas")
    client.post("/auth/login", {"email": "ada@example.com", "password": "seven green umbrellas"})
    html = client.get(path).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


def test_the_admin_is_relaxed_for_styles_alone(client):
    staff = User.objects.create_user("sam@example.com", "x", is_staff=True, is_superuser=True)
    client.force_login(staff)
    policy = client.get("/admin/")["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["style-src"] == "'self' 'unsafe-inline'"
    assert "unsafe" not in directives["script-src"]


@pytest.mark.parametrize("method", ["options", "post", "put", "patch", "delete"])
def test_the_page_of_the_api_is_read_alone(client, method):
    assert getattr(client, method)("/api/v1/docs").status_code == 405


def test_the_styles_of_the_page_of_the_api_are_applied(client):
    page = client.get("/api/v1/docs")
    nonces = re.findall(r'<style nonce="([^"]+)">', page.content.decode())
    assert f"'nonce-{nonces[0]}'" in page["Content-Security-Policy"]
    assert page.content.count(b"<style") == 1


def test_the_api_docs_load_no_foreign_code(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.content.decode().replace("https://www.w3.org", "")


def test_https_announces_itself_for_two_years(client, settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    for address in ("/auth/login", "/nothing-here", "/healthz"):
        answer = client.get(address, secure=True)
        assert answer["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains")


def test_pictures_may_be_shown_by_other_origins(client):
    assert client.get("/media/none.webp")["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["favorites", "auth/me", "products?id=x", "nothing-here"])
def test_no_cache_keeps_an_answer_of_the_api(client, path):
    user = User.objects.create_user("ada@example.com", "seven green umbrellas")
    client.post("/auth/login", {"email": user.email, "password": "seven green umbrellas"})
    assert "no-store" in client.get(f"/api/v1/{path}")["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/auth/login", "/auth/account", "/favorites"])
def test_no_shared_cache_keeps_a_page_of_a_signed_in_user(client, path):
    user = User.objects.create_user("ada@example.com", "seven green umbrellas")
    client.post("/auth/login", {"email": user.email, "password": "seven green umbrellas"})
    page = client.get(path)
    assert "private" in page["Cache-Control"]
    assert "Cookie" in page["Vary"]


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/forgot", "/auth/account"])
def test_pages_answer_to_head_as_to_get(client, path):
    assert client.head(path).status_code == client.get(path).status_code


@pytest.mark.parametrize("method", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_header_changes_no_method(client, method):
    answer = client.post("/api/v1/auth/me", headers={method: "GET"})
    assert answer.status_code in {401, 405}
    assert client.get("/auth/logout", headers={method: "POST"}).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/media/",
        "/static/",
        "/media/pictures/",
        "/static/..%2f..%2fconfig/environment.py",
    ],
)
def test_nothing_is_listed_and_no_source_is_served(client, path):
    assert client.get(path).status_code == 404
    assert client.generic("TRACE", "/auth/login").status_code == 405


@pytest.mark.parametrize(
    "path", ["/media/../db.sqlite3", "/media/%2e%2e/db.sqlite3", "/media/..%2fsecret_key"]
)
def test_nothing_beside_the_pictures_is_served(client, path):
    assert client.get(path).status_code in {400, 404}


def test_the_language_cookie_is_as_narrow_as_the_others(client, settings):
    client.post("/i18n/setlang/", {"language": "de"})
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_choosing_a_language_leads_to_no_other_site(client):
    answer = client.post("/i18n/setlang/", {"language": "de", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_foreign_origin_may_not_read_the_api(client):
    answer = client.get("/api/v1/auth/me", HTTP_ORIGIN="https://evil.example")
    assert "Access-Control-Allow-Origin" not in answer


def test_a_listed_origin_may_read_the_api_and_nothing_else(client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://spa.example"]
    answer = client.get("/api/v1/auth/me", HTTP_ORIGIN="https://spa.example")
    assert answer["Access-Control-Allow-Origin"] == "https://spa.example"
    assert answer["Access-Control-Allow-Credentials"] == "true"
    page = client.get("/auth/login", HTTP_ORIGIN="https://spa.example")
    assert "Access-Control-Allow-Origin" not in page


def test_a_view_may_be_stricter_than_the_site():
    from config.http.headers import headers_for

    html = HttpResponse("<p>", content_type="text/html")
    json = HttpResponse("{}", content_type="application/json")
    request = Client().get("/healthz").wsgi_request
    assert "Content-Security-Policy" not in headers_for(request, html)
    assert headers_for(request, json)["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/", "/results?text=red", "/results?text=red&price_min=x"])
def test_no_shared_cache_keeps_a_page_of_an_anonymous_visitor(client, shop, path):
    assert "private" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "de", "xx-1"])
def test_the_apis_document_is_made_once_for_each_language(client, monkeypatch, language):
    address = f"/api/v1/schema?format=json&lang={language}"
    first = client.get(address)
    monkeypatch.setattr("config.api.about_views.SchemaGenerator", None)
    again = client.get(address)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.json()["openapi"].startswith("3.")


def test_the_apis_document_does_not_depend_on_what_an_earlier_request_asked_for(client):
    client.get("/api/v1/schema?format=json&version=2")
    indented = client.get("/api/v1/schema", headers={"Accept": "application/json; indent=8"})
    plain = client.get("/api/v1/schema", headers={"Accept": "application/json"})
    assert "(2)" not in plain.json()["info"]["version"]
    assert indented.content == plain.content
