"""The Model Context Protocol over HTTP: as the official client speaks it, and message by message."""

import pytest

from tests.search.agents.messages import PING

pytestmark = pytest.mark.django_db
ERAS = pytest.mark.parametrize("mode", ["auto", "legacy"])


# --- The official client -----------------------------------------------------------------------
@ERAS
def test_the_official_client_lists_the_tools(run, mode):
    async def conversation(agent):
        return [tool.name for tool in (await agent.list_tools()).tools]

    assert run(conversation, mode=mode) == ["search", "lookup", "similar"]


@ERAS
def test_it_agrees_on_the_newest_protocol_of_its_era(run, mode):
    async def conversation(agent):
        return agent.protocol_version

    assert run(conversation, mode=mode) == {"auto": "2026-07-28", "legacy": "2025-11-25"}[mode]


@ERAS
def test_it_calls_a_tool_and_finds_the_answer_as_described(call, shop, mode):
    answer = call("search", {"text": "red dress", "top_k": 3}, mode=mode)
    assert not answer.is_error
    assert [hit["product"]["colour"] for hit in answer.structured_content["results"]] == ["Red"] * 3


@ERAS
def test_an_unknown_tool_is_an_error_of_the_protocol(run, mode):
    from mcp.shared.exceptions import MCPError

    async def conversation(agent):
        with pytest.raises(MCPError) as refused:
            await agent.call_tool("buy", {})
        return refused.value

    refused = run(conversation, mode=mode)
    assert refused.code == -32602
    assert "search, lookup, similar" in str(refused)


@ERAS
def test_a_faulty_argument_is_a_result_that_a_model_can_act_on(call, shop, mode):
    answer = call("search", {"text": "dress", "weight": 2}, mode=mode)
    assert answer.is_error
    assert answer.content[0].text.startswith("weight: ")


def test_the_schemas_of_all_tools_are_valid(run):
    from jsonschema import Draft202012Validator

    async def conversation(agent):
        return (await agent.list_tools()).tools

    for tool in run(conversation):
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.input_schema["additionalProperties"] is False


# --- Message by message ------------------------------------------------------------------------
def test_the_list_of_tools_may_be_kept_for_a_while(run):
    async def conversation(agent):
        return await agent.list_tools()

    tools = run(conversation)
    assert (tools.ttl_ms, tools.cache_scope) == (300_000, "public")


def test_ping_is_answered(post):
    answer = post(PING)
    assert (answer.status_code, answer.json()) == (200, {"jsonrpc": "2.0", "id": 1, "result": {}})


def test_a_notification_is_accepted_without_an_answer(post):
    answer = post({"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (answer.status_code, answer.content) == (202, b"")


def test_an_unknown_method_is_named_as_such(post):
    assert post({"jsonrpc": "2.0", "id": 1, "method": "orders/create"}).json()["error"]["code"] == -32601


@pytest.mark.parametrize("method", ["get", "delete", "put"])
def test_there_are_no_streams_and_no_sessions(client, method):
    answer = getattr(client, method)("/mcp", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert answer.json()["error"]["data"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "body", [b" ", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"jsonrpc": "1.0"}', b"[" * 100_000]
)
def test_what_is_no_message_is_refused(post, body):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in (-32700, -32600, -32602)


def test_what_is_not_json_is_refused(client):
    answer = client.post("/mcp", {"jsonrpc": "2.0"})
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (415, "unsupported_media_type")


def test_a_batch_is_refused(post):
    assert post([PING, PING]).status_code == 400


def test_a_client_that_takes_no_json_is_told(post):
    assert post(PING, Accept="text/html").status_code == 406


def test_an_unknown_revision_of_the_protocol_is_refused(post):
    answer = post(PING, **{"MCP-Protocol-Version": "1999-01-01"})
    assert answer.status_code == 400


def test_the_document_of_the_api_does_not_describe_it(settings):
    from drf_spectacular.generators import SchemaGenerator

    paths = SchemaGenerator().get_schema(public=True)["paths"]
    assert [path for path in paths if not path.startswith("/api/v1/")] == []
