"""One budget for the whole API: once it is used up, every operation of the schema refuses in the same way."""

import shutil

import pytest
from django.core.cache import caches
from drf_spectacular.generators import SchemaGenerator

from tests.config.conftest import counters_at
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
IN_PATH = {
    "{product_id}": "demo-1",
    "{image_id}": "x",
    "{alert_id}": "00000000-0000-0000-0000-000000000001",
}


def operations():
    """Every method and path of the OpenAPI document, and the endpoints that it leaves out."""
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    named = [(method, path) for path, methods in paths.items() for method in methods]
    return [*named, ("get", "/api/v1/auth/resume"), ("get", "/api/v1/docs"), ("get", "/api/v1/schema")]


def ask(client, method, path):
    for placeholder, value in IN_PATH.items():
        path = path.replace(placeholder, value)
    assert "{" not in path
    return client.generic(method.upper(), path, b"{}", content_type="application/json")


def every_101st(client):
    """The answers of all operations after 100 requests from one address."""
    for _turn in range(100):
        assert client.get("/api/v1/auth/me").status_code == 401
    return {(method, path): ask(client, method, path) for method, path in operations()}


def assert_all_refuse_alike(answers):
    assert len(answers) >= 20
    assert {operation for operation, answer in answers.items() if answer.status_code != 429} == set()
    assert len({answer.content for answer in answers.values()}) == 1
    for answer in answers.values():
        assert fields_of(answer) == []
        assert int(answer["Retry-After"]) >= 1
        assert answer["RateLimit"].startswith('"api";r=0')
        assert answer["Cache-Control"] == "no-store"


def test_the_101st_is_429_on_every_endpoint_alike(client):
    assert_all_refuse_alike(every_101st(client))


def test_the_101st_is_429_on_every_endpoint_alike_while_redis_is_away(client, settings, closed_port):
    settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(f"redis://127.0.0.1:{closed_port}/0")}
    assert_all_refuse_alike(every_101st(client))


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_the_101st_is_429_on_every_endpoint_alike_with_redis(client, settings, redis_server):
    settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(redis_server[1], seconds=60)}
    assert_all_refuse_alike(every_101st(client))
    caches["ratelimit"]._local.clear()  # as another process, which counted nothing itself
    assert ask(client, "get", "/api/v1/auth/me").status_code == 429
