"""What a person or a session likes, from the index's vectors: favourites and acts that fade, by interest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from analytics.models import Event
from analytics.sessions import history
from analytics.sessions.history import FAVOURITE, Act
from catalog.models import Product
from search.ranking.interests import Interests, interests
from search.vectors import Vectors, unit

if TYPE_CHECKING:
    from accounts.models import User
    from search.engine import IndexSnapshot

# A favourite or a click counts half after so many days.
HALF_LIFE_DAYS = 30.0
# Beside its age, an act counts half as much as the one so many acts later: what is looked for changes.
HALF_AFTER_ACTS = 3.0
# A favourite is deliberate, a click is only a look. A product marked with a minus is deliberate too, but may
# be wrong in one respect and right in the others.
CLICK_SHARE, DISLIKE_SHARE = 0.25, 0.5
SHARES = {
    FAVOURITE: 1.0,
    Event.Type.PURCHASE: 1.0,
    Event.Type.BASKET: 0.75,
    Event.Type.CLICK: CLICK_SHARE,
    Event.Type.VIEW: CLICK_SHARE,
    history.SEARCHED: 0.1,
}
# Products that clusters are made of at most: the strongest.
CLUSTERED = 30
# Groups of products are one interest while their mean likeness is this high, on the pictures' scale.
SAME_INTEREST = 0.5

Acts = Sequence[tuple[int, datetime]]


@dataclass(frozen=True)
class Likes:
    """What the signed-in person likes, or else the session by its key.

    Read when it is first needed, and once, however often a search asks again without a filter or a reading.
    """

    user: User | None
    session: str
    snapshot: IndexSnapshot
    now: datetime

    @property
    def are_anybodys(self) -> bool:
        return self.user is not None or bool(self.session)

    @cached_property
    def found(self) -> tuple[Interests | None, list[int]]:
        """The interests, None where there are none, and the keys of the products not to show again."""
        if self.user is not None:
            return of_user(self.user, self.snapshot, now=self.now)
        return of_session(self.session, self.snapshot, now=self.now)


class UnknownLike(Exception):
    """Ids in ``like`` that no product has; ``str()`` is the message for the client."""

    def __init__(self, ids: Sequence[str]) -> None:
        sentence = _("There is no product with the id %(ids)s. Ids in like come from search results.")
        super().__init__(sentence % {"ids": ", ".join(ids[:5])})


def taste_vector(
    liked: Acts, clicked: Acts = (), disliked: Acts = (), *, vectors: Vectors, now: datetime
) -> Vectors | None:
    """The mean direction (d,) of what was liked and clicked, away from what was disliked; a unit vector.

    Each act is (index row, when) and fades by half every 30 days. None without acts or where they cancel out.
    """
    total = np.zeros(vectors.shape[1], np.float64)
    for acts, share in ((liked, 1.0), (clicked, CLICK_SHARE), (disliked, -DISLIKE_SHARE)):
        if acts:
            rows = np.array([row for row, _when in acts])
            total += share * (_decay([when for _row, when in acts], now) @ vectors[rows])
    length = np.linalg.norm(total)
    return None if length < 1e-9 else np.asarray(total / length, np.float32)


def _decay(times: Iterable[datetime], now: datetime) -> NDArray[np.float64]:
    """The weight of each act, in (0, 1]; a clock that is ahead does not raise it."""
    days = np.array([max((now - when).total_seconds(), 0.0) for when in times]) / 86_400
    return np.exp2(-days / HALF_LIFE_DAYS)


def interpolate(query: Vectors, taste: Vectors, strength: float) -> Vectors:
    """A query (d,) moved towards a taste (d,), both unit vectors, by ``strength`` in [0, 1] (Rocchio)."""
    mixed = (1.0 - strength) * query + strength * taste
    return query if np.linalg.norm(mixed) < 1e-9 else unit(np.asarray(mixed, np.float32))


def parse_like(ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Public product ids to move towards and, from those written with a minus ("-demo-12"), away from."""
    cleaned = [each.strip() for each in ids]
    wanted = dict.fromkeys(each for each in cleaned if each and not each.startswith("-"))
    unwanted = dict.fromkeys(each[1:] for each in cleaned if each.startswith("-") and len(each) > 1)
    return tuple(wanted), tuple(unwanted)


