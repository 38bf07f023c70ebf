"""The API's error bodies: ``{"detail": "…"}``, or ``{"field": ["…"]}`` for what a client sent."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from config.http.refusals import Refusal, refusal_of


class RefusedRequest(APIException):
    """A domain error as DRF takes it, with the status, code and Retry-After of the table."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail, refusal.code)
        self.status_code = refusal.status
        if refusal.retry_after is not None:
            # DRF's exception handler turns this into Retry-After.
            self.wait = refusal.retry_after


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer with the contract's body; None (and so a 500) for an exception that is a fault of ours."""
    refusal = refusal_of(exc)
    response = exception_handler(exc if refusal is None else _as_drf(refusal), context)
    if response is not None:
        response.data = contract_body(response.data)
    return response


def _as_drf(refusal: Refusal) -> APIException:
    if refusal.status == 400 and refusal.field:
        return ValidationError({refusal.field: [refusal.message]}, refusal.code)
    return RefusedRequest(refusal)


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
