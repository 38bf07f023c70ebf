"""Who asks: the platform's own profile, what both sides can do, and budgets."""

import threading

import pytest
import responses

from accounts import api_keys
from catalog.sources.base import SourceError
from search.admission import Fetches
from search.agents.ucp import platforms
from search.agents.ucp.names import LOOKUP, SEARCH, VERSION
from tests.search.agents.ucp.platform import EXTENSION, PLATFORM, codes, platform_profile

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "profile", [None, "", "http://platform.example/x", "file:///etc/passwd", "x", "https://["]
)
def test_a_platform_needs_an_address_of_its_profile(ask, db, profile):
    answer = ask("search", {"query": "dress"}, profile=profile)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_profile_url")
    assert answer.json()["continue_url"] == "http://testserver/"


@pytest.mark.parametrize(
    ("theirs", "status", "code"),
    [
        ({"status": 404}, 424, "profile_unreachable"),
        ({"status": 302, "headers": {"Location": PLATFORM}}, 424, "profile_unreachable"),
        ({"body": "<html>"}, 422, "profile_malformed"),
        ({"json": []}, 422, "profile_malformed"),
        ({"json": {"ucp": {"version": VERSION, "capabilities": {SEARCH: [1]}}}}, 422, "profile_malformed"),
        ({"body": "[" * 100_000}, 422, "profile_malformed"),
        ({"json": platform_profile("2026-01-11")}, 422, "version_unsupported"),
    ],
)
def test_a_platform_that_cannot_be_dealt_with_is_told_why(ask, db, web, theirs, status, code):
    web.replace(responses.GET, PLATFORM, **theirs)
    answer = ask("search", {"query": "dress"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("address", ["https://127.0.0.1/p", "https://169.254.169.254/p", "https://[::1]/p"])
def test_profiles_on_private_addresses_are_not_fetched(ask, db, web, address):
    # The mock passes it on, so that it meets the check of addresses.
    web.add_passthru(address)
    assert ask("search", {"query": "dress"}, profile=address).json()["code"] == "profile_unreachable"
    with pytest.raises(SourceError, match="not a public one"):
        platforms._fetched(address)


@pytest.mark.parametrize(("https", "refusal"), [(True, "not a public one"), (False, "did not answer")])
def test_profiles_on_private_addresses_are_for_a_first_try_without_tls(settings, https, refusal):
    settings.ALLOW_PRIVATE_FEEDS, settings.HTTPS = True, https
    with pytest.raises(SourceError, match=refusal):
        platforms._fetched("https://127.0.0.1:9/p")


@pytest.mark.parametrize(("https", "status"), [(True, 400), (False, 200)])
def test_profiles_without_tls_are_for_a_shop_without_tls(client, shop, web, settings, https, status):
    settings.ALLOW_PRIVATE_FEEDS, settings.HTTPS = True, https
    plain = PLATFORM.replace("https:", "http:")
    web.get(plain, json=platform_profile())
    answer = client.post(
        "/ucp/catalog/search",
        {"query": "dress"},
        content_type="application/json",
        headers={"UCP-Agent": f'profile="{plain}"'},
    )
    assert answer.status_code == status


def test_a_profile_that_hangs_is_not_waited_for(ask, db, monkeypatch):
    is_over = threading.Event()
    monkeypatch.setattr(platforms, "FETCH_SECONDS", 0.01)
    monkeypatch.setattr(platforms, "_fetches", Fetches(1, waiting=0))
    monkeypatch.setattr(platforms, "_fetched", lambda _url: is_over.wait())
    assert ask("search", {"query": "dress"}).json()["code"] == "profile_unreachable"
    is_over.set()


def test_a_platform_without_the_capability_gets_an_outcome(ask, db, web):
    web.replace(responses.GET, PLATFORM, json=platform_profile(names=(LOOKUP,)))
    answer = ask("search", {"query": "dress"})
    assert answer.status_code == 200
    assert answer.json()["ucp"]["status"] == "error"
    assert codes(answer.json()) == ["capabilities_incompatible"]


def test_a_profile_is_fetched_once_and_kept(found, shop, web):
    for _turn in range(3):
        found("search", query="dress")
    assert len(web.calls) == 1


def test_a_profile_that_failed_is_left_alone_for_a_while(ask, db, web):
    web.replace(responses.GET, PLATFORM, status=500)
    for _turn in range(3):
        assert ask("search", {"query": "dress"}).status_code == 424
    assert len(web.calls) == 1


def test_fetches_of_profiles_are_counted(ask, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    assert ask("search", {"query": "dress"}).status_code == 200
    other = ask("search", {"query": "dress"}, profile="https://other.example/profile.json")
    assert other.status_code == 429
    assert other["Retry-After"]


def test_only_what_both_can_do_and_what_matters_is_declared(found, shop, web):
    assert set(found("search", query="dress")["ucp"]["capabilities"]) == {SEARCH, EXTENSION}
    assert set(found("lookup", ids=["x"])["ucp"]["capabilities"]) == {LOOKUP}


def test_an_extension_without_its_parent_is_not_shared(ask, db, web):
    web.replace(responses.GET, PLATFORM, json=platform_profile(names=(LOOKUP, EXTENSION)))
    answer = ask("lookup", {"ids": ["x"]}).json()
    assert set(answer["ucp"]["capabilities"]) == {LOOKUP}


def test_requests_count_with_those_of_the_api(ask, db, settings):
    settings.RATE_LIMIT = "1/m"
    ask("search", {"query": "dress"})
    refused = ask("search", {"query": "dress"})
    assert refused.status_code == 429
    assert refused.json()["content"]


def test_a_key_has_a_budget_of_its_own(ask, db):
    _key, text = api_keys.create(name="Platform")
    answer = ask("search", {"query": "dress"}, **{"X-API-Key": text})
    assert answer["RateLimit-Policy"].startswith('"api";q=600')
