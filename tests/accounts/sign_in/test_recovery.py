"""A forgotten password: asking for a link, and the new password that it sets."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import mail_worker
from accounts.models import SignIn, User
from accounts.sign_in import recovery, tokens
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import ME, ask_for_link, bearer, hashings, post
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
FORGOT, RESET = "/api/v1/auth/forgot", "/api/v1/auth/reset"
NEW = "eight purple parasols"


def mailed_link(message):
    return re.search(r"https?://[^/]+(/auth/reset/\S+)", message.body).group(1)


def opened(client, shopper):
    """The page that a fresh link leads to."""
    return client.get(recovery.reset_path(shopper), follow=True)


def test_the_link_in_the_mail_sets_a_new_password(client, shopper):
    ask_for_link(shopper.email.upper(), client)
    assert [message.to for message in mail.outbox] == [[shopper.email]]
    page = client.get(mailed_link(mail.outbox[0]), follow=True)
    done = client.post(page.wsgi_request.path, {"new_password": NEW}, follow=True)
    assert "new password is set" in done.content.decode()
    shopper.refresh_from_db()
    assert shopper.check_password(NEW)


def test_a_new_password_by_mail_ends_every_sign_in_at_once(client, shopper):
    before = bearer(shopper)
    page = opened(client, shopper)
    client.post(page.wsgi_request.path, {"new_password": NEW})
    assert client.get(ME, **before).status_code == 401
    assert not SignIn.objects.for_user(shopper, timezone.now()).exists()


def test_known_and_unknown_addresses_get_the_same_answer(client, shopper):
    known, unknown = ask_for_link(shopper.email), ask_for_link("nobody@example.com")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    api = [post(client, FORGOT, {"email": one}) for one in (shopper.email, "nobody@example.com")]
    assert [answer.status_code for answer in api] == [202, 202]
    assert api[0].content == api[1].content


def test_asking_does_no_work_that_depends_on_the_address(
    client, shopper, settings, monkeypatch, django_assert_num_queries
):
    settings.MAIL_IN_BACKGROUND = True
    jobs = []
    monkeypatch.setattr(mail_worker, "_free_slots", threading.BoundedSemaphore(4))
    monkeypatch.setattr(mail_worker._executor, "submit", lambda run, job, due: jobs.append(job))
    for email in (shopper.email, "nobody@example.com"):
        with django_assert_num_queries(0):
            assert post(client, FORGOT, {"email": email}).status_code == 202
        assert hashings(monkeypatch, lambda email=email: post(client, FORGOT, {"email": email})) == 0
    assert len(jobs) == 4


@pytest.mark.usefixtures("one_rate_limit_window")
def test_asking_has_a_budget_shared_by_page_and_endpoint(client):
    for turn in range(10):
        assert (ask_for_link("a@example.com") if turn % 2 else post(client, FORGOT, {})).status_code != 429
    assert ask_for_link("a@example.com").status_code == 429
    assert post(client, FORGOT, {"email": "a@example.com"}).status_code == 429
    assert client.get("/auth/forgot").status_code == 200


def test_a_link_serves_once(client, shopper):
    link = recovery.reset_path(shopper)
    page = client.get(link, follow=True)
    client.post(page.wsgi_request.path, {"new_password": NEW})
    assert "no longer works" in Client().get(link, follow=True).content.decode()
    again = client.post(page.wsgi_request.path, {"new_password": "nine yellow raincoats"})
    assert "no longer works" in again.content.decode()


def test_a_link_expires_within_the_hour(client, shopper, monkeypatch):
    link = recovery.reset_path(shopper)
    later = datetime.now() + timedelta(seconds=3602)  # noqa: DTZ005 - as Django's generator counts
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_signing_in_makes_an_unused_link_worthless(client, shopper):
    link = recovery.reset_path(shopper)
    client.post("/auth/login", {"email": shopper.email, "password": PASSWORD})
    assert "no longer works" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("uid", ["x", "MQ", "AAAA", "_" * 40, "%00", "w6k"])
def test_a_forged_link_is_refused_not_failed(client, uid):
    assert "no longer works" in client.get(f"/auth/reset/{uid}/a-b", follow=True).content.decode()
    body = {"uid": uid, "token": "a-b", "new_password": NEW}
    assert fields_of(post(client, RESET, body)) == ["token"]


def test_a_link_for_one_person_serves_no_other(client, shopper, staff):
    other_uid = recovery.reset_path(staff).split("/")[3]
    token = recovery.reset_path(shopper).split("/")[4]
    answer = post(client, RESET, {"uid": other_uid, "token": token, "new_password": NEW})
    assert answer.status_code == 400
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_a_person_deactivated_since_cannot_reset(client, shopper):
    link = recovery.reset_path(shopper)
    User.objects.update(is_active=False)
    assert "no longer works" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("weak", ["short", "1234567890", "shopper@example.com", "password123"])
def test_a_weak_password_is_refused_and_the_link_still_good(client, shopper, weak):
    page = opened(client, shopper)
    refused = client.post(page.wsgi_request.path, {"new_password": weak})
    assert refused.status_code == 422
    assert refused.context["form"].errors["new_password"]
    assert client.post(page.wsgi_request.path, {"new_password": NEW}).status_code == 302


def test_setting_the_password_needs_the_csrf_token(shopper):
    strict = Client(enforce_csrf_checks=True)
    page = opened(strict, shopper)
    assert strict.post(page.wsgi_request.path, {"new_password": NEW}).status_code == 403


def test_the_token_leaves_the_address_before_the_page_is_shown(client, shopper):
    page = opened(client, shopper)
    assert page.wsgi_request.path.endswith("/new-password")
    assert "no-store" in page["Cache-Control"]


def test_the_endpoint_sets_a_password_with_the_parts_of_the_link(client, shopper):
    before = bearer(shopper)
    _empty, _auth, _reset, uid, token = recovery.reset_path(shopper).split("/")
    body = {"uid": uid, "token": token, "new_password": NEW}
    assert fields_of(post(client, RESET, {**body, "new_password": "short"})) == ["new_password"]
    assert post(client, RESET, body).status_code == 204
    assert client.get(ME, **before).status_code == 401
    assert post(client, RESET, body).status_code == 400
    shopper.refresh_from_db()
    assert shopper.check_password(NEW)


def test_the_browser_that_reset_forgets_its_old_tokens(client, shopper, sign_in):
    sign_in(client, shopper)
    page = opened(client, shopper)
    client.post(page.wsgi_request.path, {"new_password": NEW})
    assert client.cookies[tokens.access_cookie()].value == ""
