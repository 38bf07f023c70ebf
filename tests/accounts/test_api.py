from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SignIn, User
from accounts.sign_in import tokens
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import (
    FAVORITES,
    LOGIN,
    LOGOUT,
    ME,
    REFRESH,
    REGISTER,
    bearer,
    hashings,
    post,
    register,
)
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """A browser whose requests are checked for CSRF."""
    return Client(enforce_csrf_checks=True)


# Registration and sign-in


def test_registering_signs_in_by_cookies(client):
    answer = post(client, REGISTER, {"email": "New@Example.com", "password": PASSWORD, "name": "Nell"})
    assert answer.status_code == 201
    assert answer.json()["user"]["email"] == "new@example.com"
    assert "access" not in answer.json()
    assert client.get(ME).json()["name"] == "Nell"


def test_the_address_ignores_case_when_signing_in(client, shopper):
    answer = post(client, LOGIN, {"email": "SHOPPER@example.com", "password": PASSWORD})
    assert answer.status_code == 200


def test_bearer_clients_get_their_tokens_in_the_body_and_no_cookies(client, shopper):
    answer = post(client, LOGIN, {"email": shopper.email, "password": PASSWORD, "tokens": "body"})
    assert tokens.access_cookie() not in client.cookies
    me = Client().get(ME, HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert me.json()["id"] == str(shopper.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", ""),
        ("password", "short"),
        ("password", "1234567890"),
        ("password", "shopper@example.com"),
        ("name", ""),
        ("tokens", "elsewhere"),
        ("email", "a\x00b@example.com"),
    ],
)
def test_registering_says_which_field_is_wrong(client, field, value):
    body = {"email": "shopper@example.com", "password": PASSWORD, "name": "Ada", field: value}
    answer = post(client, REGISTER, body)
    assert answer.status_code == 400
    assert fields_of(answer) == [field]
    assert not User.objects.exists()


def test_a_taken_address_is_refused_after_the_same_hashing(client, shopper, monkeypatch):
    assert hashings(monkeypatch, lambda: register(client, "fresh@example.com")) == hashings(
        monkeypatch, lambda: register(client, "shopper@example.com")
    )
    answer = register(client, "Shopper@Example.com")
    assert answer.status_code == 400
    assert "email" in answer.json()


def test_unknown_addresses_and_wrong_passwords_get_the_same_answer_after_the_same_hashing(
    client, shopper, monkeypatch
):
    def attempt(email):
        return post(client, LOGIN, {"email": email, "password": "wrong but long"})

    known, unknown = attempt(shopper.email), attempt("nobody@example.com")
    assert known.status_code == unknown.status_code == 401
    assert known.content == unknown.content
    assert hashings(monkeypatch, lambda: attempt(shopper.email)) == 1
    assert hashings(monkeypatch, lambda: attempt("nobody@example.com")) == 1


def test_a_deactivated_person_gets_the_same_answer_as_an_unknown_one(client, shopper):
    User.objects.update(is_active=False)
    known = post(client, LOGIN, {"email": shopper.email, "password": PASSWORD})
    assert known.content == post(client, LOGIN, {"email": "x@example.com", "password": PASSWORD}).content


def test_credentials_are_read_from_json_alone(client, shopper):
    form = client.post(LOGIN, {"email": shopper.email, "password": PASSWORD})
    assert form.status_code == 415
    plain = client.post(LOGIN, '{"email": "x"}', content_type="text/plain")
    assert plain.status_code == 415


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "\x00", '{"email": {"a": 1}}', "[" * 5000])
def test_malformed_bodies_are_refused_not_failed(client, body):
    for path in (LOGIN, REGISTER, REFRESH):
        assert client.post(path, body, content_type="application/json").status_code in {400, 401}


# Authentication of a request


def test_a_cookie_post_needs_the_csrf_token_and_a_bearer_post_does_not(
    strict, shopper, sign_in, known_products
):
    sign_in(strict, shopper)
    refused = post(strict, FAVORITES, {"product_id": "demo-1"})
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    token = strict.get(ME)["X-CSRFToken"]
    assert post(strict, FAVORITES, {"product_id": "demo-1"}, HTTP_X_CSRFTOKEN=token).status_code == 201
    other = Client(enforce_csrf_checks=True)
    assert post(other, FAVORITES, {"product_id": "demo-1"}, **bearer(shopper)).status_code == 200


