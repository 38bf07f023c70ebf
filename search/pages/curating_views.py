"""Staff arrange the results of a search on its page, and compare them with what they would be otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.sign_in.current_user import signed_in_user
from search import retrieval
from search.operations import curating
from search.operations.curating import BURY, PIN, RELEASE, Change
from search.pages.addresses import read_query, results_url
from search.pages.answers import UNDO, see_other
from search.query import InvalidQuery, SearchQuery
from search.result import SearchResult

# Results of each side of the comparison: what a shopper sees without scrolling far.
COMPARED = 12


@require_POST
def curate(request: HttpRequest) -> HttpResponse:
    """Pin, bury or release one product, and go back to the results, with the way to undo it."""
    query, action = read_query(request.POST), request.POST.get("action", "")
    change = curating.curate(
        query.text,
        request.POST.get("product_id", ""),
        action,
        # Beside the other buttons the field may be empty.
        position=_position(request.POST.get("position", "1")) if action == PIN else 1,
        period=(_moment(request, "starts_at"), _moment(request, "ends_at")),
        moved=_moved(request.POST.get("moved", "")),
        user=signed_in_user(request),
        now=timezone.now(),
    )
    messages.success(request, _sentence(change))
    starts_at, ends_at = change.undo_period
    request.session[UNDO] = {
        "text": query.text,
        "title": change.product.title,
        "done": change.done,
        "product_id": change.product.product_id,
        "action": change.undo,
        "position": change.undo_position,
        "moved": ",".join(f"{row}:{place}" for row, place in change.undo_moved.items()),
        "starts_at": starts_at.isoformat() if starts_at else "",
        "ends_at": ends_at.isoformat() if ends_at else "",
    }
    # Whoever arranges by the list arranges more of it: it stays open.
    is_open = "&arrange=1" if request.POST.get("arrange") else ""
    return see_other(f"{results_url(query)}{is_open}#arrange")


@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The results of a search as shoppers see them, beside those without anything that staff changed."""
    user = signed_in_user(request)
    if user is None or not (user.is_staff or user.sees_dashboard):
        raise PermissionDenied(_("The dashboard is for staff. Ask one of them for access."))
    text = read_query(request.GET).text
    if not text:
        raise InvalidQuery("text", _("Say what you are looking for."))
    context = {"text": text, "after": _answer(text, curated=True), "before": _answer(text, curated=False)}
    return render(request, "search/compare.html", context)


def _answer(text: str, *, curated: bool) -> SearchResult:
    query = SearchQuery(text=text, top_k=COMPARED, curated=curated, personal=False)
    return retrieval.search(query, user=None, now=timezone.now(), track=False, log=False)


def _position(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidQuery("position", _("Give a number.")) from None


def _moved(text: str) -> dict[int, int]:
    """Rows and their places, "12:3,15:4", as the page states them to undo a pin."""
    pairs = [each.split(":") for each in text.split(",") if each]
    try:
        return {int(row): int(place) for row, place in pairs}
    except ValueError:
        raise InvalidQuery("moved", _("Give a number.")) from None


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """A time with its zone in ISO 8601, as the page states it to undo a release."""
    text = request.POST.get(name, "")
    try:
        moment = datetime.fromisoformat(text) if text else None
        # Databases keep it in UTC, where a time at the ends of the calendar may have no year.
        in_utc = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        in_utc = None
    if text and in_utc is None:
        raise InvalidQuery(name, _("Give a time."))
    return in_utc


def _sentence(change: Change) -> str:
    sentences = {
        PIN: _("“{title}” is pinned to place {place} in this search now."),
        BURY: _("“{title}” is shown last in this search now."),
        RELEASE: _("“{title}” stands where the search puts it now."),
    }
    sentence = sentences[change.done]
    if change.begins_at is not None:
        sentence = {
            PIN: _("“{title}” will be at place {place} in this search from {moment} UTC on."),
            BURY: _("“{title}” will be shown last in this search from {moment} UTC on."),
        }[change.done]
    moment = change.begins_at and date_format(timezone.localtime(change.begins_at, UTC), "DATETIME_FORMAT")
    return format_html(sentence, title=change.product.title, moment=moment, place=change.position)
