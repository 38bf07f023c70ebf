"""Messages of the Model Context Protocol over HTTP, each answered within its request and in its thread.

The official package does the protocol: both its stateless revision and the older ones with a handshake. It is
asynchronous and this site is not, so every message gets an event loop of its own (asgiref's), which hands the
calls of tools back to the request's thread, where its database connection, language and budgets are. Nothing
is kept between messages: there are no sessions, no streams and no messages from the server.
"""

from __future__ import annotations

import asyncio
from typing import Any

import mcp_types
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from mcp.server.caching import CacheHint
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError

from search.agents.tools import ProtocolRefusal, Tool, ToolResult, Toolset, UnknownTool


def answered(request: HttpRequest, toolset: Toolset, body: bytes) -> HttpResponse:
    """The response to a POST with this body. Raises what a tool raised that is no refusal."""
    exchange = _Exchange(request, toolset)
    response = async_to_sync(exchange.run)(body)
    if exchange.failure is not None:
        raise exchange.failure
    return response


class _Exchange:
    def __init__(self, request: HttpRequest, toolset: Toolset) -> None:
        self._request = request
        self._toolset = toolset
        # What the protocol would report as an internal error, and Django as what it is.
        self.failure: Exception | None = None
        self._refusal: ProtocolRefusal | None = None

    async def run(self, body: bytes) -> HttpResponse:
        received, response = _Body(body), _Response()
        manager = StreamableHTTPSessionManager(
            self._server(),
            json_response=True,
            stateless=True,
            max_request_body_size=2 * settings.MAX_UPLOAD_BYTES,
        )
        async with manager.run():
            await manager.handle_request(_scope(self._request), received, response)
        answer = response.finished()
        if self._refusal is not None:
            answer.status_code = self._refusal.status
            if (seconds := self._refusal.data.get("retry_after")) is not None:
                answer["Retry-After"] = str(seconds)
        return answer

    def _server(self) -> Server[Any]:
        toolset = self._toolset
        return Server(
            toolset.name,
            title=toolset.title,
            version=toolset.version,
            instructions=toolset.instructions,
            cache_hints={"tools/list": CacheHint(ttl_ms=300_000, scope="public")},
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )

    async def _list_tools(self, _context: Any, _params: Any) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[_described(tool) for tool in self._toolset.tools])

    async def _call_tool(
        self, _context: Any, params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        try:
            result: ToolResult = await sync_to_async(self._toolset.call)(
                self._request, params.name, params.arguments or {}
            )
        except ProtocolRefusal as refusal:
            self._refusal = refusal
            raise MCPError(refusal.code, str(refusal), refusal.data) from None
        except UnknownTool as error:
            raise MCPError(mcp_types.INVALID_PARAMS, str(error)) from None
        except Exception as error:
            self.failure = error
            raise MCPError(mcp_types.INTERNAL_ERROR, "Internal error") from error
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(type="text", text=result.text)],
            structured_content=result.structured,
            is_error=result.is_error,
            _meta=result.meta or None,
        )


def _described(tool: Tool) -> mcp_types.Tool:
    return mcp_types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=mcp_types.ToolAnnotations(
            title=tool.title, read_only_hint=True, destructive_hint=False, open_world_hint=False
        ),
    )


class _Body:
    """ASGI's ``receive``: the whole body, then silence, as the client waits for its answer."""

    def __init__(self, body: bytes) -> None:
        self._messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def __call__(self) -> dict[str, Any]:
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop()


class _Response:
    """ASGI's ``send``, collected."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def finished(self) -> HttpResponse:
        response = HttpResponse(self._body, status=self._status)
        del response["Content-Type"]
        for name, value in self._headers:
            if name.lower() != b"content-length":
                response[name.decode("latin-1")] = value.decode("latin-1")
        return response


def _scope(request: HttpRequest) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path_info,
        "raw_path": request.path_info.encode(),
        "query_string": request.META.get("QUERY_STRING", "").encode("latin-1", "replace"),
        "headers": [
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in request.headers.items()
        ],
    }
