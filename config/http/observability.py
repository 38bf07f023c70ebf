"""Request ids, stage times for staff, and access to /metrics."""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Callable, Mapping
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django_prometheus.exports import ExportToDjangoView

from analytics.metrics import last_stages
from config.http.clients import client_address

Respond = Callable[[HttpRequest], HttpResponse]

# A request id from outside must not be able to forge a log line or a header.
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Gives each request an id, which is in its log lines and in X-Request-ID of its response.

    A well-formed id from a proxy is kept, so that one request has one id everywhere.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ServerTimingMiddleware:
    """Sends staff the stage times of a search in Server-Timing, which the browser's developer tools draw.

    Staff only, because times reveal what is cached.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = last_stages.set({})
        try:
            response = self.get_response(request)
            took_ms = last_stages.get()
        finally:
            last_stages.reset(token)
        if took_ms and _is_staff(request):
            response["Server-Timing"] = server_timing(took_ms)
        return response


def server_timing(took_ms: Mapping[str, float]) -> str:
    return ", ".join(f"{stage};dur={ms:.2f}" for stage, ms in took_ms.items())


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for this machine, staff, and anyone who sends METRICS_TOKEN as a Bearer token."""
    if _may_read_metrics(request):
        response: HttpResponse = ExportToDjangoView(request)
        return response
    return HttpResponseForbidden("Send METRICS_TOKEN as a Bearer token, or ask from this machine.\n")


def _is_staff(request: HttpRequest) -> bool:
    # A request that was refused early has no user.
    return bool(getattr(getattr(request, "user", None), "is_staff", False))


def _may_read_metrics(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    return _is_staff(request) or _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    """True for this machine, unless a proxy on it that is not in TRUSTED_PROXY_COUNT forwards."""
    if settings.TRUSTED_PROXY_COUNT == 0 and "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:  # a Unix socket has no address
        return False