def test_a_cookie_post_of_a_foreign_origin_is_refused_even_with_a_token(strict, shopper, sign_in):
    sign_in(strict, shopper)
    token = strict.get(ME)["X-CSRFToken"]
    foreign = {"HTTP_X_CSRFTOKEN": token, "HTTP_ORIGIN": "https://evil.example"}
    assert post(strict, FAVORITES, {"product_id": "demo-1"}, **foreign).status_code == 403


@pytest.mark.parametrize("raw", ["x", "a.b.c", "é", "Bearer", "eyJhbGciOiJub25lIn0.e30.", "x y"])
def test_a_garbage_bearer_token_is_refused_everywhere(client, raw):
    for path in (ME, FAVORITES, "/api/v1/products?id=a"):
        answer = client.get(path, HTTP_AUTHORIZATION=f"Bearer {raw}")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert fields_of(answer) == []


def test_an_expired_bearer_token_is_refused(client, shopper):
    old = bearer(shopper, now=timezone.now() - timedelta(minutes=16))
    assert client.get(ME, **old).status_code == 401


def test_an_expired_cookie_is_refused_where_one_must_be_signed_in(client, shopper, sign_in):
    sign_in(client, shopper, now=timezone.now() - timedelta(minutes=16))
    assert client.get(ME).status_code == 401


def test_refreshing_by_cookie_needs_the_csrf_token(strict, shopper, sign_in):
    sign_in(strict, shopper)
    assert post(strict, REFRESH).status_code == 403
    token = strict.get(ME)["X-CSRFToken"]
    assert post(strict, REFRESH, HTTP_X_CSRFTOKEN=token).status_code == 200


def test_reusing_a_refresh_token_ends_the_sign_in(client, shopper):
    now = timezone.now()
    pair = tokens.issue(shopper, now=now)
    stolen = post(client, REFRESH, {"refresh": pair.refresh}).json()
    SignIn.objects.update(rotated_at=now - timedelta(minutes=1))
    assert post(client, REFRESH, {"refresh": pair.refresh}).status_code == 401
    assert client.get(ME, HTTP_AUTHORIZATION=f"Bearer {stolen['access']}").status_code == 401
    assert post(client, REFRESH, {"refresh": stolen["refresh"]}).status_code == 401


def test_logging_out_ends_access_at_once_here_and_not_elsewhere(client, shopper):
    here, elsewhere = bearer(shopper), bearer(shopper)
    assert post(client, LOGOUT, **here).status_code == 204
    assert client.get(ME, **here).status_code == 401
    assert client.get(ME, **elsewhere).status_code == 200


def test_logging_out_by_cookie_needs_the_csrf_token(strict, shopper, sign_in):
    sign_in(strict, shopper)
    assert post(strict, LOGOUT).status_code == 403


# Staff and analysts


def test_stats_are_for_staff_and_analysts(client, shopper, staff, analysts):
    stats = "/api/v1/admin/stats"
    assert client.get(stats).status_code == 401
    assert client.get(stats, **bearer(shopper)).status_code == 403
    assert client.get(stats, **bearer(staff)).status_code == 200
    shopper.groups.add(analysts)
    assert client.get(stats, **bearer(shopper)).status_code == 200
    assert client.get(ME, **bearer(shopper)).json()["roles"] == ["shopper", "analyst"]


def test_ten_wrong_passwords_lock_that_person_from_that_address_alone(client, shopper, monkeypatch):
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    wrong = {"email": shopper.email, "password": "wrong but long"}
    statuses = [post(client, LOGIN, wrong).status_code for _ in range(11)]
    assert statuses[:9] == [401] * 9
    assert statuses[10] == 429
    right = {"email": shopper.email, "password": PASSWORD}
    locked = post(client, LOGIN, right)
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) == 900
    assert fields_of(locked) == []
    assert post(client, LOGIN, right, REMOTE_ADDR="192.0.2.9").status_code == 200
