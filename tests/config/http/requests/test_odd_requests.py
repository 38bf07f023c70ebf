"""Twelve thousand odd requests to every address of the shop."""

import logging
import re
import warnings
from collections import Counter

import pytest
from django.test import Client
from django.urls import get_resolver

from bench.campaign.odd_addresses import PATHS
from bench.campaign.odd_requests import is_honest, odd_requests

COUNT = 12_000


def send(client, request):
    warnings.simplefilter("ignore")  # of what the client itself thinks of them
    return client.generic(
        request.method, request.path, request.body, request.content_type or "", headers=request.headers
    )


def test_the_requests_are_the_same_for_a_seed():
    assert list(odd_requests(50, seed=3)) == list(odd_requests(50, seed=3)) != list(odd_requests(50, seed=4))


def addresses(resolver, start=""):
    """Every address of the site, its parameters as {}, without Django's admin of tables."""
    for pattern in resolver.url_patterns:
        address = start + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from () if address == "admin/" else addresses(pattern, address)
        else:
            yield "/" + re.sub(r"<[^>]+>|\(\?P<path>\.\*\)", "{}", address).removeprefix("^").rstrip(
                "$"
            ).removesuffix("/?")


def test_every_address_of_the_site_is_asked():
    assert {address.replace("/^", "/") for address in addresses(get_resolver())} - set(PATHS) == set()


@pytest.mark.fuzz
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "staff"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_odd_request_fails(shop, admin_user, settings, monkeypatch, who, seed):
    settings.MCP = settings.UCP = True
    settings.EVENTS_SECRET = settings.SHOPIFY_WEBHOOK_SECRET = "of this test"
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    # Django logs each refusal, and pytest keeps what is logged.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    client = Client(raise_request_exception=False)
    if who == "staff":
        client.force_login(admin_user)
    seen, failures = Counter(), []
    for request in odd_requests(COUNT // 6, seed=seed):
        cookies = client.cookies.copy()
        answer = send(client, request)
        client.cookies = cookies
        seen[answer.status_code] += 1
        if not is_honest(answer.status_code, answer.headers):
            failures.append((answer.status_code, request))
    assert not failures, failures[:5]
    # The fuzz reaches the shop: some answers are good.
    assert seen[200] > COUNT // 100
