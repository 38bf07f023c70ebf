"""Rows as sets, against numpy's own operations."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.vectors import common, mask_of, places, within

ROWS = st.sets(st.integers(0, 30)).map(lambda rows: np.array(sorted(rows), np.int64))


@given(ROWS)
def test_a_mask_is_true_at_its_rows_alone(rows):
    assert np.flatnonzero(mask_of(rows, 31)).tolist() == rows.tolist()


@given(ROWS, ROWS)
def test_places_are_where_the_common_rows_stand(rows, ascending):
    found, at = places(rows, ascending)
    assert rows[found].tolist() == np.intersect1d(rows, ascending).tolist()
    assert ascending[at].tolist() == rows[found].tolist()


@given(ROWS, ROWS)
def test_common_rows_are_found_as_places_finds_them(rows, others):
    found, at = common(rows, others)
    expected_found, expected_at = places(rows, others)
    assert found.tolist() == expected_found.tolist()
    assert at.tolist() == expected_at.tolist()


@given(ROWS, ROWS)
def test_rows_within_a_mask_are_those_that_it_has(rows, chosen):
    assert within(rows, mask_of(chosen, 31)).tolist() == np.intersect1d(rows, chosen).tolist()
