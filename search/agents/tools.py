"""Tools as agents call them: what each takes and answers, and refusals as results that a model can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.settings import api_settings

from search.agents.refusals import sentences

Arguments = dict[str, Any]


class UnknownTool(LookupError):
    """There is no tool of this name; ``str()`` is for the agent."""


class ProtocolRefusal(Exception):
    """An error of JSON-RPC, for protocols that want one; ``status`` is that over HTTP."""

    def __init__(self, code: int, message: str, data: dict[str, Any], status: int) -> None:
        super().__init__(message)
        self.code, self.data, self.status = code, data, status


@dataclass(frozen=True)
class ToolResult:
    """What a tool answered: text for a model, and the same as data in the form of its output schema."""

    text: str
    structured: dict[str, Any] | None = None
    is_error: bool = False
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tool:
    """``run`` takes the request and the arguments; it raises what ``config.http.refusals`` knows."""

    name: str
    title: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    run: Callable[[HttpRequest, Arguments], ToolResult]


@dataclass(frozen=True)
class Toolset:
    """The tools of one endpoint, and how it introduces itself."""

    name: str
    title: str
    version: str
    instructions: str
    tools: tuple[Tool, ...]

    def call(self, request: HttpRequest, name: str, arguments: Arguments) -> ToolResult:
        """The result of a tool, or its refusal. Raises UnknownTool, ProtocolRefusal and a fault of ours."""
        tool = tool_named(self, name)
        try:
            return tool.run(request, arguments)
        except Exception as error:
            refused = problem_of(error)
            if refused is None:
                raise
            return refusal(*refused)


def tool_named(toolset: Toolset, name: str) -> Tool:
    """Raises UnknownTool."""
    tool = next((each for each in toolset.tools if each.name == name), None)
    if tool is None:
        names = ", ".join(each.name for each in toolset.tools)
        raise UnknownTool(_("There is no such tool. Use one of: %(names)s.") % {"names": names})
    return tool


def problem_of(error: Exception) -> tuple[dict[str, Any], str | None] | None:
    """The API's problem for an error and its Retry-After; None for a fault of ours."""
    handle: Any = api_settings.EXCEPTION_HANDLER
    refused = handle(error, {})
    return None if refused is None else (refused.data, refused.get("Retry-After"))


def refusal(problem: dict[str, Any], retry_after: str | None = None) -> ToolResult:
    """A problem as a result: every sentence with the argument it is about, and the codes beside it."""
    meta = {"code": problem["code"], "status": problem["status"]}
    if "errors" in problem:
        meta["errors"] = problem["errors"]
    if retry_after is not None:
        meta["retry_after"] = int(retry_after)
    return ToolResult(sentences(problem), is_error=True, meta={"tandem/refusal": meta})
