"""Searches of a small shop, recorded as pages and API record them."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from analytics import recording
from analytics.recording import SearchRecord

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
