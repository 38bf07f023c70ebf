"""Asks what shoppers asked again: on the shop's ranking as it is now, and on a variant of it.

Nothing is logged or kept, nobody's taste counts, and filters that shoppers chose are left out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.db.models.functions import Coalesce

from analytics.experiments.running import Variant
from analytics.models import SearchLog
from analytics.models.searches import MIN_PEOPLE, PEOPLE
from catalog.display.cards import Card
from search import engine, retrieval
from search.evaluation.replay.overlap import Change, Replay, compare
from search.query import SearchQuery
from search.result import Hit

# Queries of one replay; the rest of a day is asked too rarely to say much.
MAX_QUERIES = 500


@dataclass(frozen=True)
class AskedQuery:
    """Words that several people searched for, and how often."""

    text: str
    searches: int


@dataclass(frozen=True)
class Replayed:
    """What was compared, of how many queries, with the cards of all products in it by public id."""

    replay: Replay
    asked: int
    cards: Mapping[str, Card]


def asked_queries(*, days: int, now: datetime) -> list[AskedQuery]:
    """Queries by words alone of the last ``days``, most asked first, at most MAX_QUERIES: only those of at
    least MIN_PEOPLE, so that nobody's own words are shown.
    """
    searches = SearchLog.objects.filter(
        timestamp__gt=now - timedelta(days=days),
        timestamp__lte=now,
        query_type=SearchLog.QueryType.TEXT,
    ).exclude(query_key="")
    rows = (
        searches.values("query_key")
        .annotate(
            people=PEOPLE,
            # A visit that refined or repeated its search counts once, as on the dashboard.
            visits=Count(Coalesce("visit", "id"), distinct=True),
            text=Min("query_text"),
        )
        .filter(people__gte=MIN_PEOPLE)
        .order_by("-visits", "query_key")[:MAX_QUERIES]
    )
    return [AskedQuery(row["text"], row["visits"]) for row in rows]


def replay(
    variant: Variant,
    *,
    days: int,
    now: datetime,
    most: int = MAX_QUERIES,
    seconds: float | None = None,
) -> Replayed:
    """The ``most`` asked queries on both rankings; after ``seconds`` no further query is begun.

    Raises ValueError for a weight out of its range; NotReady or Busy from the engine.
    """
    asked = asked_queries(days=days, now=now)
    # What a fresh process loads first is not counted.
    engine.snapshot()
    ends_at = None if seconds is None else time.monotonic() + seconds
    cards: dict[str, Card] = {}
    changes: list[Change] = []
    for query in asked[:most]:
        if changes and ends_at is not None and time.monotonic() >= ends_at:
            break
        before, after = _hits(query.text, None, now), _hits(query.text, variant, now)
        cards.update({hit.product.product_id: hit.product for hit in (*before, *after)})
        changes.append(Change(query.text, query.searches, _ids(before), _ids(after)))
    return Replayed(compare(changes), len(asked), cards)


def _hits(text: str, variant: Variant | None, now: datetime) -> tuple[Hit, ...]:
    """The first page."""
    query = SearchQuery(text=text, personal=False)
    return retrieval.search(query, user=None, now=now, track=False, log=False, variant=variant).hits


def _ids(hits: tuple[Hit, ...]) -> tuple[str, ...]:
    return tuple(hit.product.product_id for hit in hits)
