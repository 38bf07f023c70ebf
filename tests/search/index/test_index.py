"""The vector index against brute force: exact, inverted lists, filters, and what it refuses."""

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from search.index.lists.tuning import recall_at
from search.index.product_index import EXACT_ROWS, with_manifest
from search.index.validation import InvalidVectors
from tests.examples import examples
from tests.search.index.clusters import CENTRES, brute, clustered, index_of, unit


def test_a_small_index_is_exact_and_answers_as_brute_force_does():
    vectors = clustered(2000)
    index = index_of(vectors)
    query = unit(vectors[3] + vectors[90])
    rows, similarities = index.nearest(query, 50)
    expected, cosines = brute(vectors, query)
    assert index.manifest.kind == "flat"
    assert set(rows) == set(expected[:50])
    assert np.allclose(similarities, cosines[rows], atol=1e-6)
    assert (np.diff(similarities) <= 0).all()


def test_it_scans_every_row_above_the_floor_best_first():
    vectors = clustered(2000)
    rows, similarities = index_of(vectors).scan(vectors[7], floor=0.4)
    expected, _cosines = brute(vectors, vectors[7], 0.4)
    assert set(rows) == set(expected)
    assert rows[0] == 7
    assert (np.diff(similarities) <= 0).all()


def test_a_filter_keeps_the_answer_to_the_allowed_rows():
    vectors = clustered(2000)
    index = index_of(vectors)
    allowed = np.zeros(2000, bool)
    allowed[100:140] = True
    rows, _similarities = index.nearest(vectors[0], 100, allowed=allowed)
    assert set(rows) == set(range(100, 140))
    scanned, _similarities = index.scan(vectors[0], floor=-1.0, allowed=allowed)
    assert scanned.tolist() == rows.tolist()


def test_a_filter_that_leaves_nothing_answers_nothing():
    index = index_of(clustered(500))
    nothing = np.zeros(500, bool)
    assert len(index.nearest(index.vectors[0], 5, allowed=nothing)[0]) == 0
    assert len(index.scan(index.vectors[0], floor=-1.0, allowed=nothing)[0]) == 0


def test_equal_products_keep_the_order_of_their_rows():
    vectors = np.repeat(clustered(3), 5, axis=0)
    rows, _similarities = index_of(vectors).nearest(vectors[0], 15)
    assert rows[:5].tolist() == [0, 1, 2, 3, 4]


def test_equals_at_the_end_of_a_filtered_answer_keep_the_order_of_their_rows():
    vectors = np.repeat(clustered(3), 5, axis=0)
    allowed = np.arange(15) != 0
    rows, _similarities = index_of(vectors).nearest(vectors[0], 3, allowed=allowed)
    assert rows.tolist() == [1, 2, 3]


def test_inverted_lists_are_exact_only_where_all_of_them_are_probed(inverted):
    lists = inverted.manifest.nlist
    # More neighbours than the largest list holds, so that no single list can give them all.
    k = 1 + max(inverted._searcher.invlists.list_size(number) for number in range(lists))
    one, every = (with_manifest(inverted, nprobe=nprobe) for nprobe in (1, lists))
    for query in clustered(10, seed=9):
        expected = brute(inverted.vectors, query)[0][:k]
        assert set(every.nearest(query, k)[0]) == set(expected)
        assert len(one.nearest(query, k)[0]) < k


@pytest.mark.parametrize("share", [0.9, 0.1, 0.01])
def test_a_filter_still_fills_the_page_and_keeps_its_recall(inverted, share, monkeypatch):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", 100)
    allowed = np.random.default_rng(3).random(30_000) < share
    queries = clustered(100, seed=8)
    answers = [inverted.nearest(query, 10, allowed=allowed)[0] for query in queries]
    assert all(len(rows) == 10 and allowed[rows].all() for rows in answers)
    truth = np.array([brute(inverted.vectors, query, allowed=allowed)[0][:10] for query in queries])
    assert recall_at(truth, np.array(answers)) >= 0.97


def test_a_filter_of_far_away_rows_probes_deeper_until_it_sees_them(inverted, monkeypatch):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", 100)
    query = inverted.vectors[11]
    allowed = np.isin(np.arange(30_000) % 100, np.argsort(CENTRES @ query)[:10])
    expected, cosines = brute(inverted.vectors, query, allowed=allowed)
    rows, similarities = inverted.nearest(query, 20, allowed=allowed)
    assert len(rows) == 20
    assert allowed[rows].all()
    assert len(set(rows) & set(expected[:20])) >= 10
    assert similarities.mean() > cosines[expected[:20]].mean() - 0.03


