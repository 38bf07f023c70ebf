"""What events add to the daily counts; money in hundredths, by currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analytics.daily_counts import RESULTS_SHOWN, Counts, day_of
from analytics.events.models import Event
from analytics.models.counts import DailyCount
from analytics.models.searches import SearchLog

Measure = DailyCount.Measure
HUNDREDTHS = 100

# The measures of each type of event by what it is counted under: product, source, position, query.
_PRODUCT = {
    Event.Type.VIEW: Measure.VIEWED_PRODUCT,
    Event.Type.BASKET: Measure.BASKET_PRODUCT,
    Event.Type.PURCHASE: Measure.BOUGHT_PRODUCT,
}
_SOURCE = {
    Event.Type.VIEW: Measure.VIEWED_SOURCE,
    Event.Type.CLICK: Measure.CLICKED_SOURCE,
    Event.Type.BASKET: Measure.BASKET_SOURCE,
    Event.Type.PURCHASE: Measure.BOUGHT_SOURCE,
}
_POSITION = {Event.Type.BASKET: Measure.BASKET_POSITION, Event.Type.PURCHASE: Measure.BOUGHT_POSITION}
_QUERY = {Event.Type.BASKET: Measure.BASKET_QUERY, Event.Type.PURCHASE: Measure.BOUGHT_QUERY}


def for_event(event: Event, *, converted: SearchLog | None) -> Counts:
    """What an event adds to its day. ``converted`` is the search, the first of its visit, that this is the
    first purchase of, None for any other event: that it led to one counts on the day of the search, so that
    no day's searches lead to purchases more often than there were.
    """
    acts = dict.fromkeys(_acts(event), 1) | _money(event)
    day = day_of(event)
    counts = Counter({(day, str(measure), key): count for (measure, key), count in acts.items()})
    if converted is not None and converted.is_counted:
        asked = day_of(converted)
        counts[asked, str(Measure.CONVERTED_TYPE), converted.query_type] = 1
        if event.query_key:
            counts[asked, str(Measure.CONVERTED), event.query_key] = 1
    return counts


def for_query(event: Event, *, converted: SearchLog | None) -> Counts:
    """What an event has added under the words of its search."""
    counts = for_event(event, converted=converted)
    return Counter({key: count for key, count in counts.items() if key[1] in DailyCount.PERSONAL})


def _acts(event: Event) -> Iterator[tuple[Measure, str]]:
    kind = Event.Type(event.type)
    yield _SOURCE[kind], event.source
    if kind in _PRODUCT:
        yield _PRODUCT[kind], event.product_id
    if kind in _POSITION and event.position:
        yield _POSITION[kind], str(_shown(event.position))
    if kind in _QUERY and event.query_key:
        yield _QUERY[kind], event.query_key


def _money(event: Event) -> dict[tuple[Measure, str], int]:
    if event.type != Event.Type.PURCHASE or not event.value:
        return {}
    keys = [(Measure.REVENUE_SOURCE, event.source)]
    keys += [(Measure.REVENUE_POSITION, str(_shown(event.position)))] if event.position else []
    keys += [(Measure.REVENUE_QUERY, event.query_key)] if event.query_key else []
    hundredths = int(event.value * HUNDREDTHS)
    return {(measure, f"{event.currency}:{key}"): hundredths for measure, key in keys}


def _shown(position: int) -> int:
    return min(position, RESULTS_SHOWN)
