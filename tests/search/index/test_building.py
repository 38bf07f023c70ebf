"""Building an index: its kind, the tuning of nprobe, and the vectors it refuses."""

import subprocess
import sys
from dataclasses import replace
from itertools import count

import faiss
import numpy as np
import pytest

from search.index import building
from search.index.building import build, list_count
from search.index.lists import tuning
from search.index.lists.tuning import recall_at
from search.index.product_index import ProductIndex, with_manifest
from search.index.validation import InvalidVectors
from tests.search.index.clusters import brute, clustered, index_of


def test_above_the_limit_it_uses_inverted_lists_and_reaches_the_recall_it_states(inverted):
    queries = clustered(200, seed=7)
    truth = np.array([brute(inverted.vectors, query)[0][:10] for query in queries])
    answers = np.array([inverted.nearest(query, 10)[0] for query in queries])
    assert inverted.manifest.kind == "ivf"
    assert inverted.manifest.recall_at_10 >= 0.99
    assert recall_at(truth, answers) >= 0.98


def test_it_measures_the_median_milliseconds_of_a_query(monkeypatch):
    ticks = count()
    monkeypatch.setattr(tuning.time, "perf_counter", lambda: next(ticks) * 0.25)
    manifest = index_of(clustered(500), exact_limit=0).manifest
    assert (manifest.exact_ms, manifest.search_ms) == (250, 250)


@pytest.mark.parametrize("target", [0.5, 1.0])
def test_a_higher_recall_target_probes_more_lists(inverted, target):
    tuned = build(inverted.keys, inverted.vectors, exact_limit=0, recall_target=target)
    assert tuned.manifest.recall_at_10 >= target
    assert (tuned.manifest.nprobe > inverted.manifest.nprobe) is (target == 1.0)


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


def test_products_that_are_all_alike_still_get_lists():
    alike = np.repeat(clustered(3), 400, axis=0)
    index = index_of(alike, exact_limit=100)
    rows, similarities = index.nearest(alike[0], 5)
    assert len(rows) == 5
    assert similarities == pytest.approx(1.0, abs=1e-5)


def test_results_are_compared_by_their_vectors_and_not_by_their_codes(inverted):
    assert inverted.manifest.codes == "sq8"
    assert 0 < inverted.manifest.code_error < 0.1
    for query in clustered(10, seed=11):
        rows, similarities = inverted.nearest(query, 10)
        exact = inverted.vectors[rows].astype(np.float64) @ query.astype(np.float64)
        assert similarities == pytest.approx(exact, abs=1e-6)


def test_codes_hide_no_row_above_the_floor_in_the_probed_lists(inverted):
    every = with_manifest(inverted, nprobe=inverted.manifest.nlist)
    for query in clustered(10, seed=12):
        floor = 0.6
        expected, cosines = brute(inverted.vectors, query, floor)
        rows, similarities = every.scan(query, floor=floor)
        near = np.abs(cosines - floor) < 1e-6
        assert set(expected) - set(rows) <= set(np.flatnonzero(near))
        assert similarities == pytest.approx(cosines[rows], abs=1e-6)
        assert (similarities >= np.float32(floor)).all()


def test_larger_codes_are_taken_where_the_smallest_miss_the_recall(monkeypatch):
    measured = building.tuned

    def missing(index, *arguments):
        index = measured(index, *arguments)
        found = 0.5 if index.manifest.codes == "sq8" else 1.0
        return with_manifest(index, recall_at_10_filtered=found)

    monkeypatch.setattr(building, "tuned", missing)
    assert index_of(clustered(2000), exact_limit=100).manifest.codes == "fp16"


def test_lists_of_earlier_releases_that_hold_the_vectors_are_searched_as_before(inverted):
    searcher = faiss.IndexIVFFlat(inverted._searcher.quantizer, 24, inverted.manifest.nlist)
    searcher.is_trained = True
    searcher.add(inverted.vectors)
    manifest = replace(inverted.manifest, codes="", code_error=0.0)
    before = ProductIndex(inverted.keys, inverted.vectors, searcher, manifest, lists=inverted._lists)
    for query in clustered(10, seed=13):
        for answer in (
            lambda index, q=query: index.nearest(q, 5),
            lambda index, q=query: index.scan(q, floor=0.7),
        ):
            (old_rows, old), (rows, new) = answer(before), answer(inverted)
            assert rows.tolist() == old_rows.tolist()
            assert new == pytest.approx(old, abs=1e-5)


def test_nothing_lies_above_a_floor_that_no_cosine_reaches(inverted):
    rows, similarities = inverted.scan(inverted.vectors[3], floor=1.2)
    assert len(rows) == len(similarities) == 0
