from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SignIn
from accounts.sign_in import tokens
from accounts.sign_in.browsers import Browser, recognise
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import LOGOUT, ME, REFRESH, bearer, post
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
SIGN_INS, END = "/api/v1/auth/sign-ins", "/api/v1/auth/sign-ins/end"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (FIREFOX, Browser("Firefox", "Linux")),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/128.0.0.0 Safari/537.36 Edg/128.0",
            Browser("Edge", "Windows"),
        ),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/17.5 Safari/604.1", Browser("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/128.0 Mobile Safari/537.36", Browser("Chrome", "Android")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/128.0 Safari/537", Browser("Chrome", "Mac")),
        ("curl/8.5.0", Browser("", "")),
        ("", Browser("", "")),
        ("<script>alert(1)</script>" * 1000, Browser("", "")),
    ],
)
def test_a_browser_is_named_in_words(user_agent, expected):
    assert recognise(user_agent) == expected


def elsewhere(user, **moments):
    now = timezone.now()
    return SignIn.objects.create(
        user=user,
        browser="Safari",
        system="iPhone",
        **{"created_at": now, "rotated_at": now, "expires_at": now + timedelta(days=1), **moments},
    )


def test_signing_in_notes_the_browser(shopper):
    Client().post("/auth/login", {"email": shopper.email, "password": PASSWORD}, HTTP_USER_AGENT=FIREFOX)
    assert SignIn.objects.get().device == "Firefox on Linux"


def test_the_account_page_lists_ones_sign_ins_and_marks_this_one(client, shopper, staff):
    elsewhere(staff).save()
    other = elsewhere(shopper)
    elsewhere(shopper, ended_at=timezone.now())
    client.post("/auth/login", {"email": shopper.email, "password": PASSWORD}, HTTP_USER_AGENT=FIREFOX)
    page = client.get("/auth/account")
    assert list(page.context["sign_ins_form"].others) == [other]
    html = page.content.decode()
    assert html.count("Firefox on Linux") == 1
    assert html.count("Safari on iPhone") == 1
    assert "This browser" in html


def test_one_sign_in_elsewhere_ends_and_the_others_stay(client, shopper, sign_in):
    sign_in(client, shopper)
    lost, kept = elsewhere(shopper), elsewhere(shopper)
    form = {"action": "sign-ins", "which": "chosen", "chosen": [lost.pk], "password": PASSWORD}
    assert client.post("/auth/account", form).status_code == 302
    assert set(SignIn.objects.filter(ended_at=None)) >= {kept}
    lost.refresh_from_db()
    assert lost.ended_at is not None
    assert client.get("/auth/account").status_code == 200


def test_all_other_sign_ins_end_at_once_and_this_one_stays(client, shopper, sign_in):
    there = bearer(shopper)
    sign_in(client, shopper)
    client.post("/auth/account", {"action": "sign-ins", "which": "others", "password": PASSWORD})
    assert Client().get(ME, **there).status_code == 401
    assert client.get("/auth/account").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"which": "others", "password": "not this one"},
        {"which": "others"},
        {"which": "chosen", "password": PASSWORD},
        {"which": "everything", "password": PASSWORD},
        {"password": PASSWORD},
        {"which": "chosen", "chosen": "x", "password": PASSWORD},
    ],
)
def test_ending_needs_the_password_and_a_choice(client, shopper, sign_in, form):
    elsewhere(shopper)
    sign_in(client, shopper)
    assert client.post("/auth/account", {"action": "sign-ins", **form}).status_code == 422
    assert not SignIn.objects.exclude(ended_at=None).exists()


def test_someone_elses_sign_in_cannot_be_ended_nor_seen(client, shopper, staff, sign_in):
    theirs = elsewhere(staff)
    sign_in(client, shopper)
    form = {"action": "sign-ins", "which": "chosen", "chosen": [theirs.pk], "password": PASSWORD}
    assert client.post("/auth/account", form).status_code == 422
    body = {"password": PASSWORD, "ids": [str(theirs.pk)]}
    assert post(Client(), END, body, **bearer(shopper)).status_code == 204
    post(Client(), END, {"password": PASSWORD}, **bearer(shopper))
    theirs.refresh_from_db()
    assert theirs.ended_at is None
    listed = Client().get(SIGN_INS, **bearer(shopper)).json()
    assert str(theirs.pk) not in {one["id"] for one in listed}


