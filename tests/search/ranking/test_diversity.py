"""Near-copies make room, variants share a card, and counts count cards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.diversity import count_cards, diversify, fold
from search.vectors import unit


def random_case(size):
    rng = np.random.default_rng(7)
    return rng.random(size).astype(np.float32), unit(rng.standard_normal((size, 8)).astype(np.float32))


def test_without_diversity_the_order_is_the_scores_order():
    scores, vectors = random_case(50)
    order, adjusted = diversify(scores, vectors, 0.0)
    assert order.tolist() == np.argsort(-scores).tolist()
    assert adjusted.tolist() == scores[order].tolist()


def test_a_copy_of_the_best_makes_room_for_something_else():
    vectors = unit(np.array([[1, 0], [1, 0.01], [0, 1]], np.float32))
    scores = np.array([0.9, 0.89, 0.7], np.float32)
    assert diversify(scores, vectors, 0.0)[0].tolist() == [0, 1, 2]
    assert diversify(scores, vectors, 0.8)[0].tolist() == [0, 2, 1]


@given(size=st.integers(0, 40), diversity=st.floats(0, 1), top=st.integers(1, 60))
def test_the_best_stays_first_and_nobody_is_lost_or_moved_from_below_the_top(size, diversity, top):
    scores, vectors = random_case(size)
    order, adjusted = diversify(scores, vectors, diversity, top=top)
    assert sorted(order.tolist()) == list(range(size))
    assert (np.diff(adjusted) <= 0).all()
    ranked = np.argsort(-scores)
    assert order[top:].tolist() == ranked[top:].tolist()
    assert order[:1].tolist() == ranked[:1].tolist()


def test_more_diversity_brings_more_styles_into_the_first_row():
    styles = np.repeat(np.eye(10, dtype=np.float32), 20, axis=0)
    noise = np.random.default_rng(7).normal(scale=0.02, size=styles.shape).astype(np.float32)
    scores = np.linspace(0.9, 0.5, 200, dtype=np.float32)

    def styles_shown(diversity):
        return len({place // 20 for place in diversify(scores, unit(styles + noise), diversity)[0][:10]})

    assert styles_shown(0.0) == 1
    assert styles_shown(0.0) < styles_shown(0.3) <= styles_shown(1.0) == 10


def test_equal_scores_stand_by_key_and_the_same_way_every_time():
    vectors = unit(np.ones((4, 3), np.float32))
    scores = np.full(4, 0.5, np.float32)
    keys = np.array([40, 10, 30, 20])
    assert diversify(scores, vectors, 0.7, keys=keys)[0].tolist() == [1, 3, 2, 0]


def test_the_best_of_a_style_is_its_card_and_the_others_its_variants():
    groups = np.array([5, 6, 5, 7, 5, 6])
    folded = fold(np.array([4, 3, 1, 0, 5, 2]), groups)
    assert folded.cards.tolist() == [0, 1, 2]
    assert [each.tolist() for each in folded.variants] == [[3, 5], [], [4]]


@given(members=st.lists(st.integers(0, 5), max_size=30), data=st.data())
def test_every_candidate_is_on_exactly_one_card_of_its_own_style(members, data):
    groups = np.array(members, np.int64)
    rows = np.array(data.draw(st.permutations(range(len(members)))), np.int64)
    folded = fold(rows, groups)
    seen = sorted(folded.cards.tolist() + [p for others in folded.variants for p in others.tolist()])
    assert seen == list(range(len(members)))
    assert len(folded.cards) == len(folded.variants) == len(set(members))
    for card, others in zip(folded.cards, folded.variants, strict=True):
        assert all(groups[rows[other]] == groups[rows[card]] and other > card for other in others)


def test_a_facet_counts_the_cards_that_choosing_it_would_leave():
    codes = np.array([0, 0, 1, -1, 1, 0], np.int32)
    groups = np.array([1, 1, 1, 2, 3, 4])
    assert count_cards(codes, groups, 3).tolist() == [2, 2, 0]
    for value in range(3):
        chosen = np.flatnonzero(codes == value)
        assert count_cards(codes, groups, 3)[value] == len(fold(chosen, groups).cards)


@pytest.mark.parametrize("values", [0, 3])
def test_nothing_to_count_counts_nothing(values):
    empty = np.empty(0, np.int32)
    assert count_cards(empty, empty.astype(np.int64), values).tolist() == [0] * values
