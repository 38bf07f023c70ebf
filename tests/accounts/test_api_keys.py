"""API keys for servers: hashed, scoped, revoked, and with a budget of their own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import api_keys
from accounts.api_keys import ApiKey
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
PAST = datetime(2020, 1, 1, tzinfo=UTC)
SUGGEST, STATS = "/api/v1/suggest?q=", "/api/v1/admin/stats"


@pytest.fixture
def make_key(db):
    def make(**fields):
        key, text = api_keys.create(name="Front end", **fields)
        return key, {"HTTP_X_API_KEY": text}

    return make


def test_a_key_is_not_in_the_database(make_key):
    key, headers = make_key()
    secret = headers["HTTP_X_API_KEY"].rpartition("_")[2]
    stored = " ".join(str(value) for value in ApiKey.objects.filter(pk=key.pk).values_list().get())
    assert secret not in stored


@pytest.mark.parametrize("text", ["x", "", "tandem_000000000000_" + "0" * 64, "tandem_é_x"])
def test_an_invented_key_is_refused(client, text):
    answer = client.get(SUGGEST, HTTP_X_API_KEY=text)
    assert (answer.status_code, fields_of(answer)) == (401, [])
    assert answer.json()["code"] == "api_key_invalid"


@pytest.mark.parametrize("change", [{"revoked_at": PAST}, {"expires_at": PAST}])
def test_a_key_that_has_ended_is_refused(client, make_key, change):
    _key, headers = make_key(**change)
    assert client.get(STATS, **headers).json()["code"] == "api_key_invalid"


def test_a_key_may_come_as_a_bearer_token(client, make_key):
    _key, headers = make_key(may_read_stats=True)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {headers['HTTP_X_API_KEY']}"}
    assert client.get(STATS, **bearer).status_code == 200


def test_an_invented_key_as_a_bearer_token_is_no_token_of_a_person(client, db):
    answer = client.get(SUGGEST, HTTP_AUTHORIZATION="Bearer tandem_x")
    assert (answer.status_code, answer.json()["code"]) == (401, "api_key_invalid")


def test_a_wrong_secret_of_a_known_key_is_refused(client, make_key):
    key, _headers = make_key()
    wrong = f"tandem_{key.identifier}_{'0' * 64}"
    assert client.get(STATS, HTTP_X_API_KEY=wrong).status_code == 401


def test_figures_need_their_scope(client, make_key):
    _key, without = make_key()
    _other, allowed = make_key(may_read_stats=True)
    refused = client.get(STATS, **without)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert client.get(STATS, **allowed).status_code == 200


def test_searches_need_their_scope_once_a_key_is_sent(client, make_key):
    _key, headers = make_key(may_search=False, may_read_stats=True)
    answer = client.get("/api/v1/products?id=x", **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_key_has_a_budget_of_its_own(client, make_key):
    _key, headers = make_key(rate="3/m", may_read_stats=True)
    assert [client.get(STATS, **headers).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get(STATS).status_code == 401


def test_invented_keys_spend_the_budget_of_their_address(client):
    codes = [client.get(STATS, HTTP_X_API_KEY=f"x{turn}").status_code for turn in range(101)]
    assert (set(codes[:100]), codes[100]) == ({401}, 429)


def test_its_use_is_noted_once_a_minute(client, make_key):
    key, headers = make_key(may_read_stats=True)
    client.get(STATS, **headers)
    key.refresh_from_db()
    assert timezone.now() - key.last_used_at < timedelta(minutes=1)
    first = key.last_used_at
    client.get(STATS, **headers)
    key.refresh_from_db()
    assert key.last_used_at == first


def test_staff_make_a_key_that_is_shown_once_and_revoke_it(client, admin_user):
    client.force_login(admin_user)
    made = client.post(
        reverse("admin:accounts_apikey_add"), {"name": "Shop", "may_read_stats": "on"}, follow=True
    )
    told = " ".join(map(str, made.context["messages"])).replace(".", " ")
    text = re.search(r"tandem_[0-9a-f]{12}_[0-9a-f]{64}", told)[0]
    key = ApiKey.objects.get()
    assert (key.created_by, key.scopes) == (admin_user, {"stats"})
    assert text not in client.get(reverse("admin:accounts_apikey_change", args=[key.pk])).content.decode()
    client.logout()
    assert client.get(STATS, HTTP_X_API_KEY=text).status_code == 200
    client.force_login(admin_user)
    client.post(
        reverse("admin:accounts_apikey_changelist"), {"action": "revoke", "_selected_action": [key.pk]}
    )
    client.logout()
    assert client.get(STATS, HTTP_X_API_KEY=text).status_code == 401
