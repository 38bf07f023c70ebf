"""Rules that cut across pages and API: each is sent through both, and both must answer alike.

Refusals are in ``test_refused_alike``.
"""

import json
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from analytics import recording
from analytics.models import SearchLog
from search import retrieval
from search.query import MAX_IMAGE_ID, MAX_OFFSET, MAX_TEXT, MAX_TOP_K, MAX_VALUE, MAX_VALUES, longest_value
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


def by_page(client, headers=None, **query):
    address = f"/results?{urlencode(query, doseq=True)}"
    # From behind the last page it is led to the last one.
    return client.get(address, headers=headers or {}, follow="offset" in query)


def by_api(client, headers=None, **query):
    if "access" in client.cookies:
        headers = {**(headers or {}), "X-CSRFToken": client.get("/api/v1/auth/me")["X-CSRFToken"]}
    return client.post(
        "/api/v1/recommend", json.dumps(query), content_type="application/json", headers=headers or {}
    )


BOTH = pytest.mark.parametrize("search", [by_page, by_api])


# --- Privacy -----------------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}])
def test_who_does_not_want_to_be_tracked_leaves_no_words(client, shop, search, headers):
    search(client, headers, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().query_text == ""


@BOTH
def test_others_leave_their_words(client, shop, search):
    search(client, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().query_text == "red dress"


def test_tracking_is_decided_by_the_caller():
    with pytest.raises(TypeError, match="track"):
        retrieval.search(None, user=None, now=timezone.now())


# --- The signed-in user ------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize("headers", [None, {"DNT": "1"}])
def test_the_signed_in_user_is_logged_unless_they_object(client, shop, search, headers):
    user = User.objects.create_user("ada@example.org", "correct horse battery")
    client.cookies[tokens.access_cookie()] = tokens.issue(user, now=timezone.now()).access
    search(client, headers, text="red dress")
    recording.flush()
    assert SearchLog.objects.get().user == (None if headers else user)


# --- Limits ------------------------------------------------------------------------------------
WITHIN = [
    {"text": "x" * MAX_TEXT},
    {"text": "red", "exclude": "x" * MAX_TEXT},
    {"text": "red", "top_k": MAX_TOP_K},
    {"text": "red", "offset": MAX_OFFSET},
    {"text": "red", "colour": [f"{n}" for n in range(MAX_VALUES)]},
    {"text": "red", "brand": ["x" * MAX_VALUE]},
    {"text": "red", "category": ["x" * longest_value("category")]},
    {"text": "red", "attribute": ["n" * 60 + ":" + "x" * MAX_VALUE], "size": ["M"], "on_sale": True},
    {"text": "red", "price_max": "9999999999.99"},
    {"text": "red", "weight": 1.0, "diversity": 1.0},
]
BEYOND = [
    ("text", {"text": "x" * (MAX_TEXT + 1)}),
    ("exclude", {"text": "red", "exclude": "x" * (MAX_TEXT + 1)}),
    ("top_k", {"text": "red", "top_k": MAX_TOP_K + 1}),
    ("top_k", {"text": "red", "top_k": 0}),
    ("offset", {"text": "red", "offset": MAX_OFFSET + 1}),
    ("colour", {"text": "red", "colour": [f"{n}" for n in range(MAX_VALUES + 1)]}),
    ("like", {"text": "red", "like": [f"demo-{n}" for n in range(MAX_VALUES + 1)]}),
    ("ignore", {"text": "red", "ignore": ["x" * (MAX_VALUE + 1)]}),
    ("brand", {"text": "red", "brand": ["x" * (MAX_VALUE + 1)]}),
    ("category", {"text": "red", "category": ["x" * (longest_value("category") + 1)]}),
    ("size", {"text": "red", "size": ["x" * (MAX_VALUE + 1)]}),
    ("material", {"text": "red", "material": [f"{n}" for n in range(MAX_VALUES + 1)]}),
    ("pattern", {"text": "red", "pattern": ["x" * (MAX_VALUE + 1)]}),
    ("attribute", {"text": "red", "attribute": ["season"]}),
    ("attribute", {"text": "red", "attribute": [":Summer"]}),
    ("attribute", {"text": "red", "attribute": ["season: "]}),
    ("attribute", {"text": "red", "attribute": ["s:" + "x" * (longest_value("attribute") - 1)]}),
    ("image_id", {"image_id": "x" * (MAX_IMAGE_ID + 1)}),
    ("crop", {"image_id": "product:demo-1", "crop": "0,0,2,2"}),
    ("price_max", {"text": "red", "price_max": "10000000000"}),
    ("price_min", {"text": "red", "price_min": "-1"}),
    ("price_min", {"text": "red", "price_min": "9", "price_max": "8"}),
    ("weight", {"text": "red", "weight": 1.5}),
    ("diversity", {"text": "red", "diversity": -0.1}),
    ("sort", {"text": "red", "sort": "loveliest"}),
]


@BOTH
def test_queries_within_the_limits_are_answered(client, shop, search):
    assert [query for query in WITHIN if search(client, **query).status_code != 200] == []


@BOTH
def test_queries_beyond_a_limit_are_refused_with_its_field(client, shop, search):
    refused = [(field, *_refusal(search(client, **query))) for field, query in BEYOND]
    assert refused == [(field, 400, field) for field, _query in BEYOND]


def _refusal(answer):
    """The status, and the field that is named."""
    if answer["Content-Type"].startswith("text/html"):
        return answer.status_code, answer.context.get("field")
    return answer.status_code, fields_of(answer)[0]


@BOTH
def test_a_page_has_the_same_size(client, shop, search):
    answer = search(client, text="dress", colour=["Red", "Blue", "Green"])
    size = len(answer.context["result"].hits) if search is by_page else len(answer.json()["results"])
    assert size == min(24, retrieval_total(answer, search))


def retrieval_total(answer, search):
    return answer.context["result"].total if search is by_page else answer.json()["total"]
