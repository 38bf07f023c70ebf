"""The API's error bodies: ``{"detail": "…"}``, or ``{"field": ["…"]}`` for what a client sent."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer in the contract's shape; None (and so a 500) for what is no APIException."""
    response = exception_handler(exc, context)
    if response is not None:
        response.data = contract_body(response.data)
    return response


def contract_body(data: Any) -> dict[str, Any]:
    """A bare list or DRF's ``non_field_errors`` become ``detail``; fields stay as they are."""
    if isinstance(data, list):
        return {"detail": _sentence(data)}
    general = data.pop(api_settings.NON_FIELD_ERRORS_KEY, None)
    if general is None:
        return dict(data)
    return {"detail": _sentence(general), **data}


def _sentence(messages: Any) -> str:
    return " ".join(str(message) for message in messages) if isinstance(messages, list) else str(messages)
