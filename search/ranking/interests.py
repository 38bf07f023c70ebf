"""Several interests kept apart: clusters of what was seen, so that shoes do not blur into dresses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.vectors import Vectors

# Interests that count at most: the strongest.
MOST = 4


def interests(vectors: Vectors, weights: NDArray[np.float64], *, apart: float) -> Vectors:
    """The directions (k, d), k in 1 to MOST, of a unit vectors (a, d) with weights (a,), the strongest first.

    Clusters by average linkage: two grow together while the mean cosine between them is at least ``apart``.
    The direction of each is the weighted mean of its vectors; where they cancel out, it has none.
    """
    members = clusters(vectors, apart)
    strength = np.array([weights[rows].sum() for rows in members])
    directions = []
    for at in np.argsort(-strength, kind="stable")[:MOST]:
        mean = weights[members[at]] @ vectors[members[at]].astype(np.float64)
        length = np.linalg.norm(mean)
        if length > 1e-9:
            directions.append(mean / length)
    return np.array(directions, np.float32).reshape(len(directions), vectors.shape[1])


def clusters(vectors: Vectors, apart: float) -> list[list[int]]:
    """The rows of each cluster of unit vectors (a, d), by average linkage (UPGMA)."""
    members = [[row] for row in range(len(vectors))]
    near = np.asarray(vectors @ vectors.T, np.float64)
    np.fill_diagonal(near, -np.inf)
    while len(members) > 1:
        first, second = sorted(divmod(int(near.argmax()), len(members)))
        if near[first, second] < apart:
            break
        sizes = len(members[first]), len(members[second])
        joined = (sizes[0] * near[first] + sizes[1] * near[second]) / sum(sizes)
        joined[first] = -np.inf
        near[first], near[:, first] = joined, joined
        near = np.delete(np.delete(near, second, axis=0), second, axis=1)
        members[first] += members.pop(second)
    return members