def of_products(
    ids: Sequence[str], snapshot: IndexSnapshot, *, now: datetime
) -> tuple[Vectors | None, list[int]]:
    """The direction of the products in ``like``, and the keys of all of them, to leave out of the results.

    Products that are not indexed are skipped. Negatives alone give the direction away from them. Raises
    UnknownLike for an id that no product has.
    """
    wanted, unwanted = parse_like(ids)
    keys = dict(
        Product.objects.filter(product_id__in=_storable([*wanted, *unwanted])).values_list("product_id", "pk")
    )
    missing = [each for each in (*wanted, *unwanted) if each not in keys]
    if missing:
        raise UnknownLike(missing)
    liked = _acts([(keys[each], now) for each in wanted if each in keys], snapshot)
    disliked = _acts([(keys[each], now) for each in unwanted if each in keys], snapshot)
    direction = taste_vector(liked, disliked=disliked, vectors=snapshot.index.vectors, now=now)
    return direction, list(keys.values())


def _storable(ids: Sequence[str]) -> list[str]:
    """PostgreSQL refuses a null byte in any text."""
    return [each for each in ids if "\x00" not in each]


def of_user(user: User, snapshot: IndexSnapshot, *, now: datetime) -> tuple[Interests | None, list[int]]:
    """A person's interests, or None without acts; and the keys of their favourites and of the products
    that they looked at or bought last.
    """
    acts = history.likes_of_user(user, now=now)
    favourites = [act for act in acts if act.type == FAVOURITE]
    # What was looked at long ago may come again: of a small shop little would be left.
    latest = [act for act in acts if act.type != FAVOURITE][: history.RECENT]
    return interests_of(acts, snapshot, now), _keys([*favourites, *latest])


def of_session(session: str, snapshot: IndexSnapshot, *, now: datetime) -> tuple[Interests | None, list[int]]:
    """The interests of a session by its key, or None without acts; and the keys of the products that were
    looked at.
    """
    acts = history.of_session(session, now=now)
    return interests_of(acts, snapshot, now), _keys(act for act in acts if act.type != history.SEARCHED)


def _keys(acts: Iterable[Act]) -> list[int]:
    """The primary keys of their products, each once, in their order."""
    return list(dict.fromkeys(act.key for act in acts if act.key is not None))


def interests_of(acts: Sequence[Act], snapshot: IndexSnapshot, now: datetime) -> Interests | None:
    """The interests that acts show, newest first; None where no product is indexed."""
    row_of = _rows(_keys(acts), snapshot)
    indexed = [act for act in acts if act.key in row_of]
    if not indexed:
        return None
    rows = [row_of[act.key] for act in indexed if act.key is not None]
    return _clustered(snapshot.index.vectors[rows], _weights(indexed, now), rows, snapshot)


def _weights(acts: Sequence[Act], now: datetime) -> NDArray[np.float64]:
    """The weight of each act, newest first: its kind's share, fading with its age and, except for favourites,
    with the acts that came after.

    Only how the weights stand to each other matters, so ages count from the newest act: the same acts show
    the same interests a minute later, and find the same answer in the cache.
    """
    shares = np.array([SHARES[act.type] for act in acts])
    passing = np.array([act.type != FAVOURITE for act in acts])
    after = np.where(passing, np.cumsum(passing) - 1, 0)
    return (
        shares
        * _decay([act.when for act in acts], min(now, acts[0].when))
        * np.exp2(-after / HALF_AFTER_ACTS)
    )


def _clustered(
    vectors: Vectors, weights: NDArray[np.float64], rows: Sequence[int], snapshot: IndexSnapshot
) -> Interests | None:
    # A product that was looked at twice is one vector with the weight of both.
    _distinct, first, place = np.unique(rows, return_index=True, return_inverse=True)
    total = np.bincount(place, weights).astype(np.float64)
    strongest = np.argsort(-total, kind="stable")[:CLUSTERED]
    apart = snapshot.calibration.image.cosine(SAME_INTEREST)
    return interests(vectors[first[strongest]], total[strongest], apart=apart)


def _rows(keys: Sequence[int], snapshot: IndexSnapshot) -> dict[int, int]:
    """Index rows by primary key; products that are not indexed drop out."""
    rows = snapshot.columns.rows_of(list(dict.fromkeys(keys)))
    return {int(snapshot.columns.keys[row]): int(row) for row in rows}


def _acts(acts: Sequence[tuple[int, datetime]], snapshot: IndexSnapshot) -> Acts:
    """Acts by product key as acts by index row; products that are not indexed drop out."""
    keys = np.asarray(snapshot.index.keys)
    wanted = np.array([key for key, _when in acts], dtype=np.int64)
    row_of = {int(keys[row]): int(row) for row in np.flatnonzero(np.isin(keys, wanted))}
    return [(row_of[key], when) for key, when in acts if key in row_of]
