"""Four weeks of a demo shop's visits: searches that its index really answers, clicks on the results, and what
shoppers looked at and bought from there.

Every row is marked ``is_demo``; ``forget_visits`` deletes them and subtracts them from the daily counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import Favorite
from analytics import daily_counts, recording
from analytics.events import counting
from analytics.events.learning import learn
from analytics.models import DailyCount, Event, ProductClick, SearchLog
from analytics.recording import SearchRecord
from catalog.models import Product
from demo.shoppers import Assortment, events
from search.query import SearchQuery
from search.result import SearchResult
from search.retrieval import search

if TYPE_CHECKING:
    from accounts.models import User

DAYS = 28
SEED = 7
# A visit ends on the first page.
PAGE = 24
# Of one transaction.
_ROWS = 2000
_NAMESPACE = UUID("5f2b9a1e-6d1c-4b7e-9a53-0d3f8e1c7a42")

# Queries, most frequent first; a few name things that the shop does not sell.
WORDS = (
    "red striped dress", "black leather boots", "navy backpack", "yellow summer hat", "white sneakers",
    "summer dress", "blue jeans", "camel coat", "evening dress", "something for a wedding",
    "warm winter jacket", "striped t-shirt", "green polo shirt", "leather belt", "floral dress",
    "grey hoodie", "red heels", "silk tie", "beach outfit", "plaid scarf", "brown loafers",
    "black sunglasses", "wool sweater", "pink clutch", "office blazer", "polka dot skirt", "beige chinos",
    "gift under 30 euros", "running shoes", "denim shorts", "mustard beanie", "navy swimsuit",
    "tote bag for work", "purple socks", "orange puffer jacket", "snowboard", "umbrella",
)  # fmt: skip
# Words added to a picture, and the weight of the picture.
WISHES = (
    ("in red", 0.5), ("but in blue", 0.5), ("longer sleeves", 0.6), ("black leather", 0.4),
    ("with stripes", 0.5), ("cheaper", 0.7), ("in green", 0.3), ("for summer", 0.5), ("plain white", 0.6),
)  # fmt: skip
# The demo shopper's favourites are results of these queries.
TASTE = (
    "navy striped t-shirt",
    "camel coat",
    "brown leather boots",
    "blue jeans",
    "red summer dress",
    "straw hat",
)


def make_visits(shopper: User, *, now: datetime) -> int:
    """Write four weeks of visits up to ``now``, unless there are some; returns the number of searches."""
    if SearchLog.objects.filter(is_demo=True).exists():
        return 0
    rng = np.random.default_rng(SEED)
    results = list(_results(now))
    # Zipf-like: few queries are frequent, many are rare.
    popularity = 1 / np.arange(2, len(results) + 2) ** 0.8
    assortment = Assortment.load(rng)
    rows: list[recording.Row] = []
    for number, moment in enumerate(_moments(rng, now)):
        result = results[int(rng.choice(len(results), p=popularity / popularity.sum()))]
        visit = _visit(rng, number, result, moment, shopper if rng.random() < 0.12 else None)
        rows += [*visit, *_walks(rng, assortment, visit, f"{number}", moment)]
    for start in range(0, len(rows), _ROWS):
        recording.write(rows[start : start + _ROWS])
    learn(now=now)
    return sum(isinstance(row, SearchLog) for row in rows)


def _walks(
    rng: np.random.Generator,
    assortment: Assortment,
    visit: Sequence[SearchLog | ProductClick],
    name: str,
    moment: datetime,
) -> Iterator[Event]:
    """What followed: from the clicks of the visit, and of somebody else who came without a search."""
    log = visit[0]
    assert isinstance(log, SearchLog)  # noqa: S101 - _visit begins with it
    for click in visit[1:]:
        assert isinstance(click, ProductClick)  # noqa: S101 - what follows the search
        start = assortment.places[click.product_id]
        walk = assortment.walk(rng, start=start)
        own = f"{name}/{click.position}"
        yield from events(rng, assortment, walk, click.timestamp, name=own, log=log, position=click.position)
    yield from events(rng, assortment, assortment.walk(rng), moment, name=name)


def _results(now: datetime) -> Iterator[SearchResult]:
    """Results for words, for pictures and for both, in an order that makes every query type frequent."""
    covers = [
        product.product_id for product in Product.objects.active().for_cards()[:240:20] if product.cover
    ]
    for place, words in enumerate(WORDS):
        yield _search(SearchQuery(text=words, top_k=PAGE), now)
        if covers and place % 3 == 0:
            picture = f"product:{covers[place // 3 % len(covers)]}"
            yield _search(SearchQuery(image_id=picture, top_k=PAGE), now)
            wish, weight = WISHES[place // 3 % len(WISHES)]
            yield _search(SearchQuery(image_id=picture, text=wish, weight=weight, top_k=PAGE), now)


def _search(query: SearchQuery, now: datetime) -> SearchResult:
    # Not logged: the visits are, at moments of their own.
    return search(query, user=None, now=now, track=False, log=False)


def _moments(rng: np.random.Generator, now: datetime) -> Iterator[datetime]:
    """The moments of the searches: more each week, more at weekends, most in the evening."""
    for back in range(DAYS, 0, -1):
        midnight = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        weekend = 1.35 if midnight.weekday() >= 5 else 1.0
        for _ in range(rng.poisson((22 + (DAYS - back) * 0.9) * weekend)):
            # Clipped to the day, and the last day is yesterday, so that no visit lies in the future.
            hour = rng.normal(20, 1.8) if rng.random() < 0.6 else rng.normal(12.5, 2.4)
            yield midnight + timedelta(hours=float(np.clip(hour, 0.1, 23.0)))


def _visit(
    rng: np.random.Generator, number: int, result: SearchResult, moment: datetime, user: User | None
) -> list[SearchLog | ProductClick]:
    """One search, and the clicks that followed it."""
    cached = bool(rng.random() < 0.35)
    pace = float(rng.lognormal(0, 0.35)) * (0.12 if cached else 1.0)
    query, best = result.query, result.hits[0] if result.hits else None
    record = SearchRecord(
        query_id=uuid5(_NAMESPACE, f"{moment:%Y-%m-%d}-{number}"),
        query_type=result.query_type,
        timestamp=moment,
        results_count=result.total,
        took_ms={stage: ms * pace for stage, ms in result.took_ms.items()},
        user=user,
        text=query.text,
        image_id=query.image_id,
        weight=query.weight if result.query_type == "hybrid" else None,
        top_result_id=best.product.product_id if best else "",
        top_score=best.similarity if best else None,
        cutoff=result.cutoff,
        cache_hit=cached,
        index_version=result.index_version,
        # Made-up people object to nothing.
        track=True,
    )
    row = record.to_row()
    row.is_demo = True
    # Made-up people, so that the demo has suggestions too.
    row.visitor = "" if user or not row.query_key else f"{int(rng.integers(4096)):03x}"
    return [row, *_clicks(rng, row, result, moment)]


def _clicks(
    rng: np.random.Generator, row: SearchLog, result: SearchResult, moment: datetime
) -> Iterator[ProductClick]:
    """Clicks in about half of the searches, mostly on the first products."""
    hits = result.hits
    if not hits or rng.random() > 0.46:
        return
    chances = 1 / np.arange(1, len(hits) + 1) ** 0.9
    count = min(len(hits), int(rng.geometric(0.7)))
    for place in rng.choice(len(hits), size=count, replace=False, p=chances / chances.sum()):
        yield ProductClick(
            search_id=row.pk,
            user_id=row.user_id,
            product_id=hits[int(place)].product.product_id,
            position=int(place) + 1,
            timestamp=moment + timedelta(seconds=float(rng.uniform(4, 90))),
        )


def make_favourites(shopper: User, *, now: datetime) -> int:
    """Give the shopper favourites that show a taste; returns how many are new."""
    new = 0
    for words in TASTE:
        for hit in _search(SearchQuery(text=words, top_k=PAGE), now).hits[:2]:
            _favourite, created = Favorite.objects.get_or_create(
                user=shopper, product_id=hit.product.product_id
            )
            new += created
    return new


def forget_visits() -> int:
    """Delete the demo's searches, clicks and events, and their counts; returns the number of searches."""
    with transaction.atomic():
        logs = SearchLog.objects.filter(is_demo=True)
        subtracted: daily_counts.Counts = daily_counts.Counts()
        by_id = {}
        for log in logs.iterator():
            subtracted.subtract(daily_counts.for_search(log))
            by_id[log.pk] = log
        clicked: dict[UUID, set[int]] = defaultdict(set)
        for click in ProductClick.objects.filter(search__in=logs).order_by("pk").iterator():
            log = by_id[click.search_id]
            visit, before = by_id.get(log.first_id), clicked[log.first_id]
            subtracted.subtract(daily_counts.for_click(click, visit=visit, clicked=before))
            before.add(click.position)
        subtracted.subtract(_counts_of_events())
        daily_counts.add(subtracted)
        DailyCount.objects.filter(count__lte=0).delete()
        Event.objects.filter(is_demo=True).delete()
        logs.delete()
    learn(now=timezone.now())
    return len(by_id)


def _counts_of_events() -> daily_counts.Counts:
    """What the demo's events have added to the counts."""
    added = daily_counts.Counts()
    searches = SearchLog.objects.filter(is_demo=True)
    by_id = searches.only("query_type", "timestamp").in_bulk()
    bought: set[UUID | None] = set()
    for event in Event.objects.filter(is_demo=True).order_by("pk").iterator():
        is_first = event.type == Event.Type.PURCHASE and event.search_id not in bought
        added.update(counting.for_event(event, converted=by_id.get(event.search_id) if is_first else None))
        bought |= {event.search_id} if is_first else set()
    return added
