from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import SignIn
from accounts.sign_in import tokens

pytestmark = pytest.mark.django_db


def test_a_page_knows_who_signed_in_through_the_cookies(client, shopper, sign_in):
    sign_in(client, shopper)
    page = client.get("/auth/account")
    assert page.status_code == 200
    assert page.wsgi_request.user == shopper
    assert "private" in page["Cache-Control"]


def test_a_page_without_cookies_is_anonymous(client):
    page = client.get("/auth/account")
    assert page.status_code == 302
    assert page["Location"] == "/auth/login?next=/auth/account"


@pytest.mark.parametrize("garbage", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_garbage_cookie_makes_a_page_anonymous(client, garbage):
    client.cookies[tokens.access_cookie()] = garbage
    assert client.get("/auth/login").status_code == 200


def test_an_expired_access_token_is_refreshed_on_the_way(client, shopper, sign_in):
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=20))
    page = client.get("/auth/account?saved=name", follow=True)
    assert page.status_code == 200
    assert page.wsgi_request.user == shopper
    assert page.wsgi_request.get_full_path() == "/auth/account?saved=name"
    assert len(page.redirect_chain) == 2


def test_a_form_sent_with_an_expired_access_token_is_not_lost(client, shopper, sign_in):
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=20))
    page = client.post("/auth/account", {"action": "name", "name": "Grace"}, follow=True)
    assert page.status_code == 200
    shopper.refresh_from_db()
    assert shopper.name == "Grace"


def test_an_expired_access_token_without_a_refresh_token_ends_signed_out(client, shopper, sign_in):
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=20))
    SignIn.objects.all().end(timezone.now())
    page = client.get("/auth/account", follow=True)
    assert page.wsgi_request.path == "/auth/login"
    assert client.cookies[tokens.access_cookie()].value == ""


def test_resuming_leads_to_no_other_site(client, shopper, sign_in):
    sign_in(client, shopper)
    answer = client.get("/api/v1/auth/resume?next=https://evil.example/")
    assert answer["Location"] == "/"


def test_pictures_never_wait_for_a_refresh(client, shopper, sign_in):
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=20))
    assert client.get("/media/nothing.webp").status_code == 404


def test_a_large_upload_goes_on_without_its_user_instead_of_travelling_twice(
    client, shopper, sign_in, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=20))
    picture = SimpleUploadedFile("shoe.jpg", b"x" * 1000)
    answer = client.post("/favorites/demo-1/toggle", {"image": picture})
    assert answer["Location"].startswith("/auth/login")


def test_djangos_own_session_still_counts_on_pages(client, staff):
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_staff_who_signed_in_on_the_site_open_the_admin_at_once(client, staff, sign_in):
    sign_in(client, staff)
    assert client.get("/admin/").status_code == 200


def test_the_admins_sign_in_is_the_sites(client):
    page = client.get("/admin/", follow=True)
    assert page.wsgi_request.get_full_path() == "/auth/login?next=%2Fadmin%2F"


def test_a_shopper_is_refused_by_the_admin_without_a_loop(client, shopper, sign_in):
    sign_in(client, shopper)
    assert client.get("/admin/", follow=True).status_code == 403


def test_signing_out_of_the_admin_signs_out_of_the_site(client, staff, sign_in):
    pair = sign_in(client, staff)
    client.post("/admin/logout/")
    fresh = Client()
    fresh.cookies[tokens.access_cookie()] = pair.access
    assert fresh.get("/auth/account").status_code == 302


def test_cookies_are_out_of_reach_and_narrow(client, shopper):
    from .conftest import PASSWORD

    client.post("/auth/login", {"email": shopper.email, "password": PASSWORD})
    access, refresh = client.cookies["access"], client.cookies["refresh"]
    assert access["httponly"]
    assert refresh["httponly"]
    assert access["samesite"] == refresh["samesite"] == "Lax"
    assert (access["path"], refresh["path"]) == ("/", "/api/v1/auth/")


def test_with_https_the_cookies_are_secure_and_prefixed(client, shopper, settings):
    from .conftest import PASSWORD

    settings.HTTPS = True
    client.post("/auth/login", {"email": shopper.email, "password": PASSWORD}, secure=True)
    access, refresh = client.cookies["__Host-access"], client.cookies["__Secure-refresh"]
    assert access["secure"]
    assert refresh["secure"]
    assert access["domain"] == ""
    assert client.get("/auth/account", secure=True).status_code == 200


def test_a_foreign_page_that_posts_to_resume_signs_nobody_out(client, shopper, sign_in):
    """With SameSite=Lax its request comes without the cookies."""
    answer = Client().post("/api/v1/auth/resume?next=/", HTTP_ORIGIN="https://evil.example")
    assert not answer.cookies
    assert "Clear-Site-Data" not in answer


def test_resuming_without_the_refresh_cookie_clears_the_access_cookie_that_came(client, shopper, sign_in):
    sign_in(client, shopper)
    del client.cookies[tokens.refresh_cookie()]
    assert client.get("/api/v1/auth/resume").cookies[tokens.access_cookie()].value == ""


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/nothing", "/auth/reset/x/y"])
def test_an_anonymous_page_is_private(client, path):
    answer = client.get(path)
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]
