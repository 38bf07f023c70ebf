"""Rate limits per client address: one budget per group of URLs, counted in Redis or in the process.

The address is the peer's. With TRUSTED_PROXY_COUNT it is the one that the outermost of that many proxies
saw. No other header counts.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from config.http.errors import refusal

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SIGN_IN_PATHS = {
    "/auth/login",
    "/auth/account",
    "/api/v1/auth/login",
    "/api/v1/auth/password",
    "/api/v1/auth/delete",
    "/api/v1/auth/sign-ins/end",
}
FORGOT_PATHS = {"/auth/forgot", "/api/v1/auth/forgot"}
REGISTER_PATHS = {"/auth/register", "/api/v1/auth/register"}
# Static files and pictures are cheap, and a page has many; probes must never be refused.
UNCOUNTED = ("/static/", "/media/", "/healthz", "/readyz", "/metrics", "/favicon.ico", "/webhooks/")


@dataclass(frozen=True)
class Budget:
    """A rate such as "10/m", read for each request, and the requests that it covers."""

    name: str
    rate: Callable[[], str]
    covers: Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Use:
    """What an address has used of a budget: ``left`` requests for ``resets_in`` seconds."""

    budget: str
    limit: int
    period: int
    left: int
    resets_in: int
    exceeded: bool


def share(factor: float) -> str:
    """``factor`` times RATE_LIMIT as a rate, at least 1, so that raising RATE_LIMIT raises it as well."""
    number, _slash, period = settings.RATE_LIMIT.partition("/")
    return f"{max(1, round(int(number) * factor))}/{period}"


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def is_page(request: HttpRequest) -> bool:
    return not is_api(request) and not request.path_info.startswith(UNCOUNTED)


def posts_to(paths: set[str]) -> Callable[[HttpRequest], bool]:
    return lambda request: request.method == "POST" and request.path_info.rstrip("/") in paths


def sends_picture(request: HttpRequest) -> bool:
    """A multipart POST costs decoding and an inference, which makes it the most expensive request."""
    return request.method == "POST" and str(request.content_type) == "multipart/form-data"


# The tighter budgets come first: when several are used up, the first one words the refusal.
BUDGETS = (
    Budget("sign-in", lambda: "10/m", posts_to(SIGN_IN_PATHS)),
    Budget("register", lambda: "20/h", posts_to(REGISTER_PATHS)),
    Budget("forgot", lambda: "10/h", posts_to(FORGOT_PATHS)),
    Budget("picture", lambda: share(0.3), sends_picture),
    Budget("api", lambda: str(settings.RATE_LIMIT), is_api),
    # Shops end a webhook after a few refusals, and a bulk edit in a shop sends thousands of messages.
    Budget("webhooks", lambda: share(60), lambda request: request.path_info.startswith("/webhooks/")),
    # A page also loads fragments; its search costs as much as the API's.
    Budget("pages", lambda: share(3), is_page),
)


def client_address(request: HttpRequest) -> str:
    """The client's IPv4 address, or the first address of its IPv6 /64, which is usually one household."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    seen = _forwarded(request.META.get("HTTP_X_FORWARDED_FOR", ""), settings.TRUSTED_PROXY_COUNT)
    address = seen or peer
    if address is None:  # a Unix socket without a forwarded address: all share one budget
        return "0.0.0.0"  # noqa: S104  # nosec B104 - nothing is bound to it
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return str(address)


def _forwarded(header: str, proxies: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that the outermost trusted proxy saw: each proxy appends one on the right."""
    hops = header.split(",")
    return _parsed(hops[-proxies]) if 0 < proxies <= len(hops) else None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as written by proxies, which may add a port; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def count(request: HttpRequest, budget: Budget) -> Use:
    """Count this request against the budget of its address."""
    rate = budget.rate()
    number, _slash, period = rate.partition("/")
    usage = get_usage(
        request, group=budget.name, key=lambda _group, req: client_address(req), rate=rate, increment=True
    )
    used, resets_in = (usage["count"], usage["time_left"]) if usage else (0, SECONDS[period])
    limit = int(number)
    # django-ratelimit also sets should_limit when no cache could keep the count: then all are refused.
    exceeded = bool(usage and usage["should_limit"])
    return Use(budget.name, limit, SECONDS[period], max(0, limit - used), max(1, resets_in), exceeded)


class LimitMiddleware:
    """Refuses with 429 what exceeds a budget, and states in every API response what is left.

    ``RateLimit`` and ``RateLimit-Policy`` follow draft-ietf-httpapi-ratelimit-headers-10.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        uses = [count(request, budget) for budget in BUDGETS if budget.covers(request)]
        exceeded = [use for use in uses if use.exceeded]
        response = too_many(request, exceeded[0]) if exceeded else self.get_response(request)
        shown = exceeded or uses
        if shown and (exceeded or is_api(request)):
            response["RateLimit-Policy"] = ", ".join(f'"{u.budget}";q={u.limit};w={u.period}' for u in shown)
            response["RateLimit"] = ", ".join(f'"{u.budget}";r={u.left};t={u.resets_in}' for u in shown)
        return response


def too_many(request: HttpRequest, use: Use) -> HttpResponse:
    text = _(
        "Too many requests from your address: %(limit)d in %(period)d seconds. Try again in %(wait)d seconds."
    )
    detail = text % {"limit": use.limit, "period": use.period, "wait": use.resets_in}
    return refusal(request, 429, detail, retry_after=use.resets_in)


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """The response of django-axes after too many wrong passwords for one account from one address."""
    wait = int(settings.AXES_COOLOFF_TIME.total_seconds())
    detail = _("Too many wrong passwords. Wait %(minutes)d minutes, then try again.") % {
        "minutes": wait // 60
    }
    return refusal(request, 429, detail, retry_after=wait)
