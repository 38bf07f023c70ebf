"""Clustered vectors, indexes of them, and brute force to compare with."""

import numpy as np

from search.index.building import build


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


CENTRES = np.random.default_rng(0).standard_normal((100, 24))


def clustered(count, seed=1):
    """Rows about a hundred centres; row i belongs to centre i % 100."""
    noise = np.random.default_rng(seed).standard_normal((count, 24))
    return unit(CENTRES[np.arange(count) % 100] + 0.7 * noise)


def index_of(vectors, *, exact_limit=20_000):
    return build(np.arange(len(vectors)) + 1000, vectors, exact_limit=exact_limit, recall_target=0.99)


def brute(vectors, query, floor=-2.0, allowed=None):
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    rows = np.flatnonzero(cosines >= floor)
    if allowed is not None:
        rows = rows[allowed[rows]]
    return rows[np.argsort(-cosines[rows], kind="stable")], cosines
