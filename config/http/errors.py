"""Refusals and failures: a problem under /api/, a page elsewhere, the same words everywhere."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from catalog.writing.limits import rows_too_large
from config.api import problems
from config.http.clients import is_api
from config.http.outages import RETRY_SECONDS, outage_of
from search.agents import refusals

logger = logging.getLogger(__name__)


def writes_catalogue(request: HttpRequest) -> bool:
    """Whether many products may stand in the body."""
    return request.path_info.startswith("/api/v1/catalogue/")


def refusal(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    template: str = "",
    retry_after: int | None = None,
) -> HttpResponse:
    """A problem for the API, else a page, by default the template named for the status."""
    response: HttpResponse
    if is_api(request):
        response = _as_json(request, status, code, detail)
    else:
        context = {"status": status, "detail": detail, "retry_after": retry_after}
        response = render(request, template or f"{status}.html", context, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 for a body that was refused for its size."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    detail = _("This request could not be read. Check what was sent and try again.")
    if isinstance(exception, DisallowedHost):
        return _host_refused(request, detail)
    return refusal(request, 400, "bad_request", detail)


def _host_refused(request: HttpRequest, detail: str) -> HttpResponse:
    if is_api(request):
        detail = _("This site is not served under the host name of the request. Use the name of the shop.")
        return _as_json(request, 400, "host_refused", detail)
    # A page would ask for the host again.
    return HttpResponse(detail, status=400, content_type="text/plain; charset=utf-8")


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the body is larger than anything this site reads."""
    if writes_catalogue(request):
        return refusal(request, 413, "too_large", rows_too_large())
    return refusal(request, 413, "too_large", _("That is too large. Send a picture of at most 10 MB."))


def address_too_long(request: HttpRequest) -> HttpResponse:
    """414, rendered without session or database."""
    with override(get_language_from_request(request)):
        detail = _("This address is too long. Send long queries in the body of a POST.")
        return _without_request(request, 414, "uri_too_long", detail)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 for a person without the permission."""
    return refusal(
        request, 403, "forbidden", _("You are not allowed to see this. Sign in as someone who is.")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without this site's token."""
    detail = _("This form has expired or came from another site. Reload the page and send it again.")
    return refusal(request, 403, "csrf_failed", detail, template="403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, without echoing what was asked."""
    if request.path_info.startswith("/api/"):
        detail = str(problems.NO_SUCH_ADDRESS)
    else:
        detail = _("There is nothing at this address. Check it, or start from the front page.")
    return refusal(request, 404, "not_found", detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database or the disk refuses; Django has logged the exception already.

    Rendered without request or database, which may be what failed.
    """
    if outage := outage_of(sys.exception()):
        response = _without_request(request, 503, outage.code, outage.detail)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _without_request(
        request, 500, "server_error", _("Something failed on our side. Try again in a moment.")
    )


def _without_request(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if is_api(request):
        return _as_json(request, status, code, detail)
    context: dict[str, Any] = {"status": status, "detail": detail, "retry_after": None}
    try:
        page = render_to_string("500.html", context)
    except Exception:  # what broke the page, such as a missing file of the layout, may break this one too
        logger.exception("500.html failed as well.")
        return HttpResponse(detail, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)


def _as_json(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    problem = problems.problem(status, code, detail)
    body, content_type = refusals.in_protocol(request.path_info, problem) or (problem, problems.CONTENT_TYPE)
    return JsonResponse(body, status=status, content_type=content_type)
