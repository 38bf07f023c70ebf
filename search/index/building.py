"""Build an index: choose its kind, and tune nprobe by measuring recall against exact search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.index.manifest import Manifest
from search.index.product_index import ProductIndex, with_manifest
from search.index.validation import checked_vectors
from search.vectors import Keys, Mask, Vectors, unit

# FAISS's k-means warns below 39 training vectors per list; more than 64 gave no measurable gain.
TRAINING_PER_LIST = (39, 64)
SAMPLE_QUERIES = 256
NEIGHBOURS = 10
# Length of the noise added to a unit row: its cosine to the original stays about 0.9.
DISTURBANCE = 0.5
SEED = 20_26
# Rows processed at once, which bounds the memory for their distances.
BLOCK = 65_536


def build(
    keys: Keys, vectors: Vectors, *, exact_limit: int, recall_target: float, queries: Vectors | None = None
) -> ProductIndex:
    """An index over `vectors` (n, d): exact up to `exact_limit` rows, above it inverted lists.

    `queries` (m, d) are unit vectors like those that shoppers send; without them, disturbed rows of the
    index are used. nprobe is the smallest power of two whose recall@10 over them reaches `recall_target`
    (0 to 1). Raises InvalidVectors.
    """
    keys, vectors = checked_vectors(keys, vectors)
    count, dimension = vectors.shape
    manifest = Manifest(count=count, dimension=dimension)
    exact = faiss.IndexFlatL2(dimension)
    if count <= exact_limit:
        exact.add(vectors)
        return ProductIndex(keys, vectors, exact, manifest)
    return _tuned(keys, vectors, manifest, queries, recall_target)


def list_count(count: int) -> int:
    """Inverted lists for `count` rows: the power of two nearest to 4·√count that can still be trained.

    4·√n to 16·√n is what FAISS's guidelines recommend below a million vectors.
    """
    wanted = 2 ** round(np.log2(4 * np.sqrt(count)))
    trainable = 2 ** int(np.log2(max(1, count // TRAINING_PER_LIST[0])))
    return int(max(1, min(wanted, trainable)))


def _tuned(
    keys: Keys, vectors: Vectors, manifest: Manifest, queries: Vectors | None, recall_target: float
) -> ProductIndex:
    generator = np.random.default_rng(SEED)
    searcher, lists = _inverted_lists(vectors, list_count(len(vectors)), generator)
    sample = sampled(queries, vectors, generator)
    index = ProductIndex(
        keys, vectors, searcher, replace(manifest, nlist=searcher.nlist, kind="ivf"), lists=lists
    )
    tenth = np.isin(lists, _tenth_of_lists(lists, generator))
    return tuned(index, vectors, sample, tenth, recall_target)


def tuned(
    index: ProductIndex, vectors: Vectors, sample: Vectors, allowed: Mask, recall_target: float
) -> ProductIndex:
    """An index of inverted lists over `vectors` (n, d) that finds `recall_target` of the ten nearest to the
    `sample` (m, d), without a filter and under the one that leaves the `allowed` tenth (n,).
    """
    index = _with_nprobe(index, vectors, sample, recall_target)
    index = _with_filtered_share(index, vectors, sample, allowed, recall_target)
    return with_manifest(
        index,
        exact_ms=_median_ms(lambda query: exact_answers(vectors, query[None], None), sample[:16]),
        search_ms=_median_ms(lambda query: index.probe(query, NEIGHBOURS, None), sample),
    )


def sampled(
    queries: Vectors | None, vectors: Vectors, generator: np.random.Generator | None = None
) -> Vectors:
    """At most SAMPLE_QUERIES unit queries; without any, rows with noise, as each would find itself first."""
    generator = generator or np.random.default_rng(SEED)
    disturbed = queries is None or not len(queries)
    queries = vectors if queries is None or not len(queries) else queries
    picked = generator.choice(len(queries), min(SAMPLE_QUERIES, len(queries)), replace=False)
    sample = queries[np.sort(picked)].astype(np.float32)
    if disturbed:
        noise = generator.standard_normal(sample.shape, dtype=np.float32)
        sample += DISTURBANCE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return unit(sample)


def _inverted_lists(
    vectors: Vectors, nlist: int, generator: np.random.Generator
) -> tuple[Any, NDArray[np.int32]]:
    """A trained and filled IndexIVFFlat whose ids are row numbers, and the list of each row (n,)."""
    count, dimension = vectors.shape
    quantizer = faiss.IndexFlatL2(dimension)
    searcher = faiss.IndexIVFFlat(quantizer, dimension, nlist)
    searcher.cp.seed = SEED
    sample = generator.choice(count, min(count, nlist * TRAINING_PER_LIST[1]), replace=False)
    searcher.train(np.ascontiguousarray(vectors[np.sort(sample)]))
    lists = np.empty(count, np.int32)
    # add() would keep the assignment to lists to itself; add_core() takes ours, so it is computed once.
    for start in range(0, count, BLOCK):
        block = vectors[start : start + BLOCK]
        ids = np.arange(start, start + len(block))
        nearest = quantizer.search(block, 1)[1][:, 0].copy()
        lists[ids] = nearest
        searcher.add_core(len(block), faiss.swig_ptr(block), faiss.swig_ptr(ids), faiss.swig_ptr(nearest))
    return searcher, lists


def _with_nprobe(
    index: ProductIndex, vectors: Vectors, sample: Vectors, recall_target: float
) -> ProductIndex:
    truth = exact_answers(vectors, sample, None)
    nprobe = 1
    while True:
        index = with_manifest(index, nprobe=nprobe)
        recall = recall_at(truth, _answers(index, sample, None))
        if recall >= recall_target or nprobe >= index.manifest.nlist:
            return with_manifest(index, recall_at_10=recall)
        nprobe = min(2 * nprobe, index.manifest.nlist)


def _with_filtered_share(
    index: ProductIndex, vectors: Vectors, sample: Vectors, allowed: Mask, recall_target: float
) -> ProductIndex:
    """The index with the share of the allowed rows to compare under a filter, found by doubling as well."""
    truth = exact_answers(vectors, sample, allowed)
    share = index.manifest.nprobe / index.manifest.nlist
    while True:
        index = with_manifest(index, filtered_share=share)
        recall = recall_at(truth, _answers(index, sample, allowed))
        if recall >= recall_target or share >= 1.0:
            return with_manifest(index, recall_at_10_filtered=recall)
        share = min(2 * share, 1.0)


def _tenth_of_lists(lists: NDArray[np.int32], generator: np.random.Generator) -> NDArray[np.int64]:
    """Lists picked at random that hold together about a tenth of the rows, as a category does."""
    order = generator.permutation(int(lists.max()) + 1)
    held = np.cumsum(np.bincount(lists)[order])
    return order[: 1 + int(np.searchsorted(held, len(lists) / 10))]


def recall_at(truth: NDArray[np.int64], answers: NDArray[np.int64]) -> float:
    """The share of the true neighbours (m, k) among the answers (m, k); -1 is an empty place."""
    found = sum(len(np.intersect1d(a[a >= 0], b)) for a, b in zip(truth, answers, strict=True))
    return float(found / max(1, int(np.count_nonzero(truth >= 0))))


def exact_answers(vectors: Vectors, sample: Vectors, allowed: Mask | None) -> NDArray[np.int64]:
    """The rows (m, 10) truly nearest to each query (m, d) among the allowed ones; -1 is an empty place."""
    rows = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    best = faiss.ResultHeap(len(sample), min(NEIGHBOURS, len(rows)))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        distances, found = faiss.knn(sample, np.ascontiguousarray(vectors[block]), best.k)
        best.add_result(distances, np.where(found >= 0, block[found], -1))
    best.finalize()
    return np.asarray(best.I)


def _answers(index: ProductIndex, sample: Vectors, allowed: Mask | None) -> NDArray[np.int64]:
    answers = np.full((len(sample), NEIGHBOURS), -1)
    for place, query in zip(answers, sample, strict=True):
        rows = index.probe(query, NEIGHBOURS, allowed)[0]
        place[: len(rows)] = rows
    return answers


def _median_ms(search: Callable[[Vectors], object], sample: Vectors) -> float:
    # One thread, as a server's worker searches.
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    taken = []
    for query in sample:
        started = time.perf_counter()
        search(query)
        taken.append(time.perf_counter() - started)
    faiss.omp_set_num_threads(threads)
    return round(float(np.median(taken)) * 1000, 3)
