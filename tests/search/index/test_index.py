"""The vector index against brute force: exact, inverted lists, filters, and what it refuses."""

import shutil
import subprocess
import sys
from itertools import count

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from search.index import building
from search.index.building import build, list_count, recall_at
from search.index.manifest import Manifest
from search.index.product_index import EXACT_ROWS, ProductIndex, with_manifest
from search.index.validation import InvalidVectors


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


CENTRES = np.random.default_rng(0).standard_normal((100, 24))


def clustered(count, seed=1):
    """Rows about a hundred centres; row i belongs to centre i % 100."""
    noise = np.random.default_rng(seed).standard_normal((count, 24))
    return unit(CENTRES[np.arange(count) % 100] + 0.7 * noise)


def index_of(vectors, *, exact_limit=20_000):
    return build(np.arange(len(vectors)) + 1000, vectors, exact_limit=exact_limit, recall_target=0.99)


def brute(vectors, query, floor=-2.0, allowed=None):
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    rows = np.flatnonzero(cosines >= floor)
    if allowed is not None:
        rows = rows[allowed[rows]]
    return rows[np.argsort(-cosines[rows], kind="stable")], cosines


@pytest.fixture(scope="module")
def inverted():
    """An index of 30,000 rows with inverted lists."""
    return index_of(clustered(30_000), exact_limit=1000)


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


def test_above_the_limit_it_uses_inverted_lists_and_reaches_the_recall_it_states(inverted):
    queries = clustered(200, seed=7)
    truth = np.array([brute(inverted.vectors, query)[0][:10] for query in queries])
    answers = np.array([inverted.nearest(query, 10)[0] for query in queries])
    assert inverted.manifest.kind == "ivf"
    assert inverted.manifest.recall_at_10 >= 0.99
    assert recall_at(truth, answers) >= 0.98


def test_it_measures_the_median_milliseconds_of_a_query(monkeypatch):
    ticks = count()
    monkeypatch.setattr(building.time, "perf_counter", lambda: next(ticks) * 0.25)
    manifest = index_of(clustered(500), exact_limit=0).manifest
    assert (manifest.exact_ms, manifest.search_ms) == (250, 250)


def test_inverted_lists_are_exact_only_where_all_of_them_are_probed(inverted):
    lists = inverted.manifest.nlist
    # More neighbours than the largest list holds, so that no single list can give them all.
    k = 1 + max(inverted._searcher.invlists.list_size(number) for number in range(lists))
    one, every = (with_manifest(inverted, nprobe=nprobe) for nprobe in (1, lists))
    for query in clustered(10, seed=9):
        expected = brute(inverted.vectors, query)[0][:k]
        assert set(every.nearest(query, k)[0]) == set(expected)
        assert len(one.nearest(query, k)[0]) < k


@pytest.mark.parametrize("target", [0.5, 1.0])
def test_a_higher_recall_target_probes_more_lists(inverted, target):
    tuned = build(inverted.keys, inverted.vectors, exact_limit=0, recall_target=target)
    assert tuned.manifest.recall_at_10 >= target
    assert (tuned.manifest.nprobe > inverted.manifest.nprobe) is (target == 1.0)


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


def test_it_refuses_vectors_that_are_not_finite_naming_the_product():
    vectors = clustered(10)
    vectors[4, 2] = np.nan
    with pytest.raises(InvalidVectors, match="product 1004"):
        index_of(vectors)


def test_it_refuses_vectors_that_are_not_of_length_1():
    with pytest.raises(InvalidVectors, match="length 1"):
        index_of(2 * clustered(10))


def test_it_refuses_a_product_twice():
    with pytest.raises(InvalidVectors, match="twice"):
        build(np.array([1, 2, 1]), clustered(3), exact_limit=10, recall_target=0.99)


def test_it_refuses_keys_and_vectors_of_different_lengths():
    with pytest.raises(InvalidVectors, match="belong together"):
        build(np.array([1, 2]), clustered(3), exact_limit=10, recall_target=0.99)


