"""The arithmetic of a comparison, against figures that are known from elsewhere."""

from math import comb

import pytest

from analytics.experiments.sign_test import LEAST_DECIDED, SignTest


@pytest.mark.parametrize(("ours", "theirs"), [(206, 274), (15, 5), (0, 6), (3, 3), (0, 0)])
def test_the_sign_test_is_exact(ours, theirs):
    """Of all 2^n ways that n fair coins fall, those that are at least as uneven, in whole numbers."""
    n, fewer = ours + theirs, min(ours, theirs)
    uneven = 2 * sum(comb(n, k) for k in range(fewer + 1))
    assert SignTest(ours, theirs).p_value == pytest.approx(min(1.0, uneven / 2**n), rel=1e-9)


def test_the_interval_is_wilsons():
    low, high = SignTest(206, 274).interval
    assert (round(low, 3), round(high, 3)) == (0.526, 0.614)


def test_both_sides_are_treated_alike():
    one, other = SignTest(30, 50), SignTest(50, 30)
    assert one.p_value == other.p_value
    assert one.needed == other.needed
    assert one.interval[0] == pytest.approx(1 - other.interval[1])


def test_a_few_visits_decide_nothing_however_they_went():
    assert not SignTest(0, LEAST_DECIDED - 1).is_decided
    assert SignTest(0, LEAST_DECIDED).is_decided


def test_the_smaller_the_difference_the_more_visits_are_needed():
    # (0.5·1.96 + √(.55·.45)·.842)² / .05² = 783
    assert SignTest(45, 55).needed == pytest.approx(783 - 100, abs=2)
    assert SignTest(49, 51).needed > SignTest(45, 55).needed
    assert SignTest(50, 50).needed is None
    assert SignTest(0, 0).needed is None
