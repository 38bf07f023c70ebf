"""A shop on a PostgreSQL that is read-only, or accepts connections and never answers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bench.campaign import postgres
from bench.server import serving

pytestmark = [pytest.mark.services, pytest.mark.slow]

PASSWORD = "seven green umbrellas"
SIGN_IN = {"email": "ada@example.com", "password": PASSWORD, "tokens": "body"}
PERSON = SIGN_IN | {"name": "Ada"}
API = "/api/v1"
# The settings bound a wait to less than five seconds, a machine with other work takes some more. What is not
# bounded ends when the test gives its request up.
GIVEN_UP, BOUNDED = 60.0, 30.0


@pytest.fixture(scope="module")
def database():
    if postgres.programs() is None:
        pytest.skip("needs PostgreSQL's programs, on Linux")
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    """A server with a small shop on that database, and a person's tokens."""
    folder = tmp_path_factory.mktemp("shop")
    with serving(12, folder, variables={"DATABASE_URL": database.url}) as server:
        registered = requests.post(f"{server.address}{API}/auth/register", json=PERSON, timeout=30)
        registered.raise_for_status()
        yield server.address, registered.json()


def send(site, method, path, *, signed_in=True, **options):
    """(response, seconds)."""
    address, tokens = site
    headers = {"Authorization": f"Bearer {tokens['access']}"} if signed_in else {}
    began = time.monotonic()
    response = requests.request(method, address + path, headers=headers, timeout=GIVEN_UP, **options)
    return response, time.monotonic() - began


def writes(site):
    """Requests that have to write, by name."""
    return {
        "sign-in": ("POST", f"{API}/auth/login", {"json": SIGN_IN, "signed_in": False}),
        "wrong password": (
            "POST",
            f"{API}/auth/login",
            {"json": SIGN_IN | {"password": "wrong one"}, "signed_in": False},
        ),
        "register": (
            "POST",
            f"{API}/auth/register",
            {"json": PERSON | {"email": "bob@example.com"}, "signed_in": False},
        ),
        "favourite": ("POST", f"{API}/favorites", {"json": {"product_id": product(site)}}),
        "refresh": (
            "POST",
            f"{API}/auth/refresh",
            {"json": {"refresh": site[1]["refresh"]}, "signed_in": False},
        ),
        "sign-out": ("POST", f"{API}/auth/logout", {"json": {}}),
        "name": ("PATCH", f"{API}/auth/me", {"json": {"name": "Bea"}}),
    }


def product(site):
    answer, _seconds = send(site, "POST", f"{API}/text-search", json={"text": "dress"}, signed_in=False)
    return answer.json()["results"][0]["product"]["id"]


def assert_honest(response):
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) > 0


def test_what_must_be_written_is_503_while_the_database_is_read_only_and_the_rest_works(site, database):
    requests_by_name = writes(site)
    with database.read_only():
        time.sleep(0.5)
        for method, path, options in requests_by_name.values():
            assert_honest(send(site, method, path, **options)[0])
        for method, path, options in (
            ("POST", f"{API}/text-search", {"json": {"text": f"dress {time.monotonic()}"}}),
            ("GET", "/", {}),
            ("GET", f"{API}/auth/me", {}),
            ("GET", "/readyz", {}),
        ):
            assert send(site, method, path, **options)[0].status_code == 200, path
    time.sleep(0.5)
    assert send(site, "PATCH", f"{API}/auth/me", json={"name": "Bea"})[0].status_code == 200


def test_everything_is_503_in_time_while_the_database_never_answers(site, database):
    requests_by_name = writes(site)
    with database.frozen(), ThreadPoolExecutor(8) as pool:
        began = [
            pool.submit(send, site, method, path, **options)
            for method, path, options in requests_by_name.values()
        ]
        time.sleep(0.1)
        _alive, of_health = send(site, "GET", "/healthz")
        waits = []
        for future in began:
            response, seconds = future.result()
            assert_honest(response)
            waits.append(seconds)
        assert of_health < max(waits) < BOUNDED
        for path in ("/", "/results?text=red+dress", "/readyz", "/auth/account"):
            response, seconds = send(site, "GET", path)
            assert response.status_code in {200, 302, 303, 503}
            assert seconds < BOUNDED
    time.sleep(3)
    assert send(site, "GET", f"{API}/auth/me")[0].status_code == 200
