"""The vector index alone, on synthetic clustered vectors, compared with exact search."""

from __future__ import annotations

import time

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from bench.timing import Row, timed
from search.index.building import build
from search.index.lists.tuning import NEIGHBOURS, exact_answers, recall_at
from search.index.product_index import ProductIndex
from search.vectors import Vectors

QUERIES = 200
# Embeddings of one kind of products have a low intrinsic dimension: clusters in it, and noise in all.
INTRINSIC = 48
PER_CLUSTER = 400
NOISE = 0.25


def measure(count: int, dimension: int) -> list[Row]:
    """One row per filter: p50 and p95 of a search for the ten nearest, and recall@10; one for a scan."""
    mixture = ClusterMixture(count, dimension)
    vectors = mixture.draw(count)
    started = time.perf_counter()
    index = build(
        np.arange(count),
        vectors,
        exact_limit=settings.INDEX_EXACT_LIMIT,
        recall_target=settings.INDEX_RECALL_TARGET,
        queries=mixture.draw(1000),
    )
    seconds = round(time.perf_counter() - started, 1)
    queries, generator = mixture.draw(QUERIES), np.random.default_rng(5)
    filters: list[tuple[str, NDArray[np.bool_] | None]] = [("none", None)]
    filters += [(f"random {share:.0%}", generator.random(count) < share) for share in (0.1, 0.01)]
    filters.append(("clusters 10%", mixture.cluster_of[:count] % 10 == 0))
    rows = [_row(index, name, allowed, queries) for name, allowed in filters]
    for row in rows:
        row["build_s"] = seconds
    return [*rows, _scan_row(index, queries) | {"build_s": seconds}]


class ClusterMixture:
    """A mixture of clusters on a low-dimensional subspace; every draw comes from the same clusters."""

    def __init__(self, count: int, dimension: int) -> None:
        self._generator = np.random.default_rng(1)
        clusters = max(20, count // PER_CLUSTER)
        self._centres = self._generator.standard_normal((clusters, INTRINSIC), dtype=np.float32)
        self._basis = np.linalg.qr(self._generator.standard_normal((dimension, INTRINSIC)))[0].astype("f4").T
        self.cluster_of = np.empty(0, np.int64)

    def draw(self, count: int) -> Vectors:
        """(count, dimension) unit vectors; remembers the clusters of the first draw."""
        clusters = self._generator.integers(len(self._centres), size=count)
        if not len(self.cluster_of):
            self.cluster_of = clusters
        rows = np.empty((count, self._basis.shape[1]), np.float32)
        for start in range(0, count, 50_000):
            part = clusters[start : start + 50_000]
            spread = self._generator.standard_normal((len(part), INTRINSIC), dtype=np.float32)
            mixed = (self._centres[part] + 0.5 * spread) @ self._basis
            noise = self._generator.standard_normal(mixed.shape, dtype=np.float32)
            mixed += NOISE * np.sqrt(INTRINSIC / mixed.shape[1]) * noise
            rows[start : start + 50_000] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return rows


def _row(index: ProductIndex, name: str, allowed: NDArray[np.bool_] | None, queries: Vectors) -> Row:
    truth = exact_answers(index.vectors, queries, allowed)
    answers = np.array([index.nearest(query, NEIGHBOURS, allowed=allowed)[0] for query in queries])
    took = timed(lambda query: index.nearest(query, NEIGHBOURS, allowed=allowed), queries)
    return _facts(index, name) | took | {"recall_at_10": round(recall_at(truth, answers), 4)}


def _scan_row(index: ProductIndex, queries: Vectors) -> Row:
    """A scan down to the hundredth neighbour's similarity, which is how a result set is found."""
    floors = [(query, float(index.nearest(query, 100)[1][-1])) for query in queries]
    took = timed(lambda pair: index.scan(pair[0], floor=pair[1]), floors)
    found = expected = 0
    for query, floor in floors[:50]:
        truth = np.flatnonzero(index.vectors @ query >= floor)
        found += len(np.intersect1d(truth, index.scan(query, floor=floor)[0]))
        expected += len(truth)
    return (
        _facts(index, "scan 100") | took | {"recall_at_10": None, "scan_recall": round(found / expected, 4)}
    )


def _facts(index: ProductIndex, name: str) -> Row:
    manifest = index.manifest
    return {
        "vectors": manifest.count,
        "index": manifest.kind,
        "nlist": manifest.nlist,
        "nprobe": manifest.nprobe,
        "filter": name,
    }
