"""Staff in front of a dashboard whose clock stands."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens


@pytest.fixture(autouse=True)
def stopped_at_noon(noon, monkeypatch):
    """The clock of the pages and of the API; tokens are issued and checked by the real one."""
    for module in ("analytics.dashboard.views", "analytics.api.views"):
        monkeypatch.setattr(f"{module}.timezone", SimpleNamespace(now=lambda: noon))


@pytest.fixture
def staff(db):
    return User.objects.create_user("staff@example.org", is_staff=True)


@pytest.fixture
def browser():
    """``browser(user)`` is a client signed in as the product signs people in."""

    def sign_in(user):
        client = Client()
        pair = tokens.issue(user, now=timezone.now())
        client.cookies[tokens.access_cookie()] = pair.access
        return client

    return sign_in


@pytest.fixture
def today(searched, clicked):
    """Searches and a click of the day that the clock stopped on."""
    query_id = searched("red dress")
    searched("flux capacitor", results=0)
    clicked(query_id, "demo-1", 2)
