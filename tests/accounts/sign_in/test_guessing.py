"""One account's password guessed from many addresses: slowed down, without locking its owner out."""

from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.sign_in import guessing, recovery, tokens
from accounts.sign_in.guessing import FREE_OF_DEVICE, LONGEST_PAUSE
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import LOGIN, post

pytestmark = pytest.mark.django_db
WRONG = "nine yellow raincoats"
# Fewer than the product lets pass: a botnet has many addresses, and each of its guesses is a request here.
FREE = 5


@pytest.fixture(autouse=True)
def few_free(monkeypatch):
    monkeypatch.setattr(guessing, "FREE", FREE)


@pytest.fixture(autouse=True)
def behind_a_proxy(settings):
    settings.TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def clock(monkeypatch):
    """The clock of the caches in memory, which the test moves."""
    clock = SimpleNamespace(now=1_800_000_000.0)
    monkeypatch.setattr("django.core.cache.backends.base.time", SimpleNamespace(time=lambda: clock.now))
    monkeypatch.setattr("django.core.cache.backends.locmem.time", SimpleNamespace(time=lambda: clock.now))
    return clock


def sign_in_from(address, email, password=WRONG, client=None):
    body = {"email": email, "password": password}
    return post(
        client or Client(), LOGIN, body, HTTP_X_FORWARDED_FOR=f"198.51.{address // 250}.{address % 250}"
    )


def attacked(email, times=3 * FREE):
    """The statuses of as many wrong guesses, each from an address of its own."""
    return [sign_in_from(number, email).status_code for number in range(times)]


def test_guesses_from_many_addresses_are_no_longer_checked(shopper):
    statuses = attacked(shopper.email)
    assert statuses[:FREE] == [401] * FREE
    assert statuses[FREE:].count(429) >= 2 * FREE - 1


def test_addresses_without_an_account_are_answered_alike(shopper):
    assert attacked(shopper.email) == attacked("nobody@example.com")


def test_another_account_is_not_held_up(shopper, staff):
    attacked(shopper.email)
    assert sign_in_from(900, staff.email, PASSWORD).status_code == 200


def test_the_refusal_says_when_to_come_again_and_then_the_owner_gets_in_anywhere(shopper, clock):
    attacked(shopper.email)
    refused = sign_in_from(900, shopper.email, PASSWORD)
    assert refused.status_code == 429
    pause = int(refused["Retry-After"])
    assert 0 < pause <= LONGEST_PAUSE
    clock.now += pause + 1
    assert sign_in_from(900, shopper.email, PASSWORD).status_code == 200


def test_a_browser_that_signed_in_before_gets_in_at_once(shopper):
    known = Client()
    assert sign_in_from(900, shopper.email, PASSWORD, known).status_code == 200
    attacked(shopper.email)
    for name in (tokens.access_cookie(), tokens.refresh_cookie()):
        del known.cookies[name]
    assert sign_in_from(901, shopper.email, PASSWORD, known).status_code == 200


def test_a_known_browser_is_held_up_after_wrong_passwords_of_its_own(shopper):
    known = Client()
    sign_in_from(900, shopper.email, PASSWORD, known)
    statuses = [
        sign_in_from(1000 + number, shopper.email, client=known).status_code
        for number in range(FREE_OF_DEVICE + 2)
    ]
    assert statuses[FREE_OF_DEVICE - 1 :] == [401, 401, 429]


def test_a_browser_is_known_to_its_own_account_alone(shopper, staff):
    other = Client()
    sign_in_from(900, staff.email, PASSWORD, other)
    attacked(shopper.email)
    assert sign_in_from(901, shopper.email, PASSWORD, other).status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "W10:x:y", "é"])
def test_a_forged_cookie_is_no_device(shopper, cookie):
    client = Client()
    client.cookies[guessing.device_cookie()] = cookie
    attacked(shopper.email)
    assert sign_in_from(900, shopper.email, PASSWORD, client).status_code == 429


def test_the_page_refuses_in_the_same_way(shopper):
    attacked(shopper.email)
    page = Client().post("/auth/login", {"email": shopper.email, "password": PASSWORD})
    assert page.status_code == 429
    assert page["Retry-After"]
    assert "Too many wrong passwords" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "pause"), [(FREE, 15), (2 * FREE, 30), (3 * FREE, 60), (9 * FREE, LONGEST_PAUSE)]
)
def test_pauses_grow_with_the_guesses_up_to_the_longest(rf, wrong, pause):
    guess = guessing.Guess.of(rf.post(LOGIN), "ada@example.com")
    caches["ratelimit"].set(guess.key, wrong)
    guess.check()
    with pytest.raises(guessing.TooManyGuesses) as refused:
        guess.check()
    assert refused.value.retry_after == pause


def test_whoever_sets_a_new_password_by_mail_gets_in(shopper, client):
    attacked(shopper.email)
    page = client.get(recovery.reset_path(shopper), follow=True)
    client.post(page.wsgi_request.path, {"new_password": "eight purple parasols"})
    answer = sign_in_from(900, shopper.email, "eight purple parasols", client)
    assert answer.status_code == 200


def test_the_cookie_is_out_of_reach_and_tells_no_address(shopper):
    client = Client()
    sign_in_from(900, shopper.email, PASSWORD, client)
    cookie = client.cookies[guessing.device_cookie()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "shopper" not in cookie.value


def test_the_cookie_goes_with_the_account(shopper):
    client = Client()
    sign_in_from(900, shopper.email, PASSWORD, client)
    token = client.get("/").wsgi_request and client.cookies["csrftoken"].value
    client.post("/auth/account", {"action": "delete", "password": PASSWORD, "csrfmiddlewaretoken": token})
    assert client.cookies[guessing.device_cookie()].value == ""
