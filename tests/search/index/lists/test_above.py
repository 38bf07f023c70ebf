"""Rows above a floor in no order, and similarities of chosen rows, against all vectors."""

import numpy as np
import pytest

from search.index.segments.segmented_index import SegmentedIndex
from search.lexical.tombstones import Tombstones
from tests.search.index.clusters import brute, clustered, index_of

ALLOWED = np.random.default_rng(17).random(30_000) < 0.9


@pytest.mark.parametrize("exact_rows", [100, 50_000])
def test_it_finds_what_a_scan_of_the_same_lists_finds(inverted, monkeypatch, exact_rows):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", exact_rows)
    query = clustered(1, seed=5)[0]
    scanned, similarities = inverted.scan(query, floor=0.2, allowed=ALLOWED)
    rows, cosines = inverted.above(query, floor=0.2, allowed=ALLOWED)
    assert dict(zip(rows, cosines, strict=True)) == dict(zip(scanned, similarities, strict=True))


def test_similarities_are_those_of_each_segments_own_vectors():
    vectors = clustered(60)
    base, delta = index_of(vectors[:40]), index_of(vectors[40:])
    index = SegmentedIndex({"a": base, "b": delta}, {"a": Tombstones(np.array([3]))}, base.manifest)
    rows = np.array([50, 2, 40, 39, 59, 0])
    assert np.allclose(index.similarities(vectors[7], rows), vectors[rows] @ vectors[7], atol=1e-6)
    found, _cosines = index.above(vectors[7], floor=0.3)
    assert set(found) == set(brute(vectors, vectors[7], 0.3)[0]) - {3}


def test_lists_to_probe_follow_from_the_rows_that_are_allowed_in_each(inverted):
    query, counts = clustered(1, seed=6)[0], []
    for allowed in (ALLOWED, ~ALLOWED):
        sizes = inverted._probes._allowed_in_each(allowed, int(allowed.sum()))
        assert sizes.tolist() == np.bincount(inverted._lists[allowed], minlength=len(sizes)).tolist()
        counts.append(inverted._probes.count(query, inverted.manifest, allowed, int(allowed.sum())))
    assert counts[0] < counts[1]
