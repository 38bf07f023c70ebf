"""How many inverted lists to compare, by measuring recall against exact search when an index is built."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from search.index.product_index import ProductIndex, with_manifest
from search.vectors import Mask, Vectors, unit

SAMPLE_QUERIES = 256
NEIGHBOURS = 10
# The mean recall that is enough where nobody misses what is missed, in looser matches: of pictures and titles
# nearly all are found then, of words, which lie apart from the products, about nine of ten.
ROUGH_RECALL = 0.97
# How often the step between a share that is too small and one that is enough is halved: to an eighth of it.
HALVINGS = 3
# Length of the noise added to a unit row: its cosine to the original stays about 0.9.
DISTURBANCE = 0.5
SEED = 20_26
# Rows processed at once, which bounds the memory for their distances.
BLOCK = 16_384

# The rows (m, 10) truly nearest to each query of a sample: among all rows, and among about a tenth of
# them, as a filter by category leaves.
Truths = Sequence[tuple[Mask | None, NDArray[np.int64]]]


def truths_of(vectors: Vectors, sample: Vectors, tenth: Mask) -> Truths:
    """What exact search of `vectors` (n, d) finds for the `sample` (s, d): in all and in the `tenth` (n,)."""
    return [(allowed, exact_answers(vectors, sample, allowed)) for allowed in (None, tenth)]


def tuned(index: ProductIndex, sample: Vectors, truths: Truths, recall_target: float) -> ProductIndex:
    """The index with about the fewest lists to compare that find `recall_target` of the truths of the
    `sample`, and with those that find ROUGH_RECALL, for its ``rough``.
    """
    target = min(ROUGH_RECALL, recall_target)
    rough = _fewest(index, sample, truths, target, 1 / index.manifest.nlist).manifest
    thorough = _fewest(index, sample, truths, recall_target, rough.nprobe / rough.nlist)
    share = min(rough.filtered_share, thorough.manifest.filtered_share)
    return with_manifest(thorough, rough_nprobe=rough.nprobe, rough_filtered_share=share)


def _fewest(
    index: ProductIndex, sample: Vectors, truths: Truths, target: float, first: float
) -> ProductIndex:
    """The index with `nprobe`, then with the share of the allowed rows to compare under a filter."""
    nlist = index.manifest.nlist
    (_everything, truth), (allowed, allowed_truth) = truths

    def probing(share: float) -> tuple[ProductIndex, float]:
        changed = with_manifest(index, nprobe=math.ceil(share * nlist))
        return changed, recall_at(truth, _answers(changed, sample, None))

    index, recall = _least(probing, first, target)
    index = with_manifest(index, recall_at_10=recall)

    def filtering(share: float) -> tuple[ProductIndex, float]:
        changed = with_manifest(index, filtered_share=share)
        return changed, recall_at(allowed_truth, _answers(changed, sample, allowed))

    index, recall = _least(filtering, index.manifest.nprobe / nlist, target)
    return with_manifest(index, recall_at_10_filtered=recall)


def _least(
    measured: Callable[[float], tuple[ProductIndex, float]], first: float, target: float
) -> tuple[ProductIndex, float]:
    """What is `measured` for about the least share from `first` to 1 whose recall reaches the target, and
    that recall: found by doubling, then by halving the last step.
    """
    low, high = 0.0, min(first, 1.0)
    best = measured(high)
    while best[1] < target and high < 1.0:
        low, high = high, min(2 * high, 1.0)
        best = measured(high)
    for _halving in range(HALVINGS if low else 0):
        middle = (low + high) / 2
        found = measured(middle)
        if found[1] >= target:
            high, best = middle, found
        else:
            low = middle
    return best


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
