"""Taste is what was liked lately, as one direction."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Favorite, User
from analytics.models import ProductClick, SearchLog
from search.ranking import taste
from search.ranking.taste import interpolate, parse_like, taste_vector
from tests.factories import ProductFactory

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
VECTORS = np.eye(4, dtype=np.float32)


def ago(days):
    return NOW - timedelta(days=days)


def test_nobody_without_acts_has_a_taste():
    assert taste_vector([], vectors=VECTORS, now=NOW) is None


def test_one_favourite_is_the_taste():
    assert taste_vector([(2, ago(400))], vectors=VECTORS, now=NOW) == pytest.approx(VECTORS[2])


def test_a_favourite_fades_by_half_in_thirty_days():
    vector = taste_vector([(0, NOW), (1, ago(30))], vectors=VECTORS, now=NOW)
    assert vector[1] / vector[0] == pytest.approx(0.5, rel=1e-5)


def test_a_click_counts_less_than_a_favourite():
    vector = taste_vector([(0, NOW)], [(1, NOW)], vectors=VECTORS, now=NOW)
    assert 0 < vector[1] < vector[0]


def test_a_disliked_product_turns_the_taste_away():
    vector = taste_vector([(0, NOW)], disliked=[(1, NOW)], vectors=VECTORS, now=NOW)
    assert vector[1] < 0 < vector[0]


def test_acts_that_cancel_out_leave_no_taste():
    acts = [(0, NOW), (0, NOW)]
    vectors = np.array([[1.0, 0.0], [-1.0, 0.0]], np.float32)
    assert taste_vector([(0, NOW), (1, NOW)], vectors=vectors, now=NOW) is None
    assert taste_vector(acts, vectors=vectors, now=NOW) is not None


def test_a_clock_that_runs_ahead_does_not_count_more():
    late = taste_vector([(0, NOW), (1, NOW + timedelta(days=300))], vectors=VECTORS, now=NOW)
    assert late[0] == pytest.approx(late[1])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), min_size=1, max_size=20))
def test_a_taste_is_a_unit_vector(acts):
    vector = taste_vector([(row, ago(days)) for row, days in acts], vectors=VECTORS, now=NOW)
    assert np.linalg.norm(vector) == pytest.approx(1.0, rel=1e-5)
    assert vector.dtype == np.float32


@given(strength=st.floats(0, 1))
def test_leaning_moves_a_query_towards_the_taste_and_keeps_it_a_unit(strength):
    leaned = interpolate(VECTORS[0], VECTORS[1], strength)
    assert np.linalg.norm(leaned) == pytest.approx(1.0, rel=1e-5)
    assert leaned[1] == pytest.approx(strength / np.hypot(strength, 1 - strength), abs=1e-5)


def test_a_taste_that_cancels_the_query_leaves_it_alone():
    assert interpolate(VECTORS[0], -VECTORS[0], 0.5).tolist() == VECTORS[0].tolist()


@pytest.mark.parametrize(
    ("ids", "wanted", "unwanted"),
    [
        ((), (), ()),
        (("demo-1", "-demo-2"), ("demo-1",), ("demo-2",)),
        ((" demo-1 ", "demo-1", "", "-", " -demo-2"), ("demo-1",), ("demo-2",)),
    ],
)
def test_a_minus_marks_what_to_lean_away_from(ids, wanted, unwanted):
    assert parse_like(ids) == (wanted, unwanted)


@pytest.fixture
def products(db):
    return [ProductFactory(external_id=str(number)) for number in range(4)]


@pytest.fixture
def snapshot(products):
    # Rows in another order than keys, and the last product not indexed.
    keys = np.array([products[2].pk, products[0].pk, products[1].pk], dtype=np.int64)
    index = SimpleNamespace(keys=keys, vectors=np.eye(3, dtype=np.float32))
    scale = SimpleNamespace(cosine=lambda score: score)
    return SimpleNamespace(index=index, columns=_Columns(keys), calibration=SimpleNamespace(image=scale))


class _Columns:
    """As much of Columns as taste needs."""

    def __init__(self, keys):
        self.keys = keys

    def rows_of(self, wanted):
        return np.array([row for key in wanted for row in np.flatnonzero(self.keys == key)], np.int64)


@pytest.fixture
def user(db):
    return User.objects.create_user("ada@example.com", "a-long-password")


def click(user, product_id, when):
    log = SearchLog.objects.create(
        query_type="text", query_text="shirt", timestamp=when, results_count=1, took_ms=1.0
    )
    ProductClick.objects.create(search=log, user=user, product_id=product_id, position=1, timestamp=when)


def favourite(user, product_id, when):
    Favorite.objects.create(user=user, product_id=product_id)
    Favorite.objects.filter(product_id=product_id).update(added_at=when)


def test_the_taste_of_a_person_is_their_favourites_and_clicks(user, products, snapshot):
    favourite(user, "demo-0", NOW)
    click(user, "demo-2", NOW)
    found, keys = taste.of_user(user, snapshot, now=NOW)
    # Two interests, the favourite's first.
    assert found.directions.tolist() == [[0, 1, 0], [1, 0, 0]]
    assert found.shares == (0.8, 0.2)
    # What is known to them already.
    assert keys == [products[0].pk, products[2].pk]


def test_old_clicks_and_other_peoples_are_not_read(user, snapshot):
    click(user, "demo-0", ago(200))
    click(User.objects.create_user("bob@example.com", "a-long-password"), "demo-1", NOW)
    assert taste.of_user(user, snapshot, now=NOW) == (None, [])


def test_a_favourite_that_is_gone_or_not_indexed_is_passed_over(user, products, snapshot):
    favourite(user, "demo-3", NOW)
    favourite(user, "gone-1", NOW)
    vector, keys = taste.of_user(user, snapshot, now=NOW)
    assert vector is None
    assert keys == [products[3].pk]


def test_taste_takes_one_query(user, snapshot, django_assert_num_queries):
    favourite(user, "demo-0", NOW)
    with django_assert_num_queries(1):
        taste.of_user(user, snapshot, now=NOW)


def test_the_same_acts_are_the_same_taste_a_day_later(user, snapshot):
    """So that what is found by it is found in the cache."""
    favourite(user, "demo-0", ago(3))
    click(user, "demo-2", ago(2))
    found, _keys = taste.of_user(user, snapshot, now=NOW)
    later, _keys = taste.of_user(user, snapshot, now=NOW + timedelta(days=1, seconds=7))
    assert later.directions.tobytes() == found.directions.tobytes()
    assert later.shares == found.shares


def test_products_to_lean_towards_and_away_from_are_all_left_out(products, snapshot):
    vector, keys = taste.of_products(("demo-0", "-demo-1"), snapshot, now=NOW)
    assert vector[1] > 0 > vector[2]
    assert sorted(keys) == sorted([products[0].pk, products[1].pk])


def test_with_negatives_alone_the_direction_is_away(products, snapshot):
    vector, _keys = taste.of_products(("-demo-1",), snapshot, now=NOW)
    assert vector.tolist() == [0, 0, -1]
