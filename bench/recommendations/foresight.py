"""Leave-one-out: which of a visitor's products does "for you" foresee, beside what sells and what is similar?

Visits are made up by demo/shoppers.py, which knows no vectors, on the shop in service; where its database has
views, those are measured too. The last product of each visit is hidden; hit rate@10 is the share of visits
whose hidden product is among the first ten that were not looked at yet, and "gain" how much larger that of
"for you" is over the same visits. Popularity is counted on the first half of the visits, and every way is
measured on the second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import timedelta

import numpy as np
from django.utils import timezone

from analytics.models import Event
from analytics.sessions.history import Act
from bench.timing import Row
from catalog.models import Product
from demo.shoppers import Assortment
from search import engine
from search.candidates.generator import CandidateGenerator
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.evaluation.bootstrap import Estimate
from search.query import Filters
from search.query_builder.builder import FOR_YOU_DIVERSITY
from search.ranking import taste

VISITS = 6000
SEED = 11
AT = 10
# Seconds between two views, for their recency.
_STEP = timedelta(seconds=40)

Visit = list[str]
Recommend = Callable[[Visit], Sequence[int]]


def measure(visits: int = VISITS) -> Iterator[tuple[str, list[Row]]]:
    """Tables with the hit rate@10 of each way, with its 95 % interval."""
    made_up = list(made_up_visits(visits))
    yield "Next view among the first 10, made-up visits", _measured(made_up)
    recorded = list(_recorded())
    if recorded:
        yield "Next view among the first 10, recorded visits", _measured(recorded)


def made_up_visits(count: int) -> Iterator[Visit]:
    rng = np.random.default_rng(SEED)
    assortment = Assortment.load(rng)
    for _visit in range(count):
        walk = assortment.walk(rng)
        if len(walk) > 1:
            yield [assortment.products[place].product_id for place in walk]


def _recorded() -> Iterator[Visit]:
    """What each session looked at, in order, each product once."""
    viewed: dict[str, Visit] = defaultdict(list)
    events = Event.objects.filter(type=Event.Type.VIEW).exclude(session="").order_by("timestamp", "pk")
    for session, product_id in events.values_list("session", "product_id").iterator():
        if product_id not in viewed[session]:
            viewed[session].append(product_id)
    return (visit for visit in viewed.values() if len(visit) > 1)


def _measured(visits: Sequence[Visit]) -> list[Row]:
    snapshot = engine.snapshot()
    keys = dict(Product.objects.active().values_list("product_id", "pk"))
    half = len(visits) // 2
    learned, measured = visits[:half], visits[half:]
    popular = Counter(keys[each] for visit in learned for each in visit if each in keys)
    ways: dict[str, Recommend] = {
        "popularity": lambda seen: [key for key, _count in popular.most_common()],
        "similar to the last": lambda seen: _near(snapshot, keys, seen[-1:], diversity=0.0),
        "for you": lambda seen: _near(snapshot, keys, seen, diversity=FOR_YOU_DIVERSITY),
    }
    hits = {name: _hits(recommend, measured, keys) for name, recommend in ways.items()}
    return [
        {
            "way": name,
            "visits": len(measured),
            f"hit rate@{AT}": str(Estimate.of(found)),
            "gain of for you": str(Estimate.of(np.subtract(hits["for you"], found).tolist())),
        }
        for name, found in hits.items()
    ]


def _hits(recommend: Recommend, visits: Sequence[Visit], keys: dict[str, int]) -> list[float]:
    """1 for each visit whose last product is foreseen, else 0."""
    hits = []
    for *seen, hidden in visits:
        known = {keys.get(each) for each in seen}
        first = [key for key in recommend(seen) if key not in known][:AT]
        hits.append(float(keys.get(hidden) in first))
    return hits


def _near(snapshot: IndexSnapshot, keys: dict[str, int], seen: Visit, *, diversity: float) -> Sequence[int]:
    """The products near the interests of what was seen, as the search orders them."""
    now = timezone.now()
    acts = [
        Act(Event.Type.VIEW, product_id, now - _STEP * place, keys.get(product_id))
        for place, product_id in enumerate(reversed(seen), start=1)
    ]
    interests = taste.interests_of(acts, snapshot, now)
    if interests is None:
        return []
    query = VectorQuery(
        weight=1.0,
        filters=Filters(),
        image=interests.directions[0],
        interests=interests.directions,
        shares=interests.shares,
        excluded_keys=tuple(keys[each] for each in seen if each in keys),
        diversity=diversity,
    )
    found = CandidateGenerator(query, snapshot, now=now).result_set(lambda _stage: nullcontext())
    # A card stands for the colours of its style too.
    return [int(key) for at in range(found.total) for key in (found.keys[at], *found.variants[at])]
