"""The Model Context Protocol over HTTP: as the official client speaks it, and message by message."""

import json

import pytest
from django.db import OperationalError

from accounts import api_keys
from tests.search.shop import picture

pytestmark = pytest.mark.django_db
ERAS = pytest.mark.parametrize("mode", ["auto", "legacy"])
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.MCP = True


def call_of(name, **arguments):
    params = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}


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


# --- Who may ask -------------------------------------------------------------------------------
def test_off_it_is_not_there(post, settings):
    settings.MCP = False
    assert post(PING).status_code == 404


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://[", ""]
)
def test_a_page_of_another_site_is_refused(post, origin):
    answer = post(PING, Origin=origin)
    assert answer.status_code == 403
    assert answer.json()["error"]["data"]["code"] == "forbidden"


@pytest.mark.parametrize("origin", ["http://testserver", "https://app.example"])
def test_a_page_of_this_site_or_of_an_allowed_one_may_ask(post, settings, origin):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    assert post(PING, Origin=origin).status_code == 200


def test_a_name_that_is_not_the_sites_is_refused(post):
    answer = post(PING, Host="rebound.example")
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (400, "host_refused")


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_serves_in_its_header_and_as_a_bearer_token(post, header):
    _key, text = api_keys.create(name="Agent")
    answer = post(PING, **{header: text if header == "X-API-Key" else f"Bearer {text}"})
    assert answer.status_code == 200
    assert answer["RateLimit-Policy"].startswith('"api";q=600')


@pytest.mark.parametrize("header", [{"X-API-Key": "tandem_x"}, {"Authorization": "Bearer something"}])
def test_a_credential_that_is_no_key_is_refused(post, header):
    answer = post(PING, **header)
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (401, "api_key_invalid")


def test_a_key_needs_the_scope_to_search(post):
    _key, text = api_keys.create(name="Agent", may_search=False, may_read_stats=True)
    answer = post(PING, **{"X-API-Key": text})
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (403, "scope_missing")


def test_cookies_of_a_person_count_for_nothing(post, client):
    client.cookies["access"] = client.cookies["__Host-access"] = "expired"
    assert post(PING).status_code == 200


# --- Budgets and limits ------------------------------------------------------------------------
def test_messages_are_counted_with_the_requests_of_the_api(post, client, settings):
    settings.RATE_LIMIT = "2/m"
    assert client.get("/api/v1/problems").status_code == 200
    assert post(PING).status_code == 200
    refused = post(PING)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert refused.json()["error"]["data"]["code"] == "too_many_requests"


def test_a_body_beyond_a_picture_is_refused_before_it_is_read(post, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = post(b" " * 1_100_000)
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (413, "too_large")


def test_an_outage_is_503_with_retry_after(post, shop, monkeypatch, client):
    client.raise_request_exception = False

    def away(*_args, **_options):
        raise OperationalError("the database is away")

    monkeypatch.setattr("search.api.asking.search", away)
    answer = post(call_of("search", text="dress"))
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_fault_of_ours_is_500_and_tells_nothing(post, shop, monkeypatch, client):
    client.raise_request_exception = False

    def broken(*_args, **_options):
        raise RuntimeError("secret")

    monkeypatch.setattr("search.api.asking.search", broken)
    answer = post(call_of("search", text="dress"))
    assert answer.status_code == 500
    assert "secret" not in json.dumps(answer.json())


def test_the_language_of_the_request_reaches_the_tools(post, shop):
    message = call_of("search", weight=2)
    english, german = (
        post(message, **{"Accept-Language": language}).json()["result"]["content"]
        for language in ("en", "de")
    )
    assert english != german


def test_the_pictures_that_it_is_sent_are_counted(post, shop, settings):
    from base64 import b64encode

    settings.RATE_LIMIT_PICTURES = "1/m"
    message = call_of("search", image_base64=b64encode(picture("blue")).decode())
    assert not post(message).json()["result"].get("isError")
    refused = post(message).json()["result"]
    assert refused["isError"]
    assert refused["_meta"]["tandem/refusal"]["code"] == "too_many_requests"
    assert refused["_meta"]["tandem/refusal"]["retry_after"] >= 1
