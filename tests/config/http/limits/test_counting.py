"""Where the budgets are counted: in Redis, and in the process while Redis is away."""

import shutil
import socket

import pytest
from django.core.cache import caches

from tests.config.conftest import counters_at

pytestmark = pytest.mark.django_db
HEALTHY = "/api/v1/auth/me"


def statuses(client, requests, path=HEALTHY, **extra):
    return [client.get(path, **extra).status_code for _ in range(requests)]


def test_without_redis_the_process_counts_and_the_101st_is_still_refused(
    client, settings, redis_calls, closed_port
):
    settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(f"redis://127.0.0.1:{closed_port}/0")}
    codes = statuses(client, 101)
    assert set(codes[:100]) == {401}
    assert codes[100] == 429
    assert redis_calls == ["add"]


def test_a_redis_that_swallows_connections_costs_one_timeout_not_one_per_request(settings, redis_calls):
    with socket.socket() as black_hole:
        black_hole.bind(("127.0.0.1", 0))
        black_hole.listen(64)
        url = f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0"
        settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(url)}
        for turn in range(50):
            caches["ratelimit"].add(f"key-{turn}", 1)
    assert redis_calls == ["add"]


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_with_redis_the_101st_is_refused_and_two_processes_share_the_budget(client, settings, redis_server):
    settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(redis_server[1], seconds=60)}
    statuses(client, 60)
    caches["ratelimit"]._local.clear()  # what another process would not have
    codes = statuses(client, 41)
    assert codes == [401] * 40 + [429]


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_redis_killed_midway_neither_fails_nor_lifts_the_limit(client, settings, redis_server):
    process, url = redis_server
    settings.CACHES = {**settings.CACHES, "ratelimit": counters_at(url, seconds=60)}
    before = statuses(client, 50)
    process.kill()
    process.wait()
    after = statuses(client, 51)
    assert set(before) == {401}
    assert after == [401] * 50 + [429]
