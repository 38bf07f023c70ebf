import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import LOGIN, LOGOUT, ME, REGISTER, bearer, post
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


def test_a_new_password_ends_every_other_sign_in(client, shopper):
    here, elsewhere = bearer(shopper), bearer(shopper)
    body = {"password": PASSWORD, "new_password": "eight purple parasols", "tokens": "body"}
    answer = post(client, "/api/v1/auth/password", body, **here)
    assert answer.status_code == 200
    assert client.get(ME, **here).status_code == client.get(ME, **elsewhere).status_code == 401
    fresh = {"HTTP_AUTHORIZATION": f"Bearer {answer.json()['access']}"}
    assert client.get(ME, **fresh).status_code == 200


def test_a_new_password_needs_the_current_one(client, shopper):
    body = {"password": "not this one", "new_password": "eight purple parasols"}
    answer = post(client, "/api/v1/auth/password", body, **bearer(shopper))
    assert answer.status_code == 400
    assert fields_of(answer) == ["password"]


@pytest.mark.parametrize("weak", ["tandem12345", "Fashion-Shop", "tandemtandem", "ADMINadmin1"])
def test_a_password_of_the_shops_own_words_is_refused(client, weak):
    answer = post(client, REGISTER, {"email": "new@example.com", "password": weak, "name": "Nell"})
    assert fields_of(answer) == ["password"]


def test_long_passwords_of_any_characters_are_taken_as_typed(client):
    password = "  ünïcode 汉字 " + "x" * 100
    post(client, REGISTER, {"email": "new@example.com", "password": password, "name": "Nell"})
    for typed, status in ((password, 200), (password.strip(), 401), (password[:72], 401)):
        body = {"email": "new@example.com", "password": typed}
        assert post(Client(), LOGIN, body).status_code == status


def test_coming_going_and_refusals_are_logged_without_secrets(client, shopper, caplog):
    caplog.set_level("INFO")
    post(client, LOGIN, {"email": shopper.email, "password": "wrong but long"})
    post(client, LOGIN, {"email": shopper.email, "password": PASSWORD})
    post(client, LOGOUT)
    shopper.change_password("eight purple parasols")
    events = [record.message for record in caplog.records if record.name.startswith("accounts")]
    assert events == ["credentials_refused", "signed_in", "signed_out", "password_changed"]
    assert "wrong but long" not in caplog.text
    assert PASSWORD not in caplog.text
