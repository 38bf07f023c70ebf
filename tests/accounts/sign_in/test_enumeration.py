"""Responses and their cost do not reveal which addresses have an account."""

import re
import statistics
import time
from contextlib import nullcontext

import pytest
from django.test import Client

from accounts.sign_in import credentials
from accounts.sign_in.credentials import AddressTaken
from config.settings.people import PASSWORD_HASHERS
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import LOGIN, REGISTER, hashings, post
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
UNKNOWN = "nobody@example.com"


def wrong_password(email):
    return Client().post("/auth/login", {"email": email, "password": "wrong but long"})


def without_tokens(page):
    """A page without what differs from visit to visit: tokens and nonces, and the address that was typed."""
    csrf = page.context["csrf_token"]
    html = page.content.decode().replace(str(csrf), "")
    return re.sub(r'nonce="[^"]+"', "", html.replace(page.wsgi_request.POST["email"], ""))


def test_the_sign_in_page_is_the_same_for_known_and_unknown_addresses(shopper, monkeypatch):
    known, unknown = wrong_password(shopper.email), wrong_password(UNKNOWN)
    assert known.status_code == unknown.status_code == 422
    assert without_tokens(known) == without_tokens(unknown)
    assert hashings(monkeypatch, lambda: wrong_password(shopper.email)) == 1
    assert hashings(monkeypatch, lambda: wrong_password(UNKNOWN)) == 1


def test_the_registration_page_hashes_as_often_for_a_taken_address_as_for_a_new_one(shopper, monkeypatch):
    def sent(email):
        return Client().post("/auth/register", {"email": email, "password": PASSWORD, "name": "Ada"})

    assert hashings(monkeypatch, lambda: sent(shopper.email)) == hashings(monkeypatch, lambda: sent(UNKNOWN))


def test_an_unknown_address_is_locked_like_a_known_one(client, shopper, monkeypatch):
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    answers = []
    for email in (shopper.email, UNKNOWN):
        for _attempt in range(10):
            post(client, LOGIN, {"email": email, "password": "wrong but long"})
        answers.append(post(client, LOGIN, {"email": email, "password": "wrong but long"}))
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].content == answers[1].content


def median_cpu_seconds(act, first, second, *, turns=9):
    """Medians of this thread's processor time, which other processes do not add to; both are run in turns."""
    taken = {first: [], second: []}
    for _turn in range(turns):
        for email, times in taken.items():
            started = time.thread_time()
            act(email)
            times.append(time.thread_time() - started)
    return [statistics.median(times) for times in taken.values()]


def are_alike(one, other, within=1.33):
    """Within the spread of single measurements; a missing password hash makes a hundredfold difference."""
    return 1 / within < one / other < within


@pytest.fixture
def real_hashing(settings, monkeypatch):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    settings.AXES_FAILURE_LIMIT = 1000


@pytest.mark.slow
@pytest.mark.usefixtures("real_hashing")
def test_signing_in_takes_as_long_for_unknown_addresses(client, shopper):
    def attempt(email):
        assert post(client, LOGIN, {"email": email, "password": "wrong but long"}).status_code == 401

    shopper.change_password(PASSWORD)
    known, unknown = median_cpu_seconds(attempt, shopper.email, UNKNOWN)
    assert are_alike(known, unknown)


@pytest.mark.slow
@pytest.mark.usefixtures("real_hashing")
def test_refusing_a_taken_address_takes_as_long_as_making_an_account(shopper):
    """The sign-in that follows is left out: it is part of an answer that differs anyway (SECURITY.md)."""
    fresh = iter(range(100))

    def attempt(kind):
        email = shopper.email if kind == "taken" else f"new{next(fresh)}@example.com"
        with pytest.raises(AddressTaken) if kind == "taken" else nullcontext():
            credentials.register(email=email, password=PASSWORD, name="Ada")

    taken, new = median_cpu_seconds(attempt, "taken", "new")
    assert are_alike(taken, new)


@pytest.mark.slow
def test_asking_for_a_link_takes_as_long_for_unknown_addresses(client, shopper, settings, monkeypatch):
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    # The worker cannot see the rows of this test's transaction; only the response is measured.
    monkeypatch.setattr("accounts.sign_in.recovery.send_link", lambda *_args, **_options: None)
    settings.MAIL_IN_BACKGROUND = True
    known, unknown = median_cpu_seconds(
        lambda email: post(client, "/api/v1/auth/forgot", {"email": email}),
        shopper.email,
        UNKNOWN,
        turns=50,
    )
    assert are_alike(known, unknown, within=1.5)


def test_a_registration_of_a_taken_address_says_no_more_than_that(client, shopper):
    answer = post(client, REGISTER, {"email": shopper.email, "password": PASSWORD, "name": "Ada"})
    assert fields_of(answer) == ["email"]
    assert answer.json()["email"] == ["This address cannot be registered. If it is yours, sign in instead."]
