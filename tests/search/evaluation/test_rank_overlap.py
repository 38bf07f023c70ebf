"""Rank-biased overlap against values worked by hand, and what a replay makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.replay.overlap import Change, RankedProduct, compare, rank_biased_overlap

rankings = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=12)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("", "", 1.0),
        ("abc", "abc", 1.0),
        ("abc", "def", 0.0),
        ("abc", "", 0.0),
        # Agreement 1, 1/2, 1: 1·0.729 + 0.1/0.9 · (1·0.9 + 0.5·0.81 + 1·0.729).
        ("abc", "acb", 0.955),
        # Agreement 0, 1, 1: 0.729 + 0.1/0.9 · (0.81 + 0.729).
        ("abc", "bac", 0.9),
        # The shorter one ends: agreement 1, 1/2, so 0.5·0.81 + 0.1/0.9 · (0.9 + 0.5·0.81).
        ("a", "ab", 0.55),
    ],
)
def test_rank_biased_overlap_is_as_worked_by_hand(ours, theirs, expected):
    assert rank_biased_overlap(ours, theirs) == pytest.approx(expected, abs=1e-12)


@given(ours=rankings, theirs=rankings)
def test_it_lies_between_0_and_1_and_has_no_direction(ours, theirs):
    value = rank_biased_overlap(ours, theirs)
    assert -1e-12 <= value <= 1 + 1e-12
    assert value == pytest.approx(rank_biased_overlap(theirs, ours))


@given(ranking=rankings)
def test_it_is_1_for_a_ranking_and_itself(ranking):
    assert rank_biased_overlap(ranking, ranking) == pytest.approx(1.0)


def test_an_exchange_at_the_top_counts_more_than_one_below():
    assert rank_biased_overlap("abcd", "bacd") < rank_biased_overlap("abcd", "abdc")


BEFORE = tuple("abcdefghijkl")
# The twelfth is third now; the tenth is eleventh, the ninth on no first page.
AFTER = tuple("ablcdefghxj")


def test_gained_and_lost_products_have_their_old_and_new_places():
    change = Change("dress", 3, BEFORE, AFTER)
    assert change.gained == [RankedProduct("l", 3, 12), RankedProduct("x", 10, None)]
    assert change.lost == [RankedProduct("i", 9, None), RankedProduct("j", 10, 11)]
    assert change.overlap == 8
    assert [place.product_id for place in change.places_after if place.is_moved] == list("cdefgh")


def test_a_change_behind_the_tenth_place_leaves_the_first_ten():
    change = Change("dress", 1, BEFORE, (*BEFORE[:10], "l", "k"))
    assert not change.is_changed
    assert change.rbo < 1


def test_shares_and_means_are_of_searches_and_the_most_changed_come_first():
    same, other = Change("same", 3, BEFORE, BEFORE), Change("other", 1, BEFORE, tuple("mnopqrst"))
    moved = Change("moved", 4, ("a", "b", "c"), ("a", "c", "b"))
    found = compare([same, moved, other])
    assert found.queries == (other, moved, same)
    assert found.changed == (other, moved)
    assert found.changed_share == 5 / 8
    assert found.mean_rbo == pytest.approx((3 * 1 + 4 * 0.955) / 8)


def test_without_queries_there_is_nothing_to_share():
    empty = compare([])
    assert (empty.searches, empty.changed_share, empty.mean_rbo) == (0, None, None)
