"""Four weeks of a demo shop's life: searches that its catalogue really answers, and clicks on the answers.

Every row is marked ``is_demo``; ``forget_visits`` takes them, and what they added to the daily counts, away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import numpy as np
from django.db import transaction

from accounts.models import Favorite
from analytics import daily_counts, recording
from analytics.models import DailyCount, ProductClick, SearchLog
from analytics.recording import SearchRecord
from catalog.models import Product
from search import engine
from search.candidates.generator import CandidateGenerator
from search.query import SearchQuery
from search.query_builder import QueryBuilder
from search.retrieval import Stopwatch

if TYPE_CHECKING:
    from accounts.models import User

DAYS = 28
SEED = 7
_NAMESPACE = UUID("5f2b9a1e-6d1c-4b7e-9a53-0d3f8e1c7a42")

# What people ask, most frequent first; a few things the shop does not sell are among them.
WORDS = (
    "red striped dress", "black leather boots", "navy backpack", "yellow summer hat", "white sneakers",
    "summer dress", "blue jeans", "camel coat", "evening dress", "something for a wedding",
    "warm winter jacket", "striped t-shirt", "green polo shirt", "leather belt", "floral dress",
    "grey hoodie", "red heels", "silk tie", "beach outfit", "plaid scarf", "brown loafers",
    "black sunglasses", "wool sweater", "pink clutch", "office blazer", "polka dot skirt", "beige chinos",
    "gift under 30 euros", "running shoes", "denim shorts", "mustard beanie", "navy swimsuit",
    "tote bag for work", "purple socks", "orange puffer jacket", "snowboard", "umbrella",
)  # fmt: skip
# What people add to a picture, and how far they lean towards it.
WISHES = (
    ("in red", 0.5), ("but in blue", 0.5), ("longer sleeves", 0.6), ("black leather", 0.4),
    ("with stripes", 0.5), ("cheaper", 0.7), ("in green", 0.3), ("for summer", 0.5), ("plain white", 0.6),
)  # fmt: skip
# What the demo shopper likes: her favourites come from these.
TASTE = (
    "navy striped t-shirt",
    "camel coat",
    "brown leather boots",
    "blue jeans",
    "red summer dress",
    "straw hat",
)


@dataclass(frozen=True)
class Answered:
    """A query and what the catalogue answered: public ids, best first."""

    query: SearchQuery
    query_type: str
    found: tuple[str, ...]
    total: int
    top_score: float | None
    cutoff: float
    took_ms: dict[str, float]
    index_version: str


def make_visits(shopper: User, *, now: datetime) -> int:
    """Write four weeks of visits up to ``now`` and return how many searches they hold; once, never twice."""
    if SearchLog.objects.filter(is_demo=True).exists():
        return 0
    rng = np.random.default_rng(SEED)
    questions = list(_questions(now))
    popularity = 1 / np.arange(2, len(questions) + 2) ** 0.8
    rows: list[SearchLog | ProductClick] = []
    for number, moment in enumerate(_moments(rng, now)):
        answered = questions[int(rng.choice(len(questions), p=popularity / popularity.sum()))]
        rows += _visit(rng, number, answered, moment, shopper if rng.random() < 0.12 else None)
    recording.write(rows)
    return sum(isinstance(row, SearchLog) for row in rows)


def _questions(now: datetime) -> Iterator[Answered]:
    """Words, pictures and both, each asked once of the index, mixed so that all kinds are frequent."""
    covers = [
        product.product_id for product in Product.objects.active().for_cards()[:240:20] if product.cover
    ]
    for place, words in enumerate(WORDS):
        yield _answered(SearchQuery(text=words), now)
        if covers and place % 3 == 0:
            picture = f"product:{covers[place // 3 % len(covers)]}"
            yield _answered(SearchQuery(image_id=picture), now)
            wish, weight = WISHES[place // 3 % len(WISHES)]
            yield _answered(SearchQuery(image_id=picture, text=wish, weight=weight), now)


def _answered(query: SearchQuery, now: datetime) -> Answered:
    """What the catalogue answers, as a shopper would see it, without the answer being logged."""
    clock, snapshot = Stopwatch(), engine.snapshot()
    with clock.stage("encode"):
        prepared = QueryBuilder(query, snapshot, user=None, now=now).build()
    answers = CandidateGenerator(prepared.vector_query, snapshot, now=now).answer(clock.stage)
    keys = [int(key) for key in answers.keys[: min(answers.total, 24)]]
    ids = dict(Product.objects.filter(pk__in=keys).values_list("pk", "product_id"))
    return Answered(
        query=query,
        query_type=prepared.query_type,
        found=tuple(ids[key] for key in keys),
        total=answers.total,
        top_score=float(answers.similarity[0]) if answers.total else None,
        cutoff=answers.cutoff,
        took_ms=clock.took(),
        index_version=answers.index_version,
    )


def _moments(rng: np.random.Generator, now: datetime) -> Iterator[datetime]:
    """When people searched: more each week, more at weekends, most in the evening."""
    for back in range(DAYS, 0, -1):
        midnight = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        weekend = 1.35 if midnight.weekday() >= 5 else 1.0
        for _ in range(rng.poisson((22 + (DAYS - back) * 0.9) * weekend)):
            # Both bells end before the day does, and the last day is yesterday: nobody visits in the future.
            hour = rng.normal(20, 1.8) if rng.random() < 0.6 else rng.normal(12.5, 2.4)
            yield midnight + timedelta(hours=float(np.clip(hour, 0.1, 23.8)))


def _visit(
    rng: np.random.Generator, number: int, answered: Answered, moment: datetime, user: User | None
) -> list[SearchLog | ProductClick]:
    """One search, and the clicks that followed it."""
    cached = bool(rng.random() < 0.35)
    pace = float(rng.lognormal(0, 0.35)) * (0.12 if cached else 1.0)
    query = answered.query
    record = SearchRecord(
        query_id=uuid5(_NAMESPACE, f"{moment:%Y-%m-%d}-{number}"),
        query_type=answered.query_type,
        timestamp=moment,
        results_count=answered.total,
        took_ms={stage: ms * pace for stage, ms in answered.took_ms.items()},
        user=user,
        text=query.text,
        image_id=query.image_id,
        weight=query.weight if answered.query_type == "hybrid" else None,
        top_result_id=answered.found[0] if answered.found else "",
        top_score=answered.top_score,
        cutoff=answered.cutoff,
        cache_hit=cached,
        index_version=answered.index_version,
        track=True,
    )
    row = record.to_row()
    row.is_demo = True
    return [row, *_clicks(rng, row, answered.found, moment)]


def _clicks(
    rng: np.random.Generator, row: SearchLog, found: Sequence[str], moment: datetime
) -> Iterator[ProductClick]:
    """Nobody clicks in more than half of the searches; who does, looks mostly at the first products."""
    if not found or rng.random() > 0.46:
        return
    chances = 1 / np.arange(1, len(found) + 1) ** 0.9
    count = min(len(found), int(rng.geometric(0.7)))
    for place in rng.choice(len(found), size=count, replace=False, p=chances / chances.sum()):
        yield ProductClick(
            search_id=row.pk,
            user_id=row.user_id,
            product_id=found[int(place)],
            position=int(place) + 1,
            timestamp=moment + timedelta(seconds=float(rng.uniform(4, 90))),
        )


def make_favourites(shopper: User, *, now: datetime) -> int:
    """Give the shopper favourites that show a taste; returns how many are new."""
    new = 0
    for words in TASTE:
        for product_id in _answered(SearchQuery(text=words), now).found[:2]:
            _favourite, created = Favorite.objects.get_or_create(user=shopper, product_id=product_id)
            new += created
    return new


def forget_visits() -> int:
    """Delete the demo's searches and clicks and take back what they added to the counts; returns how many."""
    with transaction.atomic():
        logs = SearchLog.objects.filter(is_demo=True)
        taken: Counter[tuple[object, str, str]] = Counter()
        keys = {}
        for log in logs.iterator():
            taken.subtract(daily_counts.for_search(log))
            keys[log.pk] = log.query_key
        clicked: set[UUID] = set()
        for click in ProductClick.objects.filter(search__in=logs).order_by("pk").iterator():
            first = click.search_id not in clicked
            taken.subtract(daily_counts.for_click(click, query_key=keys[click.search_id], first=first))
            clicked.add(click.search_id)
        daily_counts.add(taken)  # type: ignore[arg-type]
        DailyCount.objects.filter(count__lte=0).delete()
        logs.delete()
    return len(keys)
