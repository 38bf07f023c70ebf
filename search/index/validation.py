"""What an index refuses: vectors, keys, queries and masks that would give wrong results without an error."""

from __future__ import annotations

import numpy as np

from search.vectors import Keys, Mask, Vectors

# How far a length may be from 1: rounding of float32 and of vectors stored by other programs stays below it.
UNIT_TOLERANCE = 1e-3


class InvalidVectors(ValueError):
    """Vectors, keys, a query or a mask that no index accepts; the message says what is wrong."""


def checked_vectors(keys: Keys, vectors: Vectors) -> tuple[Keys, Vectors]:
    """Contiguous keys (n,) int64 and unit vectors (n, d) float32.

    Raises InvalidVectors for other shapes, a repeated key, or a row that is not a finite vector of length 1.
    """
    keys, vectors = np.ascontiguousarray(keys, np.int64), np.ascontiguousarray(vectors, np.float32)
    if keys.ndim != 1 or vectors.ndim != 2 or len(keys) != len(vectors) or not vectors.shape[1]:
        raise InvalidVectors(f"Keys {keys.shape} and vectors {vectors.shape} do not belong together.")
    if len(np.unique(keys)) != len(keys):
        raise InvalidVectors("A product stands twice among the keys.")
    # Unlike np.linalg.norm, einsum allocates no squared copy of all vectors.
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    # Written so that a NaN, which compares as false, counts as wrong.
    wrong = ~(np.abs(lengths - 1.0) <= UNIT_TOLERANCE)
    if wrong.any():
        product = int(keys[np.argmax(wrong)])
        raise InvalidVectors(
            f"{int(wrong.sum())} vectors are not finite vectors of length 1, the first of product {product}."
        )
    return keys, vectors


def checked_query(query: Vectors, dimension: int) -> Vectors:
    """The query as contiguous (dimension,) float32. Raises InvalidVectors unless it is a unit vector."""
    query = np.ascontiguousarray(query, np.float32)
    if query.shape != (dimension,):
        raise InvalidVectors(f"A query needs {dimension} numbers, not shape {query.shape}.")
    # For a query with NaN, FAISS returns -1 everywhere without an error.
    if not abs(float(np.linalg.norm(query)) - 1.0) <= UNIT_TOLERANCE:
        raise InvalidVectors("A query must be a finite vector of length 1.")
    return query


def check_mask(allowed: Mask | None, count: int) -> None:
    """Raises InvalidVectors unless `allowed` is None or a bool mask (count,)."""
    if allowed is not None and (allowed.shape != (count,) or allowed.dtype != np.bool_):
        raise InvalidVectors(f"A filter needs one truth value for each of the {count} rows.")
