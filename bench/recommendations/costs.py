"""What a session, a person's taste and an experiment cost a search by words.

Each search is computed anew, with its words encoded before, in all ways in turn, which take turns in being
the first. Two figures say what a way costs: how far its 95th percentile lies above that of the plain search
("above at p95"), and the percentiles of the difference of each pair. The second has the noise of two searches
in it: that of the plain search beside itself ("the same again") says how much that is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import Favorite, User
from analytics.experiments.participation import Draw
from analytics.experiments.running import Variant
from analytics.models import Event
from analytics.sessions.history import RECENT
from analytics.sessions.keys import key_of
from bench.recommendations.foresight import made_up_visits
from bench.timing import Row
from demo.visits import WORDS
from search import engine
from search.query import SearchQuery
from search.ranking import taste
from search.retrieval import search

# Visits that a session is made of.
_VISITS = 30
_ROUNDS = 10
PLAIN = "without a session"

# (times,) milliseconds: on the clock, and of this thread's processor time.
Times = NDArray[np.float64]


def measure() -> Iterator[tuple[str, list[Row]]]:
    visits = made_up_visits(_VISITS)
    with transaction.atomic():
        taken = _taken(_ways([each for visit in visits for each in visit][:RECENT]))
        # The shop's own events stay as they were.
        transaction.set_rollback(True)
    for clock, name in enumerate(("on the clock", "of processor time")):
        times = {way: np.array(each)[:, clock] for way, each in taken.items()}
        yield f"A search by words, milliseconds {name}", _compared(times)


def _ways(viewed: Sequence[str]) -> dict[str, Callable[[str], object]]:
    draw = Draw(experiment=0, variant=Variant({"relevance": 0.6}), seed="bench")
    session, user = _session_of(viewed), _person_of(viewed)
    return {
        PLAIN: _search,
        "the same again": _search,
        f"with a session of {len(viewed)} views": partial(_search, session=session),
        f"by a person with {len(viewed)} favourites and views": partial(_search, user=user),
        "drawn from two rankings": partial(_search, draw=draw),
        "a session's taste alone": lambda _words: taste.of_session(
            session, engine.snapshot(), now=timezone.now()
        ),
        "a person's taste alone": lambda _words: taste.of_user(user, engine.snapshot(), now=timezone.now()),
    }


def _taken(ways: dict[str, Callable[[str], object]]) -> dict[str, list[tuple[float, float]]]:
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    names = list(ways)
    for number in range(_ROUNDS + 1):
        for place, words in enumerate(WORDS):
            # No way profits from always following another.
            first = (number + place) % len(names)
            for way in names[first:] + names[:first]:
                times = _ms(partial(ways[way], words))
                # The first round warms up.
                taken[way] += [times] if number else []
    return taken


def _compared(times: dict[str, Times]) -> list[Row]:
    plain = times[PLAIN]
    rows = []
    for way, each in times.items():
        row = {"search": way, "times": len(each), **_percentiles("", each)}
        if way != PLAIN and "alone" not in way:
            above = np.percentile(each, 95) - np.percentile(plain, 95)
            row |= {"above at p95": round(float(above), 2), **_percentiles("pair ", each - plain)}
        rows.append(row)
    return rows


def _percentiles(prefix: str, times: Times) -> Row:
    p50, p95 = np.percentile(times, (50, 95))
    return {f"{prefix}p50": round(float(p50), 2), f"{prefix}p95": round(float(p95), 2)}


def _search(words: str, *, session: str = "", user: User | None = None, draw: Draw | None = None) -> None:
    caches["answers"].clear()
    query = SearchQuery(text=words)
    search(query, user=user, now=timezone.now(), track=False, session=session, log=False, draw=draw)


def _ms(act: Callable[[], object]) -> tuple[float, float]:
    started = time.perf_counter(), time.thread_time()
    act()
    return 1000 * (time.perf_counter() - started[0]), 1000 * (time.thread_time() - started[1])


def _session_of(viewed: Sequence[str]) -> str:
    session = key_of("client", "bench")
    _view(viewed, session=session)
    return session


def _person_of(viewed: Sequence[str]) -> User:
    user = User.objects.create_user("bench@example.org", None)
    Favorite.objects.bulk_create(Favorite(user=user, product_id=each) for each in dict.fromkeys(viewed))
    _view(viewed, user=user)
    return user


def _view(viewed: Sequence[str], **whose: object) -> None:
    now = timezone.now()
    Event.objects.bulk_create(
        Event(type=Event.Type.VIEW, product_id=each, timestamp=now, **whose) for each in viewed
    )
