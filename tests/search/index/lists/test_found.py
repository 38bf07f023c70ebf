"""What codes say about rows above a floor, against the cosines of all vectors."""

import numpy as np
import pytest

from search.index.segments.segmented_index import SegmentedIndex
from search.lexical.tombstones import Tombstones
from tests.search.index.clusters import brute, clustered, index_of

GENERATOR = np.random.default_rng(17)
ALLOWED = {share: GENERATOR.random(30_000) < share for share in (0.9, 0.2, 0.005)}


@pytest.mark.parametrize("share", ALLOWED)
@pytest.mark.parametrize("floor", [-1.0, 0.1, 0.4, 0.9])
def test_it_finds_every_allowed_row_above_the_floor(inverted, share, floor):
    for query in clustered(4, seed=21):
        found = inverted.above(query, floor=floor, allowed=ALLOWED[share])
        expected, cosines = brute(inverted.vectors, query, floor, allowed=ALLOWED[share])
        near = np.abs(cosines - floor) < 1e-6
        assert set(found.rows[~near[found.rows]]) == set(expected[~near[expected]])
        assert (np.abs(found.cosines - cosines[found.rows]) <= found.error + 1e-6).all()


def test_without_a_floor_it_finds_all_that_are_allowed_whatever_is_probed(inverted, monkeypatch):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", 100)
    found = inverted.above(clustered(1, seed=2)[0], floor=-np.inf, allowed=ALLOWED[0.2])
    assert sorted(found.rows) == np.flatnonzero(ALLOWED[0.2]).tolist()


def test_with_a_floor_it_finds_what_a_scan_of_the_same_lists_finds(inverted, monkeypatch):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", 100)
    query = clustered(1, seed=5)[0]
    scanned, _similarities = inverted.scan(query, floor=0.2, allowed=ALLOWED[0.9])
    assert sorted(inverted.above(query, floor=0.2, allowed=ALLOWED[0.9]).rows) == sorted(scanned)


def test_few_vectors_are_read_instead_of_all_codes(inverted, monkeypatch):
    monkeypatch.setattr(inverted, "_searcher", None)
    found = inverted.above(inverted.vectors[3], floor=0.4, allowed=ALLOWED[0.005])
    assert set(found.rows) == set(
        brute(inverted.vectors, inverted.vectors[3], 0.4, allowed=ALLOWED[0.005])[0]
    )
    assert found.error == 0.0


def test_similarities_are_those_of_each_segments_own_vectors():
    vectors = clustered(60)
    base, delta = index_of(vectors[:40]), index_of(vectors[40:])
    index = SegmentedIndex({"a": base, "b": delta}, {"a": Tombstones(np.array([3]))}, base.manifest)
    rows = np.array([50, 2, 40, 39, 59, 0])
    assert np.allclose(index.similarities(vectors[7], rows), vectors[rows] @ vectors[7], atol=1e-6)
    found = index.above(vectors[7], floor=0.3)
    expected = set(brute(vectors, vectors[7], 0.3)[0]) - {3}
    assert set(found.rows) == expected
