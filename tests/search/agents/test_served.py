"""The official client against a demo shop as it is served in production, with the real model."""

import asyncio
from base64 import b64encode

import pytest
from mcp import Client

from bench.server import serving
from tests.search.shop import picture

pytestmark = pytest.mark.slow
MODES = pytest.mark.parametrize("mode", ["auto", "legacy"])


@pytest.fixture(scope="module")
def address():
    with serving(24, variables={"MCP": "on", "UCP": "on"}) as server:
        yield server.address
        assert server.errors() == []


def converse(address, mode, conversation):
    async def whole():
        async with Client(f"{address}/mcp", mode=mode) as agent:
            return await conversation(agent)

    return asyncio.run(whole())


@MODES
def test_an_agent_finds_looks_up_and_goes_on(address, mode):
    async def conversation(agent):
        tools = [tool.name for tool in (await agent.list_tools()).tools]
        found = (await agent.call_tool("search", {"text": "dress", "top_k": 2})).structured_content
        chosen = found["results"][0]["product"]["id"]
        detail = (await agent.call_tool("lookup", {"ids": [chosen]})).structured_content
        others = (await agent.call_tool("similar", {"id": chosen})).structured_content
        return tools, chosen, detail, others

    tools, chosen, detail, others = converse(address, mode, conversation)
    assert tools == ["search", "lookup", "similar"]
    assert detail["products"][0]["id"] == chosen
    assert others["results"]
    assert chosen not in [hit["product"]["id"] for hit in others["results"]]


@MODES
def test_many_agents_at_once_all_get_their_answers(address, mode):
    photo = b64encode(picture("blue")).decode()

    async def one():
        async with Client(f"{address}/mcp", mode=mode) as agent:
            answers = [
                await agent.call_tool("search", arguments)
                for arguments in ({"text": "red dress"}, {"image_base64": photo, "text": "bag"}, {})
            ]
            return [answer.is_error for answer in answers]

    async def everybody():
        return await asyncio.gather(*(one() for _agent in range(12)))

    assert asyncio.run(everybody()) == [[False, False, True]] * 12
