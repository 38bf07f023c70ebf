"""The nearest styles of a pool against sorting all of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.candidates.capping import Pool, capped
from search.index.columns import Codes, Columns, ManyCodes

COUNT = 40
CAP = 5
# Few values, so that many are equal.
cosines = arrays(np.float32, COUNT, elements=st.sampled_from([0.1, 0.2, 0.3, 0.35]))
styles = arrays(np.int64, COUNT, elements=st.integers(0, 25))


def columns_of(group):
    nothing, many = Codes.of([""] * COUNT), ManyCodes.of([()] * COUNT)
    return Columns(
        keys=np.arange(COUNT)[::-1] * 3,
        active=np.ones(COUNT, bool),
        category=nothing,
        colour=nothing,
        brand=nothing,
        gender=nothing,
        group=group,
        price=np.zeros(COUNT),
        in_stock=np.ones(COUNT, bool),
        created=np.zeros(COUNT),
        generation=None,
        steps=many,
        size=many,
        material=many,
        pattern=many,
        attributes={},
        on_sale=np.zeros(COUNT, bool),
    )


def nearest_styles(rows, exact, columns):
    """All rows of the first CAP styles of all rows, sorted."""
    order = sorted(rows.tolist(), key=lambda row: (-exact[row], columns.keys[row]))
    first = list(dict.fromkeys(int(columns.group[row]) for row in order))[:CAP]
    return {row for row in order if columns.group[row] in first}


@given(
    exact=cosines,
    group=styles,
    rows=st.sets(st.integers(0, COUNT - 1)),
    passing=arrays(bool, COUNT),
    are_known=st.booleans(),
)
def test_the_nearest_styles_are_those_of_all_cosines(exact, group, rows, passing, are_known):
    columns, rows = columns_of(group), np.array(sorted(rows), np.int64)

    def nearest(count, *, allowed):
        found = np.flatnonzero(allowed)
        found = found[np.lexsort((columns.keys[found], -exact[found]))][:count]
        return found, exact[found]

    pool = Pool(rows, exact[rows] if are_known else None, nearest)
    kept, is_capped = capped(pool, passing[rows], columns, CAP)
    wanted = rows[passing[rows]]
    assert set(kept.tolist()) == nearest_styles(wanted, exact, columns)
    assert len(kept) == len(set(kept.tolist()))
    assert is_capped == (len(set(group[wanted].tolist())) > CAP)


@pytest.mark.parametrize("are_known", [True, False])
def test_what_is_pinned_is_kept_however_far_it_is_and_the_nearest_beside_it(are_known):
    exact = np.linspace(1.0, 0.0, COUNT, dtype=np.float32)

    def nearest(count, *, allowed):
        found = np.flatnonzero(allowed)[:count]
        return found, exact[found]

    pool = Pool(np.arange(COUNT), exact if are_known else None, nearest, pinned=np.array([30, 39]))
    passing = np.arange(COUNT) != 39
    kept, is_capped = capped(pool, passing, columns_of(np.arange(COUNT)), CAP)
    assert (sorted(kept.tolist()), is_capped) == ([0, 1, 2, 3, 30], True)


def test_an_answer_that_is_kept_whole_compares_nothing():
    pool = Pool(np.arange(CAP), None, lambda *_arguments, **_options: pytest.fail("It compared."))
    kept, is_capped = capped(pool, np.ones(CAP, bool), columns_of(np.arange(COUNT)), CAP)
    assert (kept.tolist(), is_capped) == ([*range(CAP)], False)


@pytest.mark.parametrize("rows", [[0, 5], [7]])
def test_the_rows_of_a_style_are_found_by_any_of_them(rows):
    group = np.arange(COUNT) // 3
    group[7] = 99
    found = columns_of(group).rows_of_styles(np.array(rows))
    assert sorted(found) == np.flatnonzero(np.isin(group, group[rows])).tolist()


def test_of_a_kind_without_variants_hardly_more_rows_than_are_kept_are_looked_at():
    columns, asked = columns_of(np.arange(COUNT)), []

    def nearest(count, *, allowed):
        asked.append(count)
        return np.flatnonzero(allowed)[:count], np.linspace(0.9, 0.1, count, dtype=np.float32)

    rows, is_capped = capped(Pool(np.arange(COUNT), None, nearest), np.ones(COUNT, bool), columns, CAP)
    assert sorted(rows.tolist()) == list(range(CAP))
    assert is_capped
    assert asked == [7]
