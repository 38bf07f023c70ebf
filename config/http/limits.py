"""Rate limits: one budget per group of URLs and client, counted in Redis or in the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from analytics import visitors
from config.http.budgets import BUDGETS, BY_ADDRESS, PICTURES, SECONDS, Budget
from config.http.clients import api_key, client, client_address, is_api
from config.http.errors import refusal
from search.admission import before_decoding, before_further_query


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
        budgets = list(_budgets(request))
        uses = [count(request, budget) for budget in budgets]
        exceeded = [use for use in uses if use.exceeded]
        response = too_many(request, exceeded[0]) if exceeded else self._answered(request, budgets, uses)
        shown = [use for use in uses if use.exceeded] or uses
        if shown and (is_api(request) or shown[0].exceeded):
            response["RateLimit-Policy"] = ", ".join(f'"{u.budget}";q={u.limit};w={u.period}' for u in shown)
            response["RateLimit"] = ", ".join(f'"{u.budget}";r={u.left};t={u.resets_in}' for u in shown)
        return response

    def _answered(self, request: HttpRequest, budgets: list[Budget], uses: list[Use]) -> HttpResponse:
        """The response; a picture decoded on the way, and further queries, are counted into ``uses``."""

        def decoding() -> None:
            uses.append(count(request, PICTURES))
            if uses[-1].exceeded:
                raise OverBudget(uses[-1])

        def further_query() -> None:
            uses[: len(budgets)] = [count(request, budget) for budget in budgets]
            exceeded = [use for use in uses if use.exceeded]
            if exceeded:
                raise OverBudget(exceeded[0])

        with ExitStack() as context:
            for variable, value in (
                (before_decoding, decoding),
                (before_further_query, further_query),
                # A server with a key asks for many people.
                (visitors.client_address, "" if api_key(request) else client_address(request)),
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
