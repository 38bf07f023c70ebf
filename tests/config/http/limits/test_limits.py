import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from accounts.models import User
from config.http import budgets, clients
from tests.accounts.helpers import bearer
from tests.problems import fields_of
from tests.search.shop import picture

pytestmark = pytest.mark.django_db
HEALTHY = "/api/v1/auth/me"


@pytest.fixture
def few(settings):
    """Small budgets, where the number is not what the test is about: 5 API requests, 8 pages."""
    settings.RATE_LIMIT, settings.RATE_LIMIT_PAGES = "5/m", "8/m"


def statuses(client, requests, path=HEALTHY, **extra):
    return [client.get(path, **extra).status_code for _ in range(requests)]


def test_the_101st_request_of_a_minute_is_refused(client):
    codes = statuses(client, 101)
    assert set(codes[:100]) == {401}
    assert codes[100] == 429


def test_the_whole_api_is_one_budget_and_every_endpoint_refuses_alike(client, few):
    paths = ["/api/v1/auth/me", "/api/v1/favorites", "/api/v1/nothing", "/api/v1/schema?format=json"]
    for turn in range(5):
        client.get(paths[turn % 3])
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 429
        assert fields_of(answer) == []
    posted = client.post("/api/v1/text-search", {"text": "dress"}, content_type="application/json")
    assert posted.status_code == 429


def test_a_refusal_says_when_to_come_back_and_then_lets_in(client, few, limiter_clock):
    statuses(client, 5)
    refused = client.get(HEALTHY)
    wait = int(refused["Retry-After"])
    assert 1 <= wait <= 60
    assert refused["RateLimit-Policy"] == '"api";q=5;w=60'
    assert refused["RateLimit"] == f'"api";r=0;t={wait}'
    limiter_clock.now += wait + 1
    assert client.get(HEALTHY).status_code == 401


def test_every_api_answer_says_what_is_left(client):
    statuses(client, 4)
    assert client.get(HEALTHY)["RateLimit"].startswith('"api";r=95;t=')


def test_a_sign_in_is_checked_once_for_all_budgets(client, monkeypatch):
    user, checked = User.objects.create_user("ada@example.com", "seven green umbrellas"), []
    found_out = clients.claimed_user
    monkeypatch.setattr(clients, "claimed_user", lambda request: checked.append(1) or found_out(request))
    answer = client.get(HEALTHY, **bearer(user))
    assert answer["RateLimit"].count(";r=") == 2
    assert len(checked) == 1


def test_another_address_has_its_own_budget(client, few):
    assert statuses(client, 6)[-1] == 429
    assert client.get(HEALTHY, REMOTE_ADDR="192.0.2.7").status_code == 401


def test_a_forged_forwarded_header_buys_nothing(client, few):
    codes = [client.get(HEALTHY, HTTP_X_FORWARDED_FOR=f"198.51.100.{turn}").status_code for turn in range(6)]
    assert codes == [401] * 5 + [429]


def test_an_ipv6_household_is_one_address(client, few):
    codes = [client.get(HEALTHY, REMOTE_ADDR=f"2001:db8:1:2::{turn:x}").status_code for turn in range(6)]
    assert codes == [401] * 5 + [429]
    assert client.get(HEALTHY, REMOTE_ADDR="2001:db8:1:3::1").status_code == 401


def test_pages_and_api_have_separate_budgets_and_a_page_refuses_as_a_page(client, few):
    assert statuses(client, 6)[-1] == 429
    assert client.get("/auth/login").status_code == 200
    codes = statuses(client, 8, "/auth/register")
    assert codes == [200] * 7 + [429]
    refused = client.get("/auth/login")
    assert refused["Content-Type"].startswith("text/html")
    assert int(refused["Retry-After"]) >= 1


def test_probes_are_never_refused(client, few):
    assert statuses(client, 9, "/auth/register")[-1] == 429
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("page", "endpoint", "allowed"),
    [("/auth/login", "/api/v1/auth/login", 10), ("/auth/register", "/api/v1/auth/register", 20)],
)
def test_signing_in_and_registering_have_a_tighter_budget_shared_by_page_and_api(
    client, page, endpoint, allowed
):
    for turn in range(allowed):
        if turn % 2:
            assert client.post(page, {}).status_code == 422
        else:
            assert client.post(endpoint, {}, content_type="application/json").status_code == 400
    assert client.post(page, {}).status_code == 429
    assert client.post(endpoint, {}, content_type="application/json").status_code == 429
    assert client.get(page).status_code == 200


