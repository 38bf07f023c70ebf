import re

import pytest
from django.test import Client

from accounts.models import Favorite, User
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_products")]


def test_signing_in_leads_back_and_merges_favourites(client, shopper):
    form = {
        "email": shopper.email,
        "password": PASSWORD,
        "next": "/favorites",
        "favorites": "demo-1,demo-2,x",
    }
    answer = client.post("/auth/login", form)
    assert answer["Location"] == "/favorites"
    assert set(Favorite.objects.for_user(shopper).ids()) == {"demo-1", "demo-2"}


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil"],
)
def test_signing_in_leads_to_no_other_site(client, shopper, evil):
    form = {"email": shopper.email, "password": PASSWORD, "next": evil}
    assert client.post("/auth/login", form)["Location"] == "/"
    assert client.get(f"/auth/login?next={evil}")["Location"] == "/"


def test_wrong_credentials_are_answered_without_saying_which(client, shopper):
    for email in (shopper.email, "nobody@example.com"):
        page = client.post("/auth/login", {"email": email, "password": "wrong but long"})
        assert page.status_code == 422
        assert "do not match" in page.content.decode()


def test_signing_in_needs_the_csrf_token(shopper):
    strict = Client(enforce_csrf_checks=True)
    form = {"email": shopper.email, "password": PASSWORD}
    assert strict.post("/auth/login", form).status_code == 403


def test_signing_out_is_a_post(client, shopper, sign_in):
    sign_in(client, shopper)
    assert client.get("/auth/logout").status_code == 405
    client.post("/auth/logout")
    assert client.get("/auth/account").status_code == 302


def test_registering_makes_an_account_and_signs_in(client):
    client.post("/auth/register", {"email": "new@example.com", "password": PASSWORD, "name": "Nell"})
    assert client.get("/auth/account").wsgi_request.user == User.objects.get()


def test_the_inline_check_judges_form_and_never_tells_who_is_registered(client, shopper):
    form = {"email": shopper.email, "password": "short", "name": "Ada"}
    email = client.post("/auth/register/check", {**form, "field": "email"})
    password = client.post("/auth/register/check", {**form, "field": "password"})
    assert email.context["field"].errors == []
    assert password.context["field"].errors
    assert client.post("/auth/register/check", {**form, "field": "is_staff"}).status_code == 400


def test_all_that_is_wrong_with_a_field_is_what_describes_it(client):
    form = {"email": "new@example.com", "password": "123", "name": "Nell"}
    page = client.post("/auth/register", form).content.decode()
    described = re.search(r'<input type="password"[^>]* aria-describedby="([^"]+)"', page)[1].split()
    ids = re.findall(r' id="([^"]+)"', page)
    assert [ids.count(each) for each in described] == [1] * len(described)
    problems = re.search(rf'<div id="{described[-1]}">(.*?)</div>', page, re.DOTALL)[1]
    assert problems.count('class="error"') > 1


def test_a_heart_works_without_javascript(client, shopper, sign_in):
    sign_in(client, shopper)
    answer = client.post("/favorites/demo-1/toggle", {"next": "/products/demo-1"})
    assert answer["Location"] == "/products/demo-1"
    assert Favorite.objects.for_user(shopper).ids() == ["demo-1"]
    client.post("/favorites/demo-1/toggle", {"wanted": "no"})
    assert Favorite.objects.for_user(shopper).ids() == []


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_a_heart_does_what_its_page_showed_after_another_tab_did_it(client, shopper, sign_in, wanted):
    sign_in(client, shopper)
    for _tab in range(2):
        hx = client.post("/favorites/demo-1/toggle", {"wanted": wanted}, HTTP_HX_REQUEST="true")
        assert f'aria-pressed="{"true" if wanted == "yes" else "false"}"' in hx.content.decode()
    assert Favorite.objects.for_user(shopper).ids() == (["demo-1"] if wanted == "yes" else [])


def test_a_heart_that_was_to_go_is_not_added_by_signing_in(client):
    answer = client.post("/favorites/demo-1/toggle", {"wanted": "no", "next": "/products/demo-1"})
    assert client.get(answer["Location"]).context["form"]["favorites"].value() == ""


def test_a_heart_answers_htmx_with_itself(client, shopper, sign_in):
    sign_in(client, shopper)
    answer = client.post("/favorites/demo-1/toggle", HTTP_HX_REQUEST="true")
    assert answer.context["is_favorite"] is True
    assert 'aria-pressed="true"' in answer.content.decode()
    assert 'name="wanted" value="no"' in answer.content.decode()


def test_a_heart_of_someone_unknown_is_kept_by_signing_in(client, shopper):
    answer = client.post("/favorites/demo-1/toggle", {"next": "/products/demo-1"})
    page = client.get(answer["Location"])
    assert page.context["form"]["favorites"].value() == "demo-1"
    assert page.context["next"] == "/products/demo-1"
    hx = client.post("/favorites/demo-1/toggle", HTTP_HX_REQUEST="true")
    assert hx.status_code == 401
    assert hx["HX-Redirect"].startswith("/auth/login")


def test_an_unknown_product_gets_no_heart(client, shopper, sign_in):
    sign_in(client, shopper)
    assert client.post("/favorites/nope/toggle").status_code == 404


def test_changing_the_password_signs_this_browser_in_again(client, shopper, sign_in):
    sign_in(client, shopper)
    form = {"action": "password", "password": PASSWORD, "new_password": "eight purple parasols"}
    assert client.post("/auth/account", form).status_code == 302
    assert client.get("/auth/account").status_code == 200
    shopper.refresh_from_db()
    assert shopper.check_password("eight purple parasols")


def test_deleting_the_account_needs_the_password(client, shopper, sign_in):
    sign_in(client, shopper)
    assert client.post("/auth/account", {"action": "delete", "password": "wrong"}).status_code == 422
    assert User.objects.exists()
    page = client.post("/auth/account", {"action": "delete", "password": PASSWORD}, follow=True)
    assert not User.objects.exists()
    assert "Your account is deleted" in page.content.decode()


def test_the_data_comes_as_a_file(client, shopper, sign_in):
    sign_in(client, shopper)
    answer = client.get("/auth/account/export")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.json()["account"]["email"] == shopper.email


@pytest.mark.parametrize("path", ["/admin/dashboard", "/admin/", "/admin/accounts/user/"])
def test_a_shopper_cannot_open_staff_pages(client, shopper, sign_in, path):
    sign_in(client, shopper)
    assert client.get(path, follow=True).status_code == 403


def test_a_page_that_is_closed_to_an_account_leads_out_of_it(client, shopper, sign_in):
    # The page for signing in would lead whoever is signed in straight back.
    sign_in(client, shopper)
    page = client.get("/admin/dashboard").content.decode()
    assert 'href="/auth/login' not in page
    assert 'action="/auth/logout"' in page


def test_an_analyst_sees_the_dashboard_and_not_the_admin(client, shopper, sign_in, analysts):
    shopper.groups.add(analysts)
    sign_in(client, shopper)
    assert client.get("/admin/dashboard").status_code == 200
    assert client.get("/admin/", follow=True).status_code == 403
