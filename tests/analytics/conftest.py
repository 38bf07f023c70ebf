"""Searches of a small shop, recorded as pages and API record them."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.test import APIClient

from accounts import api_keys
from accounts.models import User
from analytics import recording
from analytics.events.tokens import page_token
from analytics.recording import SearchRecord
from tests.factories import ProductFactory

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.org", "correct horse battery", name="Ada")


@pytest.fixture
def searched(db):
    """``searched("red dress", results=3)`` records a search and writes it; returns its query_id."""

    def search(text="red dress", *, results=10, days_ago=0, **fields):
        fields = {
            "query_id": uuid.uuid4(),
            "query_type": "text",
            "timestamp": NOON - timedelta(days=days_ago),
            "took_ms": {"encode": 20.0, "search": 1.0, "total": 25.0},
            "top_score": 0.9 if results else None,
            "cutoff": 0.3,
            "track": True,
            **fields,
        }
        recording.record_search(SearchRecord(text=text, results_count=results, **fields))
        recording.flush()
        return fields["query_id"]

    return search


@pytest.fixture
def clicked(db):
    """``clicked(query_id, "demo-1", 3)`` records a click and writes it."""

    def click(query_id, product_id="demo-1", position=1, *, user=None, now=NOON):
        recording.record_click(query_id, product_id, position, user, now)
        recording.flush()

    return click


@pytest.fixture
def product(db):
    return ProductFactory(product_id="demo-1", currency="EUR")


@pytest.fixture
def key(db):
    _key, text = api_keys.create(name="Front end", may_send_events=True)
    return text


@pytest.fixture
def report(key, product):
    """``report({"type": "view", ...})`` or a list, as a server with a key; keywords are headers."""

    def post(body, **headers):
        headers = {"X-API-Key": key, **headers}
        return APIClient().post("/api/v1/events", body, format="json", headers=headers)

    return post


@pytest.fixture
def browser(product):
    """A browser that keeps its cookies; ``browser.views("demo-1")`` reports as the product's page does."""

    class Browser(APIClient):
        def views(self, product_id="demo-1", **body):
            body = {"token": page_token("view", product_id), **body}
            answer = self.post("/api/v1/events", body, format="json", headers=self.sends)
            recording.flush()
            return answer

        def clicks(self, query_id, product_id="demo-1", position=2):
            body = {"query_id": str(query_id), "product_id": product_id, "position": position}
            answer = self.post("/api/v1/events/click", body, format="json", headers=self.sends)
            recording.flush()
            return answer

    made = Browser()
    made.sends = {}
    return made
