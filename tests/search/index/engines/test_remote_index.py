"""An index whose vectors lie elsewhere answers as one that holds them."""

import numpy as np
import pytest

from search.index.engines.milvus import remote_index, remote_vectors
from search.index.engines.not_ready import NotReady
from search.index.validation import InvalidVectors
from tests.search.index.clusters import clustered, index_of
from tests.search.index.engines.in_memory import remote_over

COUNT = 700
VECTORS = clustered(COUNT)


@pytest.fixture(scope="module")
def local():
    return index_of(VECTORS)


@pytest.fixture(params=(40, 16_384))
def pages(request, monkeypatch):
    """Pages of so many results, and few rows that are named to the server."""
    monkeypatch.setattr(remote_index, "MOST_RESULTS", request.param)
    monkeypatch.setattr(remote_index, "NAMED_ROWS", 60)


def masks():
    generator = np.random.default_rng(5)
    yield None
    for share in (0.0, 0.02, 0.3, 0.9, 1.0):
        yield generator.random(COUNT) < share


def assert_same(found, expected):
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_allclose(found[1], expected[1], atol=1e-6)


@pytest.mark.parametrize("floor", [-np.inf, 0.1, 0.6, 2.0])
def test_a_scan_finds_the_same_rows(local, pages, floor):
    remote, _collection = remote_over(VECTORS)
    for query in clustered(5, seed=9):
        for allowed in masks():
            found = remote.scan(query, floor=floor, allowed=allowed)
            assert_same(found, local.scan(query, floor=floor, allowed=allowed))


@pytest.mark.parametrize("k", [0, 1, 30, 650])
def test_the_nearest_are_the_same_rows(local, pages, k):
    remote, _collection = remote_over(VECTORS)
    for query in clustered(5, seed=9):
        for allowed in masks():
            assert_same(remote.nearest(query, k, allowed=allowed), local.nearest(query, k, allowed=allowed))


def test_more_equal_products_than_a_page_holds_do_not_stop_a_scan(monkeypatch):
    monkeypatch.setattr(remote_index, "MOST_RESULTS", 4)
    alike = np.repeat(VECTORS[:3], 4, axis=0)
    remote, _collection = remote_over(alike)
    assert sorted(remote.scan(VECTORS[1], floor=-1.0)[0].tolist()) == list(range(12))


@pytest.mark.parametrize("query", [np.full(24, np.nan, np.float32), np.ones(24, np.float32)])
def test_a_query_that_is_no_unit_vector_is_refused_before_it_is_sent(query):
    remote, collection = remote_over(VECTORS)
    collection.is_gone = True
    with pytest.raises(InvalidVectors):
        remote.nearest(query, 3)


def test_vectors_are_those_of_the_rows_asked_for():
    remote, _collection = remote_over(VECTORS)
    rows = np.array([5, 699, 5, 0])
    np.testing.assert_array_equal(remote.vectors[rows], VECTORS[rows])
    np.testing.assert_array_equal(remote.vectors[7], VECTORS[7])
    np.testing.assert_array_equal(remote.vectors[2:9], VECTORS[2:9])
    np.testing.assert_allclose(remote.vectors @ VECTORS[3], VECTORS @ VECTORS[3], atol=1e-6)


def test_vectors_are_read_once_while_they_are_kept(monkeypatch):
    monkeypatch.setattr(remote_vectors, "KEPT_ROWS", 10)
    remote, collection = remote_over(VECTORS)
    for rows in (np.arange(8), np.arange(4, 12), np.arange(4, 12), np.arange(2)):
        np.testing.assert_array_equal(remote.vectors[rows], VECTORS[rows])
    assert collection.reads == [8, 4, 2]


def test_the_fewer_rows_are_allowed_the_more_lists_are_compared():
    remote, _collection = remote_over(VECTORS, nlist=64)
    object.__setattr__(remote.manifest, "nprobe", 4)
    assert remote._remote_probes(COUNT) == 4
    object.__setattr__(remote.manifest, "filtered_share", 0.5)
    assert remote._remote_probes(COUNT // 10) == 32
    assert remote._remote_probes(1) == 64


def test_a_collection_that_does_not_answer_is_told_by_a_ping():
    remote, collection = remote_over(VECTORS)
    remote.ping()
    collection.is_gone = True
    with pytest.raises(NotReady):
        remote.ping()