def test_the_endpoint_lists_and_ends_them(client, shopper):
    here, lost, other = bearer(shopper), elsewhere(shopper), elsewhere(shopper)
    listed = client.get(SIGN_INS, **here).json()
    assert [one["current"] for one in listed].count(True) == 1
    assert {one["device"] for one in listed} == {"Safari on iPhone", "Unknown browser"}
    assert post(client, END, {"password": PASSWORD, "ids": [str(lost.pk)]}, **here).status_code == 204
    assert SignIn.objects.get(pk=other.pk).ended_at is None
    assert post(client, END, {"password": PASSWORD}, **here).status_code == 204
    assert [one["current"] for one in client.get(SIGN_INS, **here).json()] == [True]


def test_the_endpoint_needs_a_sign_in_and_the_password(client, shopper):
    assert client.get(SIGN_INS).status_code == post(client, END, {"password": PASSWORD}).status_code == 401
    wrong = post(client, END, {"password": "not this one"}, **bearer(shopper))
    assert (wrong.status_code, fields_of(wrong)) == (400, ["password"])


def test_a_password_set_by_an_administrator_empties_the_list(shopper):
    elsewhere(shopper)
    shopper.set_password("eight purple parasols")
    shopper.save()
    assert not SignIn.objects.for_user(shopper, timezone.now()).exists()


def test_one_person_has_no_more_sign_ins_than_the_most(shopper):
    now = timezone.now()
    first = tokens.issue(shopper, now=now - timedelta(minutes=2))
    for _turn in range(SignIn.MAX_PER_USER):
        tokens.issue(shopper, now=now)
    assert SignIn.objects.for_user(shopper, now).count() == SignIn.MAX_PER_USER
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(first.access, now=now)


def test_signing_out_makes_the_browser_drop_the_pages_it_kept(client, shopper, sign_in):
    sign_in(client, shopper)
    assert client.post("/auth/logout")["Clear-Site-Data"] == '"cache"'
    sign_in(client, shopper)
    assert post(client, "/api/v1/auth/logout")["Clear-Site-Data"] == '"cache"'


def test_refreshing_rotates_the_cookies(client, shopper, sign_in):
    first = sign_in(client, shopper)
    assert post(client, REFRESH).status_code == 200
    assert client.cookies[tokens.refresh_cookie()].value != first.refresh
    assert client.get(ME).status_code == 200


def test_refreshing_by_body_answers_in_the_body(client, shopper):
    pair = tokens.issue(shopper, now=timezone.now())
    answer = post(client, REFRESH, {"refresh": pair.refresh})
    assert answer.status_code == 200
    assert set(answer.json()) == {"user", "access", "refresh", "expires_in", "refresh_expires_in"}
    assert (answer.json()["expires_in"], answer.json()["refresh_expires_in"] > 1_000_000) == (900, True)
    assert not client.cookies.get(tokens.access_cookie())


def test_refreshing_may_say_how_the_tokens_come(client, shopper, sign_in):
    pair = tokens.issue(shopper, now=timezone.now())
    answer = post(client, REFRESH, {"refresh": pair.refresh, "tokens": "body"})
    assert set(answer.json()) > {"access", "refresh"}
    sign_in(client, shopper)
    answer = post(client, REFRESH, {"tokens": "cookies"})
    assert (answer.status_code, "access" in answer.json()) == (200, False)


@pytest.mark.parametrize(
    "body", [{"tokens": "body"}, {"tokens": "cookies", "refresh": "x"}, {"tokens": "mail"}]
)
def test_no_script_turns_cookies_into_tokens_that_it_can_read(client, shopper, sign_in, body):
    sign_in(client, shopper)
    answer = post(client, REFRESH, body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["tokens"])


def test_refreshing_without_a_token_says_what_to_send(client):
    answer = post(client, REFRESH)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.json()["detail"] == "Send the refresh token or its cookie; without one, sign in."


def test_a_refused_refresh_makes_the_browser_forget_its_tokens(client, shopper, sign_in):
    sign_in(client, shopper)
    SignIn.objects.all().end(timezone.now())
    assert post(client, REFRESH).status_code == 401
    assert client.cookies[tokens.refresh_cookie()].value == ""


def test_logging_out_by_cookie_ends_the_refresh_token_too(client, shopper, sign_in):
    pair = sign_in(client, shopper)
    assert post(client, LOGOUT).status_code == 204
    assert post(Client(), REFRESH, {"refresh": pair.refresh}).status_code == 401
