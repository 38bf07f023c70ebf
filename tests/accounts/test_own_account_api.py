"""The own account through the API: changed, exported, deleted."""

import pytest

from accounts.models import Favorite, SignIn, User
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import ME, bearer, post
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


def test_nobody_makes_themselves_staff(client, shopper):
    for field, value in {"roles": ["staff"], "email": "eve@example.com"}.items():
        body = {"name": "Mallory", field: value}
        answer = client.patch(ME, body, content_type="application/json", **bearer(shopper))
        assert fields_of(answer) == [field]
    answer = client.patch(ME, {"name": "Eve"}, content_type="application/json", **bearer(shopper))
    assert answer.status_code == 200
    body = {"name": "Mallory", "is_staff": True}
    answer = client.patch(ME, body, content_type="application/json", **bearer(shopper))
    assert (answer.status_code, fields_of(answer)) == (400, ["is_staff"])
    shopper.refresh_from_db()
    assert (shopper.name, shopper.is_staff, shopper.email) == ("Eve", False, "shopper@example.com")


def test_deleting_the_account_needs_the_password_and_leaves_nothing(client, shopper, known_products):
    Favorite.objects.create(user=shopper, product_id="demo-1")
    headers = bearer(shopper)
    assert post(client, "/api/v1/auth/delete", {"password": "wrong"}, **headers).status_code == 400
    assert post(client, "/api/v1/auth/delete", {"password": PASSWORD}, **headers).status_code == 204
    assert (User.objects.count(), Favorite.objects.count(), SignIn.objects.count()) == (0, 0, 0)


def test_the_export_holds_what_is_known_and_no_secret(client, shopper):
    Favorite.objects.create(user=shopper, product_id="demo-1")
    answer = client.get("/api/v1/auth/export", **bearer(shopper))
    data = answer.json()
    assert data["account"]["email"] == shopper.email
    assert [one["product_id"] for one in data["favorites"]] == ["demo-1"]
    assert {"searches", "clicks", "sign_ins"} <= set(data)
    assert shopper.password not in answer.content.decode()


def test_answers_with_credentials_are_stored_nowhere(client, shopper):
    assert client.get(ME, **bearer(shopper))["Cache-Control"] == "no-store"
