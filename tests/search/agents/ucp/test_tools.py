"""The catalogue as tools of the Model Context Protocol, asked by the official client."""

import json
from base64 import b64encode

import pytest

from tests.search.agents.ucp.platform import PLATFORM
from tests.search.shop import picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_calls_every_operation(tool, shop, mode):
    searched = tool("search_catalog", {"query": "red dress"}, mode=mode).structured_content
    product_id = searched["products"][0]["id"]
    looked_up = tool("lookup_catalog", {"ids": [product_id]}, mode=mode).structured_content
    detail = tool("get_product", {"id": product_id}, mode=mode).structured_content
    assert looked_up["products"][0]["id"] == detail["product"]["id"] == product_id


def test_the_text_of_a_tool_is_its_answer_as_json(tool, shop):
    answer = tool("search_catalog", {"query": "red dress"})
    assert json.loads(answer.content[0].text) == answer.structured_content


@pytest.mark.parametrize(
    ("name", "catalog", "profile", "code"),
    [
        ("search_catalog", {"query": "x"}, "", -32001),
        ("search_catalog", {}, PLATFORM, -32602),
        ("lookup_catalog", {"ids": [f"x-{n}" for n in range(51)]}, PLATFORM, -32602),
        ("lookup_catalog", {"ids": 5}, PLATFORM, -32602),
        ("buy", {}, PLATFORM, -32602),
    ],
)
def test_what_the_transport_refuses_is_an_error_of_json_rpc(tool, db, name, catalog, profile, code):
    from mcp.shared.exceptions import MCPError

    with pytest.raises(ExceptionGroup) as refused:
        tool(name, catalog, profile=profile)
    (error,) = _leaves(refused.value)
    assert isinstance(error, MCPError)
    assert error.code == code


def _leaves(group):
    for each in group.exceptions:
        if isinstance(each, ExceptionGroup):
            yield from _leaves(each)
        else:
            yield each


def test_a_used_up_budget_keeps_its_status_and_its_time(post, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    photo = {"base64": b64encode(picture("blue")).decode()}
    arguments = {"meta": {"ucp-agent": {"profile": PLATFORM}}, "catalog": {"image": photo}}
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search_catalog", "arguments": arguments},
    }
    answer = post(message, path="/ucp/mcp")
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == -32000
    assert int(answer["Retry-After"]) == answer.json()["error"]["data"]["retry_after"]
