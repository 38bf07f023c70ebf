"""DRF's exceptions, and the domain's, as problem details (config/api/problems.py)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.sign_in.authentication import BEARER_CHALLENGE
from config.api import problems
from config.http.refusals import Refusal, refusal_of
from rest.details import by_field

# DRF's codes, and Django's, by ours. Codes of our own pass as they are.
_CODES = {
    "authentication_failed": "token_invalid",
    "permission_denied": "forbidden",
    "error": "server_error",
}


class RefusedRequest(exceptions.APIException):
    """A domain error as DRF takes it, with the status, code and Retry-After of the table."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail, refusal.code)
        self.status_code = refusal.status
        self.refusal = refusal
        if refusal.retry_after is not None:
            # DRF's exception handler turns this into Retry-After.
            self.wait = refusal.retry_after
        if refusal.status == 401:
            # As above, WWW-Authenticate.
            self.auth_header = BEARER_CHALLENGE


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer with a problem as its body; None, and so a 500, for a fault of ours."""
    refusal = refusal_of(exc, getattr(context.get("request"), "user", None))
    error = _as_drf(exc) if refusal is None else RefusedRequest(refusal)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    response.data = _problem(error)
    response.content_type = problems.CONTENT_TYPE
    # The agents' tools have no request of DRF's.
    request = context.get("request")
    if request is not None and not isinstance(getattr(request, "accepted_renderer", None), JSONRenderer):
        # That of a view, such as the YAML of the document, would write what this type does not say.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    return response


def _as_drf(exc: Exception) -> Exception:
    if isinstance(exc, Http404):
        return exceptions.NotFound(problems.NO_SUCH_ADDRESS)
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    return exc


def _problem(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, RefusedRequest):
        return _of_refusal(error.refusal)
    if isinstance(error, exceptions.ValidationError):
        return _of_fields(error)
    code, status = _code(error), error.status_code
    return problems.problem(status, code, _detail(error, code))


def _of_refusal(refusal: Refusal) -> dict[str, Any]:
    """The sentence stands at its field as well, where the table names one for a 400."""
    errors = {refusal.field: [{"code": refusal.code, "detail": refusal.message}]}
    has_field = bool(refusal.field) and refusal.status == 400
    return problems.problem(refusal.status, refusal.code, refusal.detail, errors if has_field else None)


def _of_fields(error: exceptions.ValidationError) -> dict[str, Any]:
    sentence, errors = by_field(error)
    return problems.problem(error.status_code, "invalid", sentence, errors)


def _code(error: exceptions.APIException) -> str:
    stated = error.get_codes()
    code = _CODES.get(str(stated), str(stated))
    return code if code in problems.PROBLEMS else _by_status(error.status_code)


def _by_status(status: int) -> str:
    return next(
        (code for code, (each, _title) in problems.PROBLEMS.items() if each == status), "server_error"
    )


def _detail(error: exceptions.APIException, code: str) -> str:
    """DRF's own sentences say what is wrong; these say what to do."""
    if isinstance(error, exceptions.NotAuthenticated) and error.detail == error.default_detail:
        return _("Sign in, and send the access token or its cookie.")
    if isinstance(error, exceptions.MethodNotAllowed):
        return _("%(detail)s The Allow header lists those that are.") % {"detail": error.detail}
    if isinstance(error, exceptions.NotAcceptable):
        return _("Ask for application/json, or leave the Accept header out.")
    if isinstance(error, exceptions.UnsupportedMediaType):
        return _(
            "Send application/json, multipart/form-data where a picture is sent, or application/x-ndjson "
            "where rows are sent."
        )
    if isinstance(error, exceptions.ParseError) and code == "parse_error":
        detail = f"{str(error.detail).rstrip('.')}."
        return _("%(detail)s Send one valid JSON object, or a form.") % {"detail": detail}
    return str(error.detail)
