"""Rows above a floor in no order, and similarities of chosen rows, against all vectors."""

import faiss
import numpy as np
import pytest

from search.index.lists.searching import searched, searched_within
from search.index.product_index import ProductIndex
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
        sizes, is_exact = inverted._probes._allowed_in_each(allowed, int(allowed.sum()))
        assert is_exact
        assert sizes.tolist() == np.bincount(inverted._lists[allowed], minlength=len(sizes)).tolist()
        lists, _distances = inverted._probes.lists(query, inverted.manifest, allowed, int(allowed.sum()))
        counts.append(len(lists))
    assert counts[0] < counts[1]


def test_lists_are_the_nearest_that_hold_an_allowed_row(inverted):
    query = clustered(1, seed=6)[0]
    allowed = inverted._lists % 3 == 1
    count = int(allowed.sum())
    lists, distances = inverted._probes.lists(query, inverted.manifest, allowed, count)
    squared, order = inverted._searcher.quantizer.search(query[None], inverted.manifest.nlist)
    expected = [number for number in order[0].tolist() if number % 3 == 1][: len(lists)]
    assert lists.tolist() == expected
    assert (np.diff(distances) >= 0).all()
    assert distances[0] == squared[0][order[0].tolist().index(lists[0])]


def test_chosen_lists_are_searched_as_faiss_searches_them(inverted):
    query = clustered(1, seed=6)[0]
    nprobe, selector = 5, faiss.IDSelectorBitmap(np.packbits(ALLOWED, bitorder="little"))
    parameters = faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)
    distances, numbers = inverted._searcher.quantizer.search(query[None], nprobe)
    lists = (numbers[0], distances[0])
    squared, rows = inverted._searcher.search(query[None], 40, params=parameters)
    found = searched(inverted._searcher, query, 40, lists, ALLOWED)
    assert found[0].tolist() == squared[0].tolist()
    assert found[1].tolist() == rows[0].tolist()
    _limits, squared, rows = inverted._searcher.range_search(query[None], 1.2, params=parameters)
    within = searched_within(inverted._searcher, query, 1.2, lists, ALLOWED)
    assert dict(zip(within[1], within[0], strict=True)) == dict(zip(rows, squared, strict=True))


def test_the_centres_are_compared_with_a_query_once(inverted, monkeypatch):
    asked, query = [], clustered(1, seed=7)[0]
    index = ProductIndex(
        inverted.keys, inverted.vectors, inverted._searcher, inverted.manifest, lists=inverted._lists
    )
    quantizer = index._probes._quantizer
    monkeypatch.setattr(index._probes, "_quantizer", Counting(quantizer, asked))
    for allowed in (ALLOWED, ALLOWED & (np.arange(len(ALLOWED)) % 2 == 0), None):
        index.probe(query, 10, allowed)
    assert len(asked) == 1


class Counting:
    """A quantizer that notes each search."""

    def __init__(self, quantizer, asked):
        self.ntotal, self._quantizer, self._asked = quantizer.ntotal, quantizer, asked

    def search(self, *arguments):
        self._asked.append(arguments)
        return self._quantizer.search(*arguments)
