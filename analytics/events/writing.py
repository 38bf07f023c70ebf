"""Writing events: each once, with the search that led to it, and what it adds to the daily counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from analytics.daily_counts import Counts
from analytics.events import counting
from analytics.events.models import Event
from analytics.experiments.credit import NOBODY, credit_events
from analytics.models.searches import SearchLog

# A basket or a purchase belongs to the last click on the product in the same session that is no older.
ATTRIBUTED_FOR = timedelta(days=30)
_ROWS = 500

Source, Type = Event.Source, Event.Type
_SOURCES = {SearchLog.QueryType.BROWSE: Source.BROWSE, SearchLog.QueryType.SIMILAR: Source.SIMILAR}


def write_events(events: Sequence[Event]) -> tuple[list[Event], Counts]:
    """Store the events that are not known yet; returns them, and what they add to the counts.

    The caller opens the transaction and adds the counts.
    """
    if not events:
        return [], Counts()
    known = set(Event.objects.filter(key__in=[event.key for event in events]).values_list("key", flat=True))
    fresh = list({event.key: event for event in events if event.key not in known}.values())
    clicks = [event for event in fresh if event.type == Type.CLICK]
    others = [event for event in fresh if event.type != Type.CLICK]
    # Clicks first: what else is in the batch may have followed from them.
    counts = _store(clicks)
    _attribute(others)
    counts.update(_store(others))
    return fresh, counts


def _store(events: Sequence[Event]) -> Counts:
    if not events:
        return Counts()
    searches = _searches(events)
    credit_events(events, searches)
    for event in events:
        _name_search(event, searches)
    unconverted = _unconverted(events)
    counts = Counts()
    for event in events:
        bought_from = event.search_id if event.type == Type.PURCHASE else None
        converted = unconverted.pop(bought_from, None) if bought_from else None
        counts.update(counting.for_event(event, converted=converted))
    Event.objects.bulk_create(events, batch_size=_ROWS)
    return counts


def _searches(events: Iterable[Event]) -> dict[UUID, SearchLog]:
    """The searches that events name, by their id and by that of the visit's first one."""
    named = {event.search_id for event in events if event.search_id}
    if not named:
        return {}
    logs = SearchLog.objects.filter(pk__in=named).only(
        "query_key", "query_type", "visit", "experiment", "teams"
    )
    return {log.visit: log for log in logs if log.visit} | {log.pk: log for log in logs}


def _name_search(event: Event, searches: Mapping[UUID, SearchLog]) -> None:
    """Note the search's visit, words and kind; an event of a search that is not logged names none."""
    log = searches.get(event.search_id) if event.search_id else None
    if log is None:
        event.search_id = None
        return
    event.search_id, event.query_key = log.visit or log.pk, log.query_key
    if event.source == Source.OTHER:
        event.source = _SOURCES.get(SearchLog.QueryType(log.query_type), Source.SEARCH)


def _unconverted(events: Iterable[Event]) -> dict[UUID | None, SearchLog]:
    """The searches that the purchases among these events follow from, but those that led to one before."""
    named = {event.search_id for event in events if event.search_id and event.type == Type.PURCHASE}
    if not named:
        return {}
    # Of two first purchases at once, the second waits here and sees the first. By their order, so that no
    # two of them wait for each other.
    searches = SearchLog.objects.select_for_update().filter(pk__in=named).order_by("pk")
    unconverted: dict[UUID | None, SearchLog] = {
        log.pk: log for log in searches.only("query_type", "timestamp")
    }
    bought = Event.objects.filter(type=Type.PURCHASE, search_id__in=named)
    for search in bought.values_list("search_id", flat=True):
        unconverted.pop(search, None)
    return unconverted


def _attribute(events: Iterable[Event]) -> None:
    """Give events that name no search that of the last click on their product in the same session."""
    open_events = [event for event in events if not event.search_id and (event.session or event.user_id)]
    if not open_events:
        return
    clicks = _clicks_before(open_events)
    for event in open_events:
        click = next((click for click in clicks[event.product_id] if _led_to(click, event)), None)
        if click is not None:
            event.search_id, event.position = click.search_id, click.position
            event.team, event.experiment_id = click.team or NOBODY, click.experiment_id
            event.source = click.source if event.source == Source.OTHER else event.source


def _clicks_before(events: Sequence[Event]) -> Mapping[str, list[Event]]:
    """The clicks on these products in these sessions, by product, newest first."""
    same = Q(session__in={event.session for event in events} - {""})
    same |= Q(user__in={event.user_id for event in events} - {None})
    first = min(event.timestamp for event in events) - ATTRIBUTED_FOR
    clicks = Event.objects.filter(same, type=Type.CLICK, timestamp__gte=first)
    found = clicks.filter(product_id__in={event.product_id for event in events})
    by_product: dict[str, list[Event]] = defaultdict(list)
    for click in found.order_by("-timestamp", "-pk"):
        by_product[click.product_id].append(click)
    return by_product


def _led_to(click: Event, event: Event) -> bool:
    same_session = bool(event.session) and click.session == event.session
    same_person = event.user_id is not None and click.user_id == event.user_id
    is_before = event.timestamp - ATTRIBUTED_FOR <= click.timestamp <= event.timestamp
    return is_before and (same_session or same_person)
