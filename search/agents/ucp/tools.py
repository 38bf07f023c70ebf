"""The catalogue's operations as tools of the Model Context Protocol, at /ucp/mcp."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.http import HttpRequest

from search.agents import refusals
from search.agents.addresses import site
from search.agents.schemas import TEXT, Schema, list_of, object_of
from search.agents.tools import Arguments, ProtocolRefusal, Tool, ToolResult, Toolset, problem_of, tool_named
from search.agents.ucp.catalog import carry_out
from search.agents.ucp.names import VERSION
from search.agents.ucp.platforms import PlatformRefused
from search.agents.ucp.profile import IMAGE, WEIGHT
from search.agents.ucp.requests import MAX_ID, MAX_IDS, TooManyIds
from search.query import MAX_TEXT, MAX_TOP_K

_REFUSED, _INVALID_PARAMS, _DISCOVERY_FAILED = -32000, -32602, -32001


class CatalogToolset(Toolset):
    """What the transport of the protocol calls an error is one; outcomes are results."""

    def call(self, request: HttpRequest, name: str, arguments: Arguments) -> ToolResult:
        tool = tool_named(self, name)
        try:
            return tool.run(request, arguments)
        except PlatformRefused as refusal:
            data = {"code": refusal.code, "content": str(refusal), "continue_url": f"{site(request)}/"}
            raise ProtocolRefusal(_DISCOVERY_FAILED, str(refusal), data, refusal.status) from None
        except TooManyIds:
            problem = refusals.too_many_ids(MAX_IDS)
            raise ProtocolRefusal(_INVALID_PARAMS, problem["content"], problem, 400) from None
        except Exception as error:
            refused = problem_of(error)
            if refused is None:
                raise
            raise _refusal(*refused) from None


def _refusal(problem: dict[str, Any], retry_after: str | None) -> ProtocolRefusal:
    code = _INVALID_PARAMS if problem["status"] in (400, 404, 410, 413, 415) else _REFUSED
    wait = {} if retry_after is None else {"retry_after": int(retry_after)}
    return ProtocolRefusal(code, refusals.sentences(problem), problem | wait, problem["status"])


def _run(name: str, request: HttpRequest, arguments: Arguments) -> ToolResult:
    meta, payload = arguments.get("meta"), arguments.get("catalog")
    agent = meta.get("ucp-agent") if isinstance(meta, dict) else None
    profile = agent.get("profile") if isinstance(agent, dict) else None
    response = carry_out(
        name,
        request,
        payload if isinstance(payload, dict) else {},
        profile_url=profile if isinstance(profile, str) else "",
    )
    return ToolResult(json.dumps(response, ensure_ascii=False), response)


_META: Schema = object_of({"ucp-agent": object_of({"profile": {**TEXT, "format": "uri"}})})
_CONTEXT: Schema = {"type": "object", "description": "Hints: currency is that of the price filter."}
_AMOUNT: Schema = {"type": "integer", "minimum": 0, "description": "In minor units of the currency."}
_FILTERS: Schema = {
    "type": "object",
    "properties": {
        "categories": list_of(TEXT),
        "price": object_of({"min": _AMOUNT, "max": _AMOUNT}, required=()),
        **{name: list_of(TEXT) for name in ("colour", "size", "brand", "gender", "material", "pattern")},
        **{name: {"type": "boolean"} for name in ("in_stock", "on_sale")},
    },
}
_PAGINATION: Schema = object_of(
    {
        "cursor": TEXT,
        "limit": {"type": "integer", "minimum": 1, "default": 10, "description": f"Up to {MAX_TOP_K}."},
    },
    required=(),
)
_ID: Schema = {**TEXT, "maxLength": MAX_ID, "description": "Of a product or a variant."}
_SELECTED = list_of(object_of({"name": TEXT, "label": TEXT}))
_COMMON = {"context": _CONTEXT, "filters": _FILTERS}
_RESPONSE: Schema = {
    "type": "object",
    "properties": {"ucp": {"type": "object"}, "messages": list_of({"type": "object"})},
    "required": ["ucp"],
}


def _tool(name: str, title: str, description: str, payload: Schema) -> Tool:
    schema = object_of({"meta": _META, "catalog": payload})
    return Tool(name, title, description, schema, _RESPONSE, partial(_run, name))


CATALOG = CatalogToolset(
    name="tandem-catalog",
    title="Tandem shop catalogue",
    version=VERSION,
    instructions="The catalogue of the Universal Commerce Protocol. Amounts are in minor units.",
    tools=(
        _tool(
            "search_catalog",
            "Search the catalogue",
            "Find products by words, filters or a picture.",
            object_of(
                {
                    "query": {**TEXT, "maxLength": MAX_TEXT},
                    **_COMMON,
                    "pagination": _PAGINATION,
                    "image": IMAGE,
                    "weight": WEIGHT,
                },
                required=(),
            ),
        ),
        _tool(
            "lookup_catalog",
            "Look products up",
            "Products and variants by their identifiers.",
            object_of({"ids": {**list_of(_ID), "minItems": 1}, **_COMMON}, required=["ids"]),
        ),
        _tool(
            "get_product",
            "One product in full",
            "Everything about one product, with its sizes and what of them can be bought.",
            object_of(
                {"id": _ID, "selected": _SELECTED, "preferences": list_of(TEXT), **_COMMON}, required=["id"]
            ),
        ),
    ),
)
