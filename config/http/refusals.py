"""One table from domain errors to HTTP: status, code, message and Retry-After, for pages and API alike.

The domain raises its own exceptions and knows no HTTP. Views and endpoints let them pass:
``RefusalMiddleware`` renders them as pages, ``config.api.api_errors.handle`` as JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.favorites import TooManyFavorites, UnknownProduct
from accounts.models import User
from accounts.sign_in.credentials import AddressTaken, WrongPassword
from accounts.sign_in.guessing import TooManyGuesses
from accounts.sign_in.recovery import LinkRefused
from analytics.recording import UnknownSearch
from catalog.pictures.decoding import InvalidImage
from catalog.writing.ledger import KeyConflict, SourceBusy
from catalog.writing.products import TooManyDeletions
from config.http.limits import OverBudget
from search.admission import Busy
from search.alerts.subscribing import TooManyAlerts
from search.alerts.tokens import UnknownAlert
from search.answers.frozen import AnswerExpired
from search.engine import NotReady
from search.images import UnknownImage
from search.pages.htmx import wants_fragment
from search.query import MAX_TEXT, InvalidQuery, SearchQuery
from search.ranking.taste import UnknownLike

# An operator needs this long at least to build a missing index.
NOT_READY_SECONDS = 30
STATUS_OF_IMAGE = {"unreadable": 400, "type": 415, "size": 413}


@dataclass(frozen=True)
class Refusal:
    """How one domain error is answered. ``message`` is for the person who asked, in their language.

    ``field`` names the part of the request at fault, ``command`` what an operator runs, ``retry_after`` is
    in seconds.
    """

    status: int
    code: str
    message: str
    field: str = ""
    retry_after: int | None = None
    command: str = ""

    @property
    def detail(self) -> str:
        """The message with the operator's command, for answers that have no other place for it."""
        if not self.command:
            return self.message
        return _("%(message)s The shop's operator runs: %(command)s") % {
            "message": self.message,
            "command": self.command,
        }


_TABLE: dict[type[Exception], Callable[[Any], Refusal]] = {
    InvalidQuery: lambda error: Refusal(400, "invalid", str(error), field=error.field),
    InvalidImage: lambda error: Refusal(
        STATUS_OF_IMAGE[error.code], f"image_{error.code}", str(error), field="image"
    ),
    UnknownImage: lambda error: Refusal(404, "image_unknown", str(error), field="image"),
    OverBudget: lambda error: Refusal(429, "too_many_requests", str(error), retry_after=error.use.resets_in),
    Busy: lambda error: Refusal(503, "busy", str(error), retry_after=error.retry_after),
    NotReady: lambda error: Refusal(
        503, "not_ready", error.reason, retry_after=NOT_READY_SECONDS, command=error.command
    ),
    UnknownLike: lambda error: Refusal(404, "product_unknown", str(error), field="like"),
    UnknownProduct: lambda error: Refusal(404, "product_unknown", str(error)),
    TooManyFavorites: lambda error: Refusal(400, "favorites_full", str(error), field="product_id"),
    UnknownSearch: lambda error: Refusal(404, "search_unknown", str(error)),
    AnswerExpired: lambda error: Refusal(410, "answer_expired", str(error)),
    KeyConflict: lambda error: Refusal(409, "key_conflict", str(error)),
    TooManyDeletions: lambda error: Refusal(409, "too_many_deletions", str(error)),
    SourceBusy: lambda error: Refusal(503, "busy", str(error), retry_after=error.retry_after),
    # Pages show these beside the field of their form.
    AddressTaken: lambda error: Refusal(400, "address_taken", str(error), field="email"),
    TooManyGuesses: lambda error: Refusal(429, "too_many_guesses", str(error), retry_after=error.retry_after),
    WrongPassword: lambda error: Refusal(400, "password_wrong", str(error), field="password"),
    TooManyAlerts: lambda error: Refusal(400, "alerts_full", str(error)),
    UnknownAlert: lambda error: Refusal(404, "alert_unknown", str(error)),
    LinkRefused: lambda error: Refusal(400, "link_refused", str(error), field="token"),
}


def refusal_of(error: Exception, user: Any = None) -> Refusal | None:
    """The answer to a domain error; None for any other exception, which is a fault of ours.

    A row that belongs to nobody is none where ``user``, who sent the request, deleted the account on another
    device meanwhile.
    """
    if isinstance(error, IntegrityError) and _is_deleted(user):
        return Refusal(401, "token_invalid", _("This sign-in has ended. Sign in again."))
    rule = _TABLE.get(type(error))
    return None if rule is None else rule(error)


def _is_deleted(user: Any) -> bool:
    return isinstance(user, User) and not User.objects.filter(pk=user.pk).exists()


class RefusalMiddleware:
    """Renders the domain errors of pages as a page, or for htmx as a notice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = refusal_of(error, getattr(request, "user", None))
        return None if refusal is None else refused_page(request, refusal)


def _sent_from(request: HttpRequest) -> str:
    """The page of this site whose form was refused, to correct it there; "" for anything but a form."""
    page = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=hosts, require_https=request.is_secure())
    return page if request.method == "POST" and is_ours else ""


def refused_page(request: Any, refusal: Refusal) -> HttpResponse:
    """The page, or the notice, for a refusal. ``request`` has passed django-htmx's middleware."""
    context = {
        "status": refusal.status,
        "code": refusal.code,
        "message": refusal.message,
        "field": refusal.field,
        "retry_after": refusal.retry_after,
        "command": refusal.command,
        "back": _sent_from(request),
        "query": SearchQuery(text=request.GET.get("text", "")[:MAX_TEXT]),
    }
    template = "search/_refused.html" if wants_fragment(request) else "search/refused.html"
    response = render(request, template, context, status=refusal.status)
    patch_vary_headers(response, ["HX-Request"])
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
