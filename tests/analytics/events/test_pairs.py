"""What is seen or bought together, against counts made by hand and by brute force."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest

from analytics.events import pairs
from analytics.events.models import Event, ProductPair
from tests.factories import ProductFactory

Kind = ProductPair.Kind


@pytest.fixture
def three(db):
    return [ProductFactory(product_id=f"demo-{name}") for name in "abc"]


@pytest.fixture
def saw(noon):
    """``saw("s1", "demo-a", "demo-b")``: a session with one event for each product."""

    def see(session, *ids, kind="view", days_ago=0, user=None):
        when = noon - timedelta(days=days_ago)
        Event.objects.bulk_create(
            Event(type=kind, product_id=each, session=session, user=user, timestamp=when) for each in ids
        )

    return see


def test_products_seen_in_the_same_sessions_belong_together(three, saw, noon):
    for session in ("s1", "s2", "s3"):
        saw(session, "demo-a", "demo-b")
    saw("s4", "demo-a", "demo-c")

    pairs.learn(now=noon)

    best = pairs.together(three[0], Kind.VIEWED)
    assert [(each.key, each.count) for each in best] == [(three[1].pk, 3)]
    assert best[0].score == pytest.approx(3 / np.sqrt(4 * 3) * 3 / (3 + pairs.SMOOTHING))


def test_one_person_alone_makes_no_pair(three, saw, noon):
    saw("s1", "demo-a", "demo-b")

    assert pairs.learn(now=noon) == 0


def test_what_was_bought_is_kept_apart_from_what_was_viewed(three, saw, noon):
    for session in ("s1", "s2"):
        saw(session, "demo-a", "demo-b")
        saw(session, "demo-a", "demo-c", kind="purchase")

    pairs.learn(now=noon)

    assert [each.key for each in pairs.together(three[0], Kind.VIEWED)] == [three[1].pk]
    assert [each.key for each in pairs.together(three[0], Kind.BOUGHT)] == [three[2].pk]


def test_a_persons_days_are_baskets_of_their_own(three, saw, noon, ada):
    for days_ago in (0, 1):
        saw("", "demo-a", "demo-b", user=ada, days_ago=days_ago)
    saw("", "demo-c", user=ada, days_ago=2)

    pairs.learn(now=noon)

    assert [each.key for each in pairs.together(three[0], Kind.VIEWED)] == [three[1].pk]


def test_learning_again_forgets_what_is_too_old(three, saw, noon):
    for session in ("s1", "s2"):
        saw(session, "demo-a", "demo-b", days_ago=80)
    assert pairs.learn(now=noon) == 2

    assert pairs.learn(now=noon + timedelta(days=20)) == 0
    assert pairs.together(three[0], Kind.VIEWED) == []


def test_a_crawlers_session_pairs_nothing(three, saw, noon):
    others = [ProductFactory().product_id for _ in range(pairs.LARGEST_BASKET)]
    for session in ("s1", "s2"):
        saw(session, "demo-a", *others)

    assert pairs.learn(now=noon) == 0


def test_products_that_left_the_shop_are_in_no_pair(three, saw, noon):
    for session in ("s1", "s2"):
        saw(session, "demo-a", "demo-b", "demo-gone")
    three[1].is_active = False
    three[1].save()

    assert pairs.learn(now=noon) == 0


def test_reading_pairs_is_one_query(three, saw, noon, django_assert_num_queries):
    with django_assert_num_queries(1):
        pairs.together(three[0], Kind.BOUGHT)


def test_counting_in_batches_equals_counting_by_hand(monkeypatch):
    monkeypatch.setattr(pairs, "_BATCH", 7)
    rng = np.random.default_rng(3)
    baskets = [np.sort(rng.choice(20, size=rng.integers(0, 6), replace=False)) for _ in range(200)]
    by_hand = Counter(pair for basket in baskets for pair in permutations(basket.tolist(), 2))

    first, second, counts = pairs.cooccurrence(baskets, 20)

    found = dict(zip(zip(first.tolist(), second.tolist(), strict=True), counts.tolist(), strict=True))
    assert found == {pair: n for pair, n in by_hand.items() if n >= pairs.LEAST_COUNT}


def test_no_baskets_make_no_pairs():
    assert all(len(part) == 0 for part in pairs.cooccurrence([], 0))
