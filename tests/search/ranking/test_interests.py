"""Interests: clusters that are kept apart, the strongest first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.ranking.interests import MOST, clusters, interests, turns
from search.vectors import unit


def near(direction, count, dimension=6):
    """Vectors close to one axis."""
    rng = np.random.default_rng(direction)
    return unit(
        np.eye(dimension, dtype=np.float32)[[direction] * count] + rng.normal(0, 0.05, (count, dimension))
    )


def test_shoes_do_not_blur_into_dresses():
    shoes, dresses = near(0, 5), near(1, 3)
    found = interests(np.concatenate([shoes, dresses]), np.ones(8), apart=0.6).directions
    assert len(found) == 2
    assert found[0] @ shoes.mean(axis=0) > 0.95
    assert found[1] @ dresses.mean(axis=0) > 0.95


def test_what_is_alike_is_one_interest():
    assert interests(near(0, 9), np.ones(9), apart=0.6).shares == (1.0,)


def test_the_weights_decide_which_comes_first():
    vectors = np.concatenate([near(0, 5), near(1, 1)])
    found = interests(vectors, np.array([0.1] * 5 + [2.0]), apart=0.6)
    assert found.directions[0].argmax() == 1
    assert found.shares == (0.8, 0.2)


def test_only_the_strongest_count():
    vectors = np.concatenate([near(axis, 1) for axis in range(6)])
    assert len(interests(vectors, np.ones(6), apart=0.6).directions) == MOST


def test_vectors_that_cancel_out_have_no_direction():
    vectors = np.array([[1, 0], [-1, 0]], np.float32)
    assert interests(vectors, np.ones(2), apart=-1.0) is None


@given(
    vectors=arrays(np.float32, (9, 4), elements=st.floats(-1, 1, width=32)).filter(
        lambda found: (np.linalg.norm(found, axis=1) > 0.1).all()
    ),
    apart=st.floats(-1, 1),
)
def test_every_vector_is_in_one_cluster(vectors, apart):
    found = clusters(unit(vectors), apart)
    assert sorted(row for cluster in found for row in cluster) == list(range(9))


@pytest.mark.parametrize("count", [1, 2, 60])
def test_interests_are_unit_vectors(count):
    vectors = unit(np.random.default_rng(count).normal(size=(count, 8)).astype(np.float32))
    found = interests(vectors, np.linspace(1, 2, count), apart=0.3).directions
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(found)), abs=1e-5)


def test_each_interest_has_its_share_of_the_places():
    axes = np.eye(2, dtype=np.float32)
    candidates = axes[[0] * 12 + [1] * 12]
    first = np.argsort(-turns(candidates, axes, (0.75, 0.25)), kind="stable")[:12]
    assert (first < 12).sum() == 9
    assert first[first < 12].tolist() == sorted(first[first < 12].tolist())


def test_a_place_that_an_interest_cannot_fill_is_the_others():
    axes = np.eye(2, dtype=np.float32)
    candidates = axes[[0, 1, 1, 1]]
    assert np.argsort(-turns(candidates, axes, (0.9, 0.1)), kind="stable").tolist() == [0, 1, 2, 3]


def test_one_interest_keeps_its_order():
    found = turns(near(0, 9), np.eye(6, dtype=np.float32)[:1], (1.0,))
    assert np.argsort(-found, kind="stable").tolist() == list(range(9))


def test_nothing_has_no_turn():
    assert turns(np.empty((0, 6), np.float32), np.eye(6, dtype=np.float32)[:2], (0.5, 0.5)).shape == (0,)
