"""What a visitor or a signed-in person did lately, as the ranking reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from analytics.events.models import Event
from analytics.sessions import keys

if TYPE_CHECKING:
    from accounts.models import User

# Acts that are read: the newest. Earlier ones would hardly count (search.ranking.taste.HALF_AFTER_ACTS).
RECENT = 24
RECENT_SEARCHES = 6
RECENT_FAVOURITES, RECENT_CLICKS = 100, 100
# Acts of a signed-in person that are older count too little to be read.
PERSONS_DAYS = timedelta(days=100)
# The kind of an act that a search is: its best result was shown, and not necessarily looked at.
SEARCHED = "search"
FAVOURITE = "favourite"
# A click on a result as the search log has it.
_LOGGED = "logged"

# One statement instead of four. The ORM cannot write it: SQLite refuses a part of a union that is ordered and
# limited, unless it is a query within a query.
_WITH_KEYS = """
SELECT acts.type, acts.product_id, acts.timestamp, products.id
FROM ({parts}) AS acts LEFT JOIN products ON products.product_id = acts.product_id
ORDER BY acts.timestamp DESC, acts.id DESC
"""
_SESSION = """
SELECT * FROM (
    SELECT id, type, product_id, timestamp FROM shop_events
    WHERE session = %s AND user_id IS NULL AND timestamp >= %s
    ORDER BY timestamp DESC, id DESC LIMIT %s
) AS events
UNION ALL SELECT * FROM (
    SELECT 0, 'search', top_result_id, timestamp FROM search_logs
    WHERE session = %s AND user_id IS NULL AND timestamp >= %s AND top_result_id <> ''
    ORDER BY timestamp DESC LIMIT %s
) AS searches
"""
_PERSON = """
SELECT * FROM (
    SELECT id, type, product_id, timestamp FROM shop_events
    WHERE user_id = %s AND timestamp >= %s
    ORDER BY timestamp DESC, id DESC LIMIT %s
) AS events
UNION ALL SELECT * FROM (
    SELECT 0, 'logged', product_id, timestamp FROM product_clicks
    WHERE user_id = %s AND timestamp >= %s
    ORDER BY timestamp DESC LIMIT %s
) AS clicks
UNION ALL SELECT * FROM (
    SELECT 0, 'favourite', product_id, added_at FROM favorites
    WHERE user_id = %s
    ORDER BY added_at DESC LIMIT %s
) AS favourites
"""


@dataclass(frozen=True)
class Act:
    """One act with one product: an Event.Type, SEARCHED or FAVOURITE. ``key`` is the product's primary key,
    None for a product that the catalogue does not have any more.
    """

    type: str
    product_id: str
    when: datetime
    key: int | None = None


def of_session(session: str, *, now: datetime) -> list[Act]:
    """The acts of a session by its key, newest first; [] without one. One query."""
    if not session:
        return []
    since = now - keys.lifetime()
    return _read(_SESSION, [session, since, RECENT, session, since, RECENT_SEARCHES])


def likes_of_user(user: User, *, now: datetime) -> list[Act]:
    """The favourites, clicks and events of a signed-in person, newest first. One query."""
    who, since = user._meta.pk.get_db_prep_value(user.pk, connection), now - PERSONS_DAYS
    parameters = [who, since, RECENT, who, since, RECENT_CLICKS, who, RECENT_FAVOURITES]
    return _each_click_once(_read(_PERSON, parameters))


def of_user(user: User, *, now: datetime) -> list[Act]:
    """The events of a signed-in person, newest first. One query."""
    events = Event.objects.filter(user=user, timestamp__gte=now - PERSONS_DAYS).order_by("-timestamp", "-pk")
    return [Act(*row) for row in events.values_list("type", "product_id", "timestamp")[:RECENT]]


def viewed(acts: Sequence[Act], *, limit: int) -> list[str]:
    """The public ids of the products that were looked at last, each once, newest first."""
    looked_at = (act.product_id for act in acts if act.type != SEARCHED)
    return list(dict.fromkeys(looked_at))[:limit]


def _each_click_once(acts: Sequence[Act]) -> list[Act]:
    """A click on a result is in the search log, and in a session an event as well."""
    logged = {(act.product_id, act.when): act for act in acts if act.type == _LOGGED}
    clicks = [Act(Event.Type.CLICK, each.product_id, each.when, each.key) for each in logged.values()]
    others = (act for act in acts if act.type != _LOGGED)
    kept = [act for act in others if act.type == FAVOURITE or (act.product_id, act.when) not in logged]
    return sorted([*clicks, *kept], key=lambda act: act.when, reverse=True)


def _read(parts: str, parameters: Sequence[Any]) -> list[Act]:
    """The rows of a statement as acts."""
    adapted = [connection.ops.adapt_unknown_value(each) for each in parameters]
    column = Event._meta.get_field("timestamp").get_col("acts")
    # SQLite has no type for a moment, and gives its text.
    converters = connection.ops.get_db_converters(column)

    def moment(value: Any) -> datetime:
        for convert in converters:
            value = convert(value, column, connection)
        return value  # type: ignore[no-any-return]

    with connection.cursor() as cursor:
        cursor.execute(_WITH_KEYS.format(parts=parts), adapted)
        return [Act(kind, each, moment(when), key) for kind, each, when, key in cursor.fetchall()]
