"""Users, and clients with the cookies of a real sign-in."""

import time
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens

PASSWORD = "seven green umbrellas"


@pytest.fixture
def shopper(db):
    return User.objects.create_user("shopper@example.com", PASSWORD, name="Ada")


@pytest.fixture
def staff(db):
    return User.objects.create_user(
        "staff@example.com", PASSWORD, name="Sam", is_staff=True, is_superuser=True
    )


@pytest.fixture
def analysts(db):
    """The group of the migration, made by it again: a test that commits empties every table behind it."""
    import_module("accounts.migrations.0002_analysts").make_group(apps, None)
    return Group.objects.get(name="Analysts")


@pytest.fixture
def known_products(settings):
    """A catalogue with every product of the demo source."""
    settings.KNOWN_PRODUCTS = "tests.accounts.conftest.demo_products"


def demo_products(product_ids):
    return {one for one in product_ids if one.startswith("demo-")}


@pytest.fixture
def sign_in():
    """Gives ``client`` the cookies of a fresh sign-in; returns the pair of tokens."""

    def give(client: Client, user: User, now=None) -> tokens.TokenPair:
        pair = tokens.issue(user, now=now or timezone.now())
        client.cookies[tokens.access_cookie()] = pair.access
        client.cookies[tokens.refresh_cookie()] = pair.refresh
        return pair

    return give


@pytest.fixture
def one_rate_limit_window(monkeypatch):
    """Every request falls into the same window of its budget, however long the test takes."""
    end = int(time.time()) + 3600
    monkeypatch.setattr("django_ratelimit.core._get_window", lambda value, period: end)
