"""The operations of the catalogue, asked by a platform whose profile lies on the web."""

import json

import pytest
import responses

from tests.search.agents.ucp.platform import PLATFORM, platform_profile


@pytest.fixture
def web():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.get(PLATFORM, json=platform_profile())
        yield mocked


@pytest.fixture
def ask(client, web):
    """The HTTP answer of one operation."""

    def ask(operation, payload, *, profile=PLATFORM, **headers):
        agent = {} if profile is None else {"UCP-Agent": f'profile="{profile}"'}
        body = payload if isinstance(payload, str) else json.dumps(payload)
        return client.post(
            f"/ucp/catalog/{operation}", body, content_type="application/json", headers=agent | headers
        )

    return ask


@pytest.fixture
def found(ask):
    def found(operation, **payload):
        answer = ask(operation, payload)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return found


@pytest.fixture
def tool(call, web):
    def tool(name, catalog, *, profile=PLATFORM, **options):
        meta = {"ucp-agent": {"profile": profile}}
        return call(name, {"meta": meta, "catalog": catalog}, path="/ucp/mcp", **options)

    return tool
