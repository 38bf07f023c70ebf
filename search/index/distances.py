"""Exact distances to chosen rows, and the order of results."""

from __future__ import annotations

import faiss
import numpy as np

from search.vectors import Mask, Rows, Vectors


def squared_distances(vectors: Vectors, query: Vectors, rows: Rows) -> Vectors:
    """Squared L2 distances from `query` (d,) to `vectors[rows]`, without copying the rows."""
    distances = np.empty(len(rows), np.float32)
    rows = np.ascontiguousarray(rows, np.int64)
    if len(rows):
        faiss.omp_set_num_threads(1)
        faiss.fvec_L2sqr_by_idx(
            faiss.swig_ptr(distances),
            faiss.swig_ptr(query),
            faiss.swig_ptr(vectors),
            faiss.swig_ptr(rows),
            vectors.shape[1],
            1,
            len(rows),
        )
    return distances


def inner_products(vectors: Vectors, query: Vectors) -> Vectors:
    """(m,) products of `vectors` (m, d), contiguous rows, with `query` (d,), on the calling thread.

    BLAS would wake its threads for so few, and waiting for them on a busy machine costs many times the work.
    """
    products = np.empty(len(vectors), np.float32)
    query = np.ascontiguousarray(query, np.float32)
    if len(vectors):
        faiss.fvec_inner_products_ny(
            faiss.swig_ptr(products),
            faiss.swig_ptr(query),
            faiss.swig_ptr(vectors),
            vectors.shape[1],
            len(vectors),
        )
    return products


def cosines(squared: Vectors) -> Vectors:
    """Cosines in [-1, 1] of unit vectors at these squared L2 distances: 1 - d²/2."""
    clipped: Vectors = np.clip(1.0 - squared / 2.0, -1.0, 1.0).astype(np.float32)
    return clipped


def best_first(rows: Rows, similarities: Vectors, kept: Mask) -> tuple[Rows, Vectors]:
    """The kept rows by falling similarity, ties by row number: the same query has the same order."""
    rows, similarities = rows[kept], similarities[kept]
    order = np.lexsort((rows, -similarities))
    return rows[order], similarities[order]
