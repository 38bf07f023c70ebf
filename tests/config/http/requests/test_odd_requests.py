"""Thirty thousand odd requests to every address of the shop."""

import logging
import warnings
from collections import Counter

import pytest
from django.test import Client

from bench.campaign.odd_requests import is_honest, odd_requests

COUNT = 30_000


def send(client, request):
    warnings.simplefilter("ignore")  # of what the client itself thinks of them
    return client.generic(
        request.method, request.path, request.body, request.content_type or "", headers=request.headers
    )


def test_the_requests_are_the_same_for_a_seed():
    assert list(odd_requests(50, seed=3)) == list(odd_requests(50, seed=3)) != list(odd_requests(50, seed=4))


@pytest.mark.fuzz
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "staff"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_odd_request_fails(shop, admin_user, monkeypatch, who, seed):
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
