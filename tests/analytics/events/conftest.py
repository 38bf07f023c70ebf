"""Reporting events as shops' servers and our own pages do."""

import pytest
from rest_framework.test import APIClient

from accounts import api_keys
from analytics import recording
from analytics.events.tokens import page_token
from tests.factories import ProductFactory


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
