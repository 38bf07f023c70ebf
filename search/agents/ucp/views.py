"""The protocol's addresses: the profile, the extension's schema, and the catalogue over REST and JSON-RPC."""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from rest.caching import PubliclyCached
from search.agents import refusals
from search.agents.addresses import site
from search.agents.ucp import platforms, profile
from search.agents.ucp.catalog import carry_out
from search.agents.ucp.requests import MAX_IDS, TooManyIds
from search.agents.ucp.tools import CATALOG
from search.agents.views import AgentView, McpView, read_json

_PARSER: Any = api_settings.DEFAULT_PARSER_CLASSES[0]


class Published(PubliclyCached, AgentView):
    setting = "UCP"
    max_age = 300


class ProfileView(Published):
    def get(self, request: Request) -> Response:
        return Response(profile.profile(site(request)))


class ExtensionSchemaView(Published):
    def get(self, request: Request) -> Response:
        return Response(profile.extension_schema(site(request)))


class CatalogView(AgentView):
    """One operation over REST; ``operation`` is its name."""

    setting = "UCP"
    operation: ClassVar[str] = ""

    def post(self, request: Request) -> Response:
        # Not request.data, which takes no picture in base64.
        payload = _PARSER().parse(BytesIO(read_json(request._request)))
        if not isinstance(payload, dict):
            raise ParseError(_("Send one JSON object."))
        address = platforms.of_header(request.headers.get("UCP-Agent", ""))
        return Response(carry_out(self.operation, request._request, payload, profile_url=address))

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, platforms.PlatformRefused):
            body = {"code": exc.code, "content": str(exc), "continue_url": f"{site(self.request)}/"}
            return Response(body, status=exc.status)
        if isinstance(exc, TooManyIds):
            return Response(refusals.too_many_ids(MAX_IDS), status=400)
        return super().handle_exception(exc)


class CatalogMcpView(McpView):
    setting = "UCP"
    toolset = CATALOG
