"""Refusals in the words of the agents' protocols; their sentences and codes are the API's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

JSON = "application/json"
# Where JSON-RPC is spoken, and where the Universal Commerce Protocol's REST.
RPC_PATHS = ("/mcp", "/mcp/", "/ucp/mcp", "/ucp/mcp/")
REST_PATHS = ("/ucp/",)

# JSON-RPC's codes, and for the rest the one that the Universal Commerce Protocol takes.
_INVALID_REQUEST, _METHOD_NOT_FOUND, _INTERNAL_ERROR, _REFUSED = -32600, -32601, -32603, -32000
_RPC_CODES = {400: _INVALID_REQUEST, 404: _METHOD_NOT_FOUND, 413: _INVALID_REQUEST, 500: _INTERNAL_ERROR}


def in_protocol(path: str, problem: dict[str, Any]) -> tuple[dict[str, Any], str] | None:
    """The body for a problem of this path and its content type; None where no agents' protocol is spoken."""
    if path in RPC_PATHS:
        return rpc_error(problem), JSON
    if path.startswith(REST_PATHS):
        return problem | {"content": sentences(problem)}, JSON
    return None


def sentences(problem: dict[str, Any]) -> str:
    """What a problem says, field by field where it is about fields: agents read one text."""
    by_field = problem.get("errors", {})
    named = [f"{name}: {each['detail']}" for name, found in by_field.items() for each in found]
    return "\n".join(named) or str(problem["detail"])


def rpc_error(problem: dict[str, Any], *, request_id: str | int | None = None) -> dict[str, Any]:
    """A JSON-RPC error with the problem as its data."""
    code = _RPC_CODES.get(problem["status"], _REFUSED)
    return {
        "jsonrpc": "2.0",
        "id": request_id,
        "error": {"code": code, "message": sentences(problem), "data": problem},
    }


def too_many_ids(most: int) -> dict[str, Any]:
    """The Universal Commerce Protocol's refusal of a look-up of more identifiers than ``most``."""
    sentence = _("Look up at most %(n)d identifiers at once.") % {"n": most}
    return {"code": "request_too_large", "content": sentence}