def test_few_allowed_rows_are_compared_exactly(inverted):
    allowed = np.zeros(30_000, bool)
    allowed[np.random.default_rng(5).choice(30_000, 300, replace=False)] = True
    assert allowed.sum() < EXACT_ROWS
    rows, similarities = inverted.nearest(inverted.vectors[1], 300, allowed=allowed)
    expected, cosines = brute(inverted.vectors, inverted.vectors[1], allowed=allowed)
    assert rows.tolist() == expected.tolist()
    assert np.allclose(similarities, cosines[rows], atol=1e-6)


@pytest.mark.parametrize(
    "query",
    [
        np.full(24, np.nan, np.float32),
        np.full(24, np.inf, np.float32),
        np.zeros(24, np.float32),
        np.ones(24, np.float32),
        np.ones(5, np.float32),
        np.ones((1, 24), np.float32),
    ],
    ids=["nan", "infinite", "zero", "not unit", "short", "two-dimensional"],
)
def test_it_refuses_a_query_that_is_no_unit_vector_of_its_space(query):
    index = index_of(clustered(100))
    with pytest.raises(InvalidVectors, match="query"):
        index.nearest(query, 5)
    with pytest.raises(InvalidVectors, match="query"):
        index.scan(query, floor=0.0)


def test_it_refuses_a_floor_that_is_no_number_and_a_filter_of_another_length():
    index = index_of(clustered(100))
    with pytest.raises(InvalidVectors, match="floor"):
        index.scan(index.vectors[0], floor=float("nan"))
    with pytest.raises(InvalidVectors, match="filter"):
        index.scan(index.vectors[0], floor=0.0, allowed=np.ones(99, bool))
    with pytest.raises(InvalidVectors, match="filter"):
        index.nearest(index.vectors[0], 5, allowed=np.ones(100, np.int64))


def test_searching_leaves_the_shared_index_as_it_was(inverted):
    before = inverted._searcher.nprobe
    inverted.nearest(inverted.vectors[0], 10)
    inverted.scan(inverted.vectors[0], floor=0.5)
    assert inverted._searcher.nprobe == before


def test_a_search_takes_one_thread(inverted):
    faiss.omp_set_num_threads(4)
    inverted.nearest(inverted.vectors[0], 10)
    assert faiss.omp_get_max_threads() == 1


coordinates = st.floats(-1, 1, width=32).map(lambda x: round(x, 3))


@hypothesis_settings(max_examples=examples(60), deadline=None)
@given(
    rows=hnp.arrays(np.float32, st.tuples(st.integers(1, 40), st.just(4)), elements=coordinates),
    query=hnp.arrays(np.float32, 4, elements=coordinates),
    floor=st.floats(-1.5, 1.5),
    bits=st.integers(0, 2**40 - 1),
)
def test_a_scan_finds_exactly_what_brute_force_finds(rows, query, floor, bits):
    """Whatever the vectors, the floor and the filter; rows within rounding of the floor may go either way."""
    vectors, query = unit(rows + np.float32([9, 0, 0, 0])), unit(query + np.float32([0, 9, 0, 0]))
    allowed = np.array([bool(bits >> i & 1) for i in range(len(vectors))])
    found, similarities = index_of(vectors).scan(query, floor=floor, allowed=allowed)
    _order, cosines = brute(vectors, query)
    assert set(np.flatnonzero(allowed & (cosines >= floor + 1e-5))) <= set(found)
    assert set(found) <= set(np.flatnonzero(allowed & (cosines >= floor - 1e-5)))
    assert np.allclose(similarities, cosines[found], atol=1e-5)


@hypothesis_settings(max_examples=examples(40), deadline=None)
@given(count=st.integers(1, 60), k=st.integers(0, 80), seed=st.integers(0, 99))
def test_the_nearest_are_the_head_of_an_open_scan(count, k, seed):
    index = index_of(clustered(count, seed=seed))
    query = clustered(1, seed=seed + 1)[0]
    everything, _similarities = index.scan(query, floor=-1.0)
    rows, _similarities = index.nearest(query, k)
    assert len(everything) == count
    assert rows.tolist() == everything[:k].tolist()
