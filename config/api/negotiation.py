"""Which form of answer a client gets."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from config.api.problems import CONTENT_TYPE


class JSONNegotiation(DefaultContentNegotiation):
    """DRF's choice, but a client that only names the form of refusals gets JSON, not 406."""

    def get_accept_list(self, request: Request) -> list[str]:
        accepted = super().get_accept_list(request)
        if any(each.split(";")[0].strip() == CONTENT_TYPE for each in accepted):
            return [*accepted, "application/json"]
        return accepted


class NamedNegotiation(JSONNegotiation):
    """As ``format`` in the address says, where it does: for the document, which has two forms. Everywhere
    else it is a parameter that the endpoint does not know.
    """

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        named = format_suffix or request.query_params.get("format")
        renderer, media_type = super().select_renderer(request, renderers, named)
        return renderer, media_type
