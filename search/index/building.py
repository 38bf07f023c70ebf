"""Build an index: choose its kind and codes, and tune nprobe by measuring recall against exact search."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.index.manifest import Manifest
from search.index.product_index import ProductIndex, with_manifest
from search.index.validation import checked_vectors
from search.vectors import Keys, Mask, Vectors, unit

# FAISS's k-means warns below so many training vectors per list. With 64, and twice the rounds, it takes three
# times as long, for the same recall of as many probes. Lists made in two levels take a third, but words,
# which lie apart from the products, then need four times as many probes (ADR 13).
TRAINING_PER_LIST, ITERATIONS = 39, 5
SAMPLE_QUERIES = 256
NEIGHBOURS = 10
# Length of the noise added to a unit row: its cosine to the original stays about 0.9.
DISTURBANCE = 0.5
SEED = 20_26
# How inverted lists may hold vectors, the smallest first. Results are compared by the vectors themselves.
CODES = {"sq8": faiss.ScalarQuantizer.QT_8bit, "fp16": faiss.ScalarQuantizer.QT_fp16}
# Rows processed at once, which bounds the memory for their distances.
BLOCK = 16_384

# The rows (m, 10) truly nearest to each query of a sample: among all rows, and among about a tenth of
# them, as a filter by category leaves.
Truths = Sequence[tuple[Mask | None, NDArray[np.int64]]]


def build(
    keys: Keys, vectors: Vectors, *, exact_limit: int, recall_target: float, queries: Vectors | None = None
) -> ProductIndex:
    """An index over `vectors` (n, d), which may be mapped: exact up to `exact_limit` rows, above it inverted
    lists of the smallest codes with which it reaches `recall_target`.

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
    trainable = 2 ** int(np.log2(max(1, count // TRAINING_PER_LIST)))
    return int(max(1, min(wanted, trainable)))


def _tuned(
    keys: Keys, vectors: Vectors, manifest: Manifest, queries: Vectors | None, recall_target: float
) -> ProductIndex:
    generator = np.random.default_rng(SEED)
    training = _training(vectors, list_count(len(vectors)), generator)
    quantizer = faiss.IndexFlatL2(manifest.dimension)
    quantizer.add(_centroids(training, list_count(len(vectors))))
    lists = _assigned(vectors, quantizer)
    sample = sampled(queries, vectors, generator)
    truths = truths_of(vectors, sample, np.isin(lists, _tenth_of_lists(lists, generator)))
    manifest = replace(manifest, kind="ivf", nlist=quantizer.ntotal)
    for codes in CODES:
        searcher, error = _inverted_lists(vectors, lists, quantizer, training, codes)
        coded = replace(manifest, codes=codes, code_error=error)
        index = ProductIndex(keys, vectors, searcher, coded, lists=lists)
        index = tuned(index, sample, truths, recall_target)
        if min(index.manifest.recall_at_10, index.manifest.recall_at_10_filtered) >= recall_target:
            break
    return timed(index, vectors, sample)


def truths_of(vectors: Vectors, sample: Vectors, tenth: Mask) -> Truths:
    """What exact search of `vectors` (n, d) finds for the `sample` (s, d): in all and in the `tenth` (n,)."""
    return [(allowed, exact_answers(vectors, sample, allowed)) for allowed in (None, tenth)]


def tuned(index: ProductIndex, sample: Vectors, truths: Truths, recall_target: float) -> ProductIndex:
    """The index with the fewest lists to probe that find `recall_target` of the truths of the `sample`."""
    (_everything, truth), (allowed, allowed_truth) = truths
    index = _with_nprobe(index, sample, truth, recall_target)
    return _with_filtered_share(index, sample, allowed, allowed_truth, recall_target)


def timed(index: ProductIndex, vectors: Vectors, sample: Vectors) -> ProductIndex:
    """The index with the milliseconds of a query in its manifest: exact over `vectors`, and its own."""
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


def _training(vectors: Vectors, nlist: int, generator: np.random.Generator) -> Vectors:
    count = min(len(vectors), nlist * TRAINING_PER_LIST)
    return vectors[np.sort(generator.choice(len(vectors), count, replace=False))]


def _assigned(vectors: Vectors, quantizer: Any) -> NDArray[np.int32]:
    """The list of each row (n,): the nearest centre."""
    lists = np.empty(len(vectors), np.int32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        lists[start : start + len(block)] = quantizer.search(block, 1)[1][:, 0]
    return lists


def _inverted_lists(
    vectors: Vectors, lists: NDArray[np.int32], quantizer: Any, training: Vectors, codes: str
) -> tuple[Any, float]:
    """A filled IVF index whose ids are row numbers, and the largest distance of a code from its vector."""
    dimension, metric = vectors.shape[1], faiss.METRIC_L2
    # Codes of the vectors, not of what remains beyond the centre: their errors are known without the list.
    searcher = faiss.IndexIVFScalarQuantizer(
        quantizer,
        dimension,
        quantizer.ntotal,
        CODES[codes],
        metric,
        False,  # noqa: FBT003 - FAISS names no arguments
    )
    searcher.sq.train(training)
    searcher.is_trained = True
    error = 0.0
    # add() would look for the lists again; add_core() takes ours, so they are computed once.
    for start in range(0, len(vectors), BLOCK):
        block = np.ascontiguousarray(vectors[start : start + BLOCK])
        ids = np.arange(start, start + len(block))
        nearest = lists[ids].astype(np.int64)
        searcher.add_core(len(block), faiss.swig_ptr(block), faiss.swig_ptr(ids), faiss.swig_ptr(nearest))
        lost = block - searcher.sq.decode(searcher.sq.compute_codes(block))
        error = max(error, float(np.einsum("ij,ij->i", lost, lost).max()))
    return searcher, float(np.sqrt(error))


def _centroids(training: Vectors, nlist: int) -> Vectors:
    clustering = faiss.Kmeans(
        training.shape[1],
        nlist,
        niter=ITERATIONS,
        seed=SEED,
        min_points_per_centroid=1,
        max_points_per_centroid=len(training),
    )
    clustering.train(training)
    return np.asarray(clustering.centroids, np.float32)


def _with_nprobe(
    index: ProductIndex, sample: Vectors, truth: NDArray[np.int64], recall_target: float
) -> ProductIndex:
    nprobe = 1
    while True:
        index = with_manifest(index, nprobe=nprobe)
        recall = recall_at(truth, _answers(index, sample, None))
        if recall >= recall_target or nprobe >= index.manifest.nlist:
            return with_manifest(index, recall_at_10=recall)
        nprobe = min(2 * nprobe, index.manifest.nlist)


def _with_filtered_share(
    index: ProductIndex, sample: Vectors, allowed: Mask | None, truth: NDArray[np.int64], recall_target: float
) -> ProductIndex:
    """The index with the share of the allowed rows to compare under a filter, found by doubling as well."""
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