def send_picture(client, path="/api/v1/image-search"):
    return client.post(path, {"image": SimpleUploadedFile("red.jpg", picture("red"), "image/jpeg")})


@pytest.mark.parametrize("path", ["/api/v1/image-search", "/results"])
def test_decoded_pictures_have_a_tighter_budget(client, shop, settings, path):
    settings.RATE_LIMIT = "10/m"
    codes = [send_picture(client, path).status_code for _ in range(4)]
    assert codes[2:] == [200 if path.startswith("/api/") else 303, 429]


def test_a_refused_picture_says_which_budget_and_when_to_come_back(client, shop, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    send_picture(client)
    refused = send_picture(client)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused["Retry-After"]) >= 1
    assert refused["RateLimit-Policy"] == '"picture";q=1;w=60'


def test_a_form_without_a_picture_is_an_ordinary_request(client, shop, settings):
    settings.RATE_LIMIT = "10/m"
    codes = [client.post("/api/v1/recommend", {"text": "red"}).status_code for _ in range(10)]
    assert set(codes) == {200}


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("RATE_LIMIT_SIGN_IN", "/api/v1/auth/login"),
        ("RATE_LIMIT_REGISTER", "/api/v1/auth/register"),
        ("RATE_LIMIT_FORGOT", "/api/v1/auth/forgot"),
    ],
)
def test_an_operator_sets_each_budget(client, settings, setting, path):
    setattr(settings, setting, "2/h")
    codes = [client.post(path, {}, content_type="application/json").status_code for _ in range(3)]
    assert codes == [400, 400, 429]


@pytest.mark.parametrize(
    ("base", "per_hour"), [("100/m", "20/h"), ("1000/m", "200/h"), ("6000/h", "20/h"), ("1/d", "1/h")]
)
def test_budgets_of_another_period_follow_the_rate_too(base, per_hour):
    assert budgets.share(0.2, base, "h") == per_hour


def test_signed_in_people_of_one_address_have_a_budget_each(client, db, few):
    ada, bob = (
        bearer(User.objects.create_user(f"{name}@example.com", "seven green umbrellas"))
        for name in ("ada", "bob")
    )
    assert statuses(client, 6, **ada)[-1] == 429
    assert client.get(HEALTHY, **bob).status_code == 200
    assert client.get(HEALTHY).status_code == 401


def test_a_person_is_one_client_wherever_they_are(client, db, few):
    ada = bearer(User.objects.create_user("ada@example.com", "seven green umbrellas"))
    codes = [client.get(HEALTHY, REMOTE_ADDR=f"192.0.2.{turn}", **ada).status_code for turn in range(6)]
    assert codes == [200] * 5 + [429]


def test_an_invented_token_buys_no_budget(client, few):
    codes = [client.get(HEALTHY, HTTP_AUTHORIZATION=f"Bearer a.{turn}.c").status_code for turn in range(6)]
    assert codes == [401] * 5 + [429]


def test_many_accounts_of_one_address_have_a_bound_together(client, db, settings):
    settings.RATE_LIMIT_ADDRESS = "3/m"
    people = [User.objects.create_user(f"p{n}@example.com", "seven green umbrellas") for n in range(4)]
    assert [client.get(HEALTHY, **bearer(each)).status_code for each in people] == [200, 200, 200, 429]


def test_raising_the_rate_raises_the_picture_budget_with_it(settings):
    settings.RATE_LIMIT = "1000/m"
    assert budgets.share(0.3) == "300/m"


@pytest.mark.parametrize(
    ("proxies", "peer", "header", "expected"),
    [
        (0, "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "garbage", "10.0.0.1"),
        (1, "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (1, "10.0.0.1", "[2001:db8:a:b:c::1]:4711", "2001:db8:a:b::"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "fe80::1%eth0", "", "fe80::"),
        (0, "", "", "0.0.0.0"),  # noqa: S104 - the name for an unknown address
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(settings, proxies, peer, header, expected):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=header)
    assert clients.client_address(request) == expected