@pytest.mark.parametrize("limit", [0, 20_000], ids=["ivf", "flat"])
def test_a_saved_index_opens_memory_mapped_and_answers_the_same(tmp_path, limit):
    index = index_of(clustered(3000), exact_limit=limit)
    index.save(tmp_path)
    opened = ProductIndex.open(tmp_path, index.manifest)
    assert isinstance(opened.vectors, np.memmap)
    assert not opened.vectors.flags.writeable
    for query in index.vectors[:20]:
        assert opened.nearest(query, 25)[0].tolist() == index.nearest(query, 25)[0].tolist()
        assert opened.scan(query, floor=0.3)[0].tolist() == index.scan(query, floor=0.3)[0].tolist()


@pytest.mark.parametrize("file", ["keys.npy", "vectors.npy", "index.faiss", "lists.npy"])
def test_a_file_of_a_version_with_other_products_does_not_open_with_the_rest(tmp_path, file):
    index = saved(tmp_path / "one", clustered(1000))
    saved(tmp_path / "other", clustered(900))
    ProductIndex.open(tmp_path / "one", index.manifest)
    shutil.copy(tmp_path / "other" / file, tmp_path / "one" / file)
    with pytest.raises(InvalidVectors, match="different numbers of products"):
        ProductIndex.open(tmp_path / "one", index.manifest)


@pytest.mark.parametrize("file", ["vectors.npy", "index.faiss"])
def test_a_file_of_a_version_by_another_encoder_does_not_open_with_the_rest(tmp_path, file):
    index = saved(tmp_path / "one", clustered(1000))
    saved(tmp_path / "other", unit(clustered(1000)[:, :12]))
    shutil.copy(tmp_path / "other" / file, tmp_path / "one" / file)
    with pytest.raises(InvalidVectors, match="different dimensions"):
        ProductIndex.open(tmp_path / "one", index.manifest)


def saved(folder, vectors):
    index = index_of(vectors, exact_limit=0)
    folder.mkdir()
    index.save(folder)
    return index


def test_searching_leaves_the_shared_index_as_it_was(inverted):
    before = inverted._searcher.nprobe
    inverted.nearest(inverted.vectors[0], 10)
    inverted.scan(inverted.vectors[0], floor=0.5)
    assert inverted._searcher.nprobe == before


def test_a_search_takes_one_thread(inverted):
    faiss.omp_set_num_threads(4)
    inverted.nearest(inverted.vectors[0], 10)
    assert faiss.omp_get_max_threads() == 1


def test_a_manifest_reads_back_as_it_was_written():
    manifest = Manifest(version="a", files={"x": "1"}, canaries=({"row": 1},), details={"n": 2})
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "null",
        '{"version": "a", "fingerprint": "f", "kind": "flat"}',
        '{"version": "a", "fingerprint": "f", "kind": "flat", "files": {}, "surprise": 2}',
    ],
)
def test_a_manifest_of_another_program_is_refused(text):
    with pytest.raises(ValueError, match="not one of this program"):
        Manifest.from_json(text)


def test_a_truncated_manifest_is_refused():
    with pytest.raises(ValueError, match="property name enclosed in double quotes"):
        Manifest.from_json("{")


def test_the_mathematics_of_the_index_needs_no_django():
    modules = "building", "calibration", "calibration_queries", "product_index"
    code = (
        f"import sys; from search.index import {', '.join(modules)}; "
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'django'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("count", "lists"), [(1, 1), (100, 2), (20_001, 512), (200_000, 2048), (1_000_000, 4096)]
)
def test_the_number_of_lists_is_a_power_of_two_near_four_roots_and_trainable(count, lists):
    assert list_count(count) == lists


coordinates = st.floats(-1, 1, width=32).map(lambda x: round(x, 3))


@hypothesis_settings(max_examples=60, deadline=None)
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


@hypothesis_settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 60), k=st.integers(0, 80), seed=st.integers(0, 99))
def test_the_nearest_are_the_head_of_an_open_scan(count, k, seed):
    index = index_of(clustered(count, seed=seed))
    query = clustered(1, seed=seed + 1)[0]
    everything, _similarities = index.scan(query, floor=-1.0)
    rows, _similarities = index.nearest(query, k)
    assert len(everything) == count
    assert rows.tolist() == everything[:k].tolist()
