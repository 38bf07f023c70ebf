"""Rows as sets, and the first of an order, against numpy's own operations."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.score import foremost, order
from search.vectors import mask_of, places

ROWS = st.sets(st.integers(0, 30)).map(lambda rows: np.array(sorted(rows), np.int64))
# Few values, so that many are equal.
SCORED = st.lists(st.sampled_from([0.1, 0.2, 0.3]), max_size=12).map(lambda each: np.array(each, np.float32))


@given(ROWS)
def test_a_mask_is_true_at_its_rows_alone(rows):
    assert np.flatnonzero(mask_of(rows, 31)).tolist() == rows.tolist()


@given(ROWS, ROWS)
def test_places_are_where_the_common_rows_stand(rows, ascending):
    found, at = places(rows, ascending)
    assert rows[found].tolist() == np.intersect1d(rows, ascending).tolist()
    assert ascending[at].tolist() == rows[found].tolist()


@given(SCORED, st.integers(0, 14))
def test_the_foremost_begin_the_whole_order(scores, count):
    keys = np.arange(len(scores), 0, -1)
    assert foremost(scores, keys, count).tolist() == order(scores, keys)[:count].tolist()
