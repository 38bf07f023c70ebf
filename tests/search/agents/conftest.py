"""A shop that agents may ask, and the official package's own client to ask it over HTTP."""

import asyncio
import json
import queue
from concurrent.futures import Future, ThreadPoolExecutor

import httpx2
import pytest
import responses
from django.test import Client
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from tests.search.agents.messages import call_of

SITE = "http://testserver"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.MCP = settings.UCP = True


class DjangoTransport(httpx2.AsyncBaseTransport):
    """Carries requests of an HTTP client to ``jobs``, which the test's own thread works off: it alone has the
    database of the test.
    """

    def __init__(self, jobs):
        self._jobs = jobs

    async def handle_async_request(self, request):
        body = await request.aread()
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        content_type = headers.pop("content-type", "")
        answered = Future()
        self._jobs.put((answered, (request.method, request.url.path, body, content_type, headers)))
        answer = await asyncio.wrap_future(answered)
        return httpx2.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


@pytest.fixture
def run():
    """Runs ``conversation(agent)`` with the official client, by default as it chooses the protocol itself."""

    def run(conversation, *, path="/mcp", mode="auto", headers=None):
        jobs = queue.SimpleQueue()

        async def whole():
            transport = DjangoTransport(jobs)
            async with (
                httpx2.AsyncClient(transport=transport, headers=headers) as http,
                McpClient(streamable_http_client(SITE + path, http_client=http), mode=mode) as agent,
            ):
                return await conversation(agent)

        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(asyncio.run, whole())
            done.add_done_callback(lambda _done: jobs.put(None))
            while job := jobs.get():
                answered, (method, path, body, content_type, extra) = job
                # The client may have gone without waiting, as after a notification.
                is_awaited = answered.set_running_or_notify_cancel()
                try:
                    answer = Client().generic(method, path, body, content_type=content_type, headers=extra)
                except Exception as error:
                    if not is_awaited:
                        raise
                    answered.set_exception(error)
                else:
                    if is_awaited:
                        answered.set_result(answer)
            return done.result()

    return run


@pytest.fixture
def call(run):
    """The result of one tool."""

    def call(name, arguments=None, **options):
        async def conversation(agent):
            return await agent.call_tool(name, arguments or {})

        return run(conversation, **options)

    return call


@pytest.fixture
def post(client):
    """Posts one raw JSON-RPC message."""

    def post(message, *, path="/mcp", **headers):
        headers = {"Accept": "application/json, text/event-stream", **headers}
        body = message if isinstance(message, bytes | str) else json.dumps(message)
        return client.post(path, body, content_type="application/json", headers=headers)

    return post


@pytest.fixture
def ask(post):
    """The result of a tool, asked without the client, which is quicker."""

    def ask(name, **arguments):
        answer = post(call_of(name, **arguments))
        assert answer.status_code == 200, answer.content
        return answer.json()["result"]

    return ask


@pytest.fixture
def found(ask):
    """The structured answer of a tool that does not refuse."""

    def found(name, **arguments):
        result = ask(name, **arguments)
        assert "isError" not in result or not result["isError"], result
        return result["structuredContent"]

    return found


@pytest.fixture
def refused(ask):
    """The text and the code of a refusal."""

    def refused(name, **arguments):
        result = ask(name, **arguments)
        assert result["isError"], result
        return result["content"][0]["text"], result["_meta"]["tandem/refusal"]["code"]

    return refused


@pytest.fixture
def web():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked
