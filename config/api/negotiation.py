"""Which form of answer a client gets."""

from __future__ import annotations

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from config.api.problems import CONTENT_TYPE


class JSONNegotiation(DefaultContentNegotiation):
    """DRF's choice, but a client that only names the form of refusals gets JSON, not 406."""

    def get_accept_list(self, request: Request) -> list[str]:
        accepted = super().get_accept_list(request)
        if any(each.split(";")[0].strip() == CONTENT_TYPE for each in accepted):
            return [*accepted, "application/json"]
        return accepted
