"""Rate limits: one budget per group of URLs and client, counted in Redis or in the process.

A client is an API key, a signed-in person, or else an address. The address is the peer's. With
TRUSTED_PROXY_COUNT it is the one that the outermost of that many proxies saw. No other header counts.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from accounts import api_keys
from accounts.api_keys import ApiKey
from accounts.sign_in.authentication import claimed_user
from analytics import visitors
from config.http.errors import refusal
from search.admission import before_decoding

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
    """Which requests are counted together, and how many are let in.

    ``setting`` names the variable that sets the rate ("10/m"). Unset, the rate is ``factor`` times the base,
    per ``period`` or the base's own; the base is RATE_LIMIT, or the API key's rate.
    """

    name: str
    setting: str
    factor: float
    covers: Callable[[HttpRequest], bool]
    period: str = ""

    def rate(self, request: HttpRequest) -> str:
        key = api_key(request)
        if key is not None:
            return share(self.factor, key.rate or settings.RATE_LIMIT_KEY, self.period)
        return getattr(settings, self.setting) or share(self.factor, settings.RATE_LIMIT, self.period)


@dataclass(frozen=True)
class Use:
    """What a client has used of a budget: ``left`` requests for ``resets_in`` seconds."""

    budget: str
    limit: int
    period: int
    left: int
    resets_in: int
    exceeded: bool


class OverBudget(Exception):
    """A part of a request, such as decoding its picture, exceeds a budget; ``str()`` is for the client."""

    def __init__(self, use: Use) -> None:
        super().__init__(_sentence(use))
        self.use = use


def share(factor: float, base: str = "", period: str = "") -> str:
    """``factor`` times a rate, by default RATE_LIMIT, and at least 1; per ``period`` if given.

    With another period the number is the factor times the rate in a minute: raising RATE_LIMIT raises all.
    """
    number, _slash, own = (base or settings.RATE_LIMIT).partition("/")
    count = int(number) if not period else int(number) * 60 / SECONDS[own]
    return f"{max(1, round(count * factor))}/{period or own}"


def api_key(request: HttpRequest) -> ApiKey | None:
    """The request's API key; one that is not valid counts as none here, and is refused by the endpoint."""
    try:
        return api_keys.of_request(request)
    except api_keys.KeyRefused:
        return None


def client(request: HttpRequest) -> str:
    """Whose budget it is: the API key's, else the signed-in person's, else the address's."""
    key = api_key(request)
    if key is not None:
        return f"key:{key.identifier}"
    person = claimed_user(request) if is_api(request) else ""
    return f"person:{person}" if person else client_address(request)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def is_page(request: HttpRequest) -> bool:
    return not is_api(request) and not request.path_info.startswith(UNCOUNTED)


def posts_to(paths: set[str]) -> Callable[[HttpRequest], bool]:
    return lambda request: request.method == "POST" and request.path_info.rstrip("/") in paths


# The tighter budgets come first: when several are used up, the first one words the refusal.
BUDGETS = (
    Budget("sign-in", "RATE_LIMIT_SIGN_IN", 0.1, posts_to(SIGN_IN_PATHS)),
    Budget("register", "RATE_LIMIT_REGISTER", 0.2, posts_to(REGISTER_PATHS), period="h"),
    Budget("forgot", "RATE_LIMIT_FORGOT", 0.1, posts_to(FORGOT_PATHS), period="h"),
    Budget("api", "RATE_LIMIT", 1, is_api),
    # Many people share the address of a carrier, and one person may have made many accounts.
    Budget("address", "RATE_LIMIT_ADDRESS", 20, is_api),
    # Shops end a webhook after a few refusals, and a bulk edit in a shop sends thousands of messages.
    Budget(
        "webhooks",
        "RATE_LIMIT_WEBHOOKS",
        60,
        lambda request: request.path_info.startswith("/webhooks/"),
    ),
    # A page also loads fragments; its search costs as much as the API's.
    Budget("pages", "RATE_LIMIT_PAGES", 3, is_page),
)
# Counted where a picture is decoded, which is the most expensive part of any request.
PICTURES = Budget("picture", "RATE_LIMIT_PICTURES", 0.3, lambda _request: True)
# Of these, only an address is counted: nobody is signed in yet, and a person's token buys no more guesses.
BY_ADDRESS = frozenset({"sign-in", "register", "forgot", "address", "webhooks", "pages"})


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
    """Count this request against the budget of its client."""
    rate = budget.rate(request)
    number, _slash, period = rate.partition("/")
    by_address = budget.name in BY_ADDRESS and api_key(request) is None
    who = client_address(request) if by_address else client(request)
    usage = get_usage(request, group=budget.name, key=lambda _group, _req: who, rate=rate, increment=True)
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
        uses = [count(request, budget) for budget in _budgets(request)]
        exceeded = [use for use in uses if use.exceeded]
        response = too_many(request, exceeded[0]) if exceeded else self._answered(request, uses)
        shown = [use for use in uses if use.exceeded] or uses
        if shown and (is_api(request) or shown[0].exceeded):
            response["RateLimit-Policy"] = ", ".join(f'"{u.budget}";q={u.limit};w={u.period}' for u in shown)
            response["RateLimit"] = ", ".join(f'"{u.budget}";r={u.left};t={u.resets_in}' for u in shown)
        return response

    def _answered(self, request: HttpRequest, uses: list[Use]) -> HttpResponse:
        """The response; a picture decoded on the way is counted into ``uses``."""

        def decoding() -> None:
            uses.append(count(request, PICTURES))
            if uses[-1].exceeded:
                raise OverBudget(uses[-1])

        with ExitStack() as context:
            for variable, value in (
                (before_decoding, decoding),
                (visitors.client_address, client_address(request)),
            ):
                token = variable.set(value)  # type: ignore[arg-type]  # each has its own type
                context.callback(variable.reset, token)  # type: ignore[arg-type]
            return self.get_response(request)


def _budgets(request: HttpRequest) -> Iterator[Budget]:
    """The budgets of the request. An address is one client unless a key or a sign-in names another."""
    shared = client(request) != client_address(request)
    for budget in BUDGETS:
        if budget.covers(request) and (budget.name != "address" or (shared and api_key(request) is None)):
            yield budget


def too_many(request: HttpRequest, use: Use) -> HttpResponse:
    return refusal(request, 429, "too_many_requests", _sentence(use), retry_after=use.resets_in)


def _sentence(use: Use) -> str:
    text = _("Too many requests from you: %(limit)d in %(period)d seconds. Try again in %(wait)d seconds.")
    if use.budget == "picture":
        text = _(
            "Too many pictures from you: %(limit)d in %(period)d seconds. Try again in %(wait)d seconds."
        )
    return text % {"limit": use.limit, "period": use.period, "wait": use.resets_in}


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """The response of django-axes after too many wrong passwords for one account from one address."""
    wait = int(settings.AXES_COOLOFF_TIME.total_seconds())
    detail = _("Too many wrong passwords. Wait %(minutes)d minutes, then try again.") % {
        "minutes": wait // 60
    }
    return refusal(request, 429, "locked_out", detail, retry_after=wait)
