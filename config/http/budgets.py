"""The budgets: which requests are counted together, and how many of them are let in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from config.http.clients import api_key, is_api

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
# Asking for an alert may send a mail to an address that somebody typed.
ALERT_PATHS = {"/alerts", "/api/v1/alerts"}
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


def share(factor: float, base: str = "", period: str = "") -> str:
    """``factor`` times a rate, by default RATE_LIMIT, and at least 1; per ``period`` if given.

    With another period the number is the factor times the rate in a minute: raising RATE_LIMIT raises all.
    """
    number, _slash, own = (base or settings.RATE_LIMIT).partition("/")
    count = int(number) if not period else int(number) * 60 / SECONDS[own]
    return f"{max(1, round(count * factor))}/{period or own}"


def is_page(request: HttpRequest) -> bool:
    return not is_api(request) and not request.path_info.startswith(UNCOUNTED)


def posts_to(paths: set[str]) -> Callable[[HttpRequest], bool]:
    return lambda request: request.method == "POST" and request.path_info.rstrip("/") in paths


# The tighter budgets come first: when several are used up, the first one words the refusal.
BUDGETS = (
    Budget("sign-in", "RATE_LIMIT_SIGN_IN", 0.1, posts_to(SIGN_IN_PATHS)),
    Budget("register", "RATE_LIMIT_REGISTER", 0.2, posts_to(REGISTER_PATHS), period="h"),
    Budget("forgot", "RATE_LIMIT_FORGOT", 0.1, posts_to(FORGOT_PATHS), period="h"),
    Budget("alerts", "RATE_LIMIT_ALERTS", 0.3, posts_to(ALERT_PATHS), period="h"),
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
BY_ADDRESS = frozenset({"sign-in", "register", "forgot", "alerts", "address", "webhooks", "pages"})
