"""Build an index: choose its kind and its codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.index.lists.tuning import BLOCK, SEED, sampled, timed, truths_of, tuned
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.validation import checked_vectors
from search.vectors import Keys, Vectors

# FAISS's k-means warns below so many training vectors per list. With 64, and twice the rounds, it takes three
# times as long, for the same recall of as many probes. Lists made in two levels take a third, but words,
# which lie apart from the products, then need four times as many probes (ADR 13).
TRAINING_PER_LIST, ITERATIONS = 39, 5
# How inverted lists may hold vectors, the smallest first. Results are compared by the vectors themselves.
CODES = {"sq8": faiss.ScalarQuantizer.QT_8bit, "fp16": faiss.ScalarQuantizer.QT_fp16}


def build(
    keys: Keys, vectors: Vectors, *, exact_limit: int, recall_target: float, queries: Vectors | None = None
) -> ProductIndex:
    """An index over `vectors` (n, d), which may be mapped: exact up to `exact_limit` rows, above it inverted
    lists of the smallest codes with which it reaches `recall_target`.

    `queries` (m, d) are unit vectors like those that shoppers send; without them, disturbed rows of the
    index are used. Their recall@10 is to reach `recall_target` (0 to 1). Raises InvalidVectors.
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


def _tenth_of_lists(lists: NDArray[np.int32], generator: np.random.Generator) -> NDArray[np.int64]:
    """Lists picked at random that hold together about a tenth of the rows, as a category does."""
    order = generator.permutation(int(lists.max()) + 1)
    held = np.cumsum(np.bincount(lists)[order])
    return order[: 1 + int(np.searchsorted(held, len(lists) / 10))]
