"""The API of analytics: recording clicks, and figures for those who may see them."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from rest_framework.serializers import ListSerializer, Serializer
from rest_framework.test import APIClient

from accounts.models import User
from analytics.api.stats_schema import StatsSerializer
from analytics.dashboard import stats
from analytics.models import ProductClick
from analytics.recording import flush
from tests.factories import ProductFactory
from tests.problems import fields_of


@pytest.fixture
def api():
    return APIClient()


@pytest.fixture
def click(api, searched):
    """Posts a click on a search that found one product; keywords change the body."""
    body = {"query_id": str(searched()), "product_id": ProductFactory().product_id, "position": 3}

    def post(headers=None, **changes):
        return api.post("/api/v1/events/click", {**body, **changes}, format="json", headers=headers)

    return post


def test_a_click_is_noted(click):
    answer = click()
    assert (answer.status_code, answer.content) == (204, b"")
    flush()
    assert ProductClick.objects.get().position == 3


@pytest.mark.parametrize("position", [0, -1, 1.5, 1101, "first", None])
def test_a_click_at_no_position_is_refused(click, position):
    answer = click(position=position)
    assert answer.status_code == 400
    assert fields_of(answer) == ["position"]


@pytest.mark.parametrize("query_id", ["", "nonsense", "7", None])
def test_a_click_on_no_query_id_is_refused(click, query_id):
    assert click(query_id=query_id).status_code == 400


def test_a_click_on_an_unknown_search_is_not_found(click, monkeypatch):
    monkeypatch.setattr("analytics.recording._OTHER_PROCESS_S", 0)
    answer = click(query_id=str(uuid.uuid4()))
    assert answer.status_code == 404
    assert "query_id" in answer.json()["detail"]


def test_a_click_on_an_unknown_product_is_not_found(click):
    assert click(product_id="demo-nothing").status_code == 404


@pytest.mark.parametrize("product_id", ["", "x" * 101, "demo\x00", None])
def test_a_click_on_no_product_is_refused(click, product_id):
    assert click(product_id=product_id).status_code == 400


def test_a_signed_in_click_is_the_persons(click, api, ada):
    api.force_authenticate(ada)
    click()
    flush()
    assert ProductClick.objects.get().user == ada


def test_a_signed_in_click_without_consent_is_nobodys(click, api, ada):
    api.force_authenticate(ada)
    click(headers={"Sec-GPC": "1"})
    flush()
    assert ProductClick.objects.get().user is None


def test_a_stranger_is_asked_to_sign_in(api, db):
    answer = api.get("/api/v1/admin/stats")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"]


def test_a_shopper_may_not_see_the_numbers(api, ada):
    api.force_authenticate(ada)
    assert api.get("/api/v1/admin/stats").status_code == 403


def test_staff_see_the_numbers(api, searched):
    api.force_authenticate(User.objects.create_user("staff@example.org", is_staff=True))
    answer = api.get("/api/v1/admin/stats", {"days": 7})
    assert answer.status_code == 200
    assert answer.json()["days"] == 7
    assert {"summary", "searches", "latency_ms", "cache", "queries", "clicks", "catalogue"} <= set(
        answer.json()
    )


def differences(schema, value, path=""):
    """Where an answer has other fields than its schema says."""
    if isinstance(schema, ListSerializer):
        return [each for item in value for each in differences(schema.child, item, f"{path}[]")]
    if not isinstance(schema, Serializer) or value is None:
        return []
    needed = {name for name, field in schema.fields.items() if field.required}
    own = [f"{path}.{name}" for name in (value.keys() - schema.fields.keys()) | (needed - value.keys())]
    inner = schema.fields.keys() & value.keys()
    return own + [
        each for name in inner for each in differences(schema.fields[name], value[name], f"{path}.{name}")
    ]


def test_the_document_of_the_api_names_every_number(api, searched, clicked, report, noon):
    clicked(searched(), "demo-1", 1)
    report({"type": "purchase", "product_id": "demo-1", "value": "3.00", "currency": "EUR"})
    assert differences(StatsSerializer(), stats.dashboard(7, noon)) == []


def test_an_analyst_sees_the_numbers(api, ada):
    ada.user_permissions.add(Permission.objects.get(codename="view_dashboard"))
    api.force_authenticate(User.objects.get(pk=ada.pk))
    assert api.get("/api/v1/admin/stats").status_code == 200


@pytest.mark.parametrize("days", ["0", "731", "-3", "many", "1.5"])
def test_an_impossible_period_is_refused(api, ada, days):
    ada.is_staff = True
    api.force_authenticate(ada)
    answer = api.get("/api/v1/admin/stats", {"days": days})
    assert answer.status_code == 400
    assert fields_of(answer) == ["days"]
