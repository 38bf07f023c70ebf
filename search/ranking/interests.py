"""Several interests kept apart: clusters of what was seen, so that shoes do not blur into dresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.vectors import Scores, Vectors

# Interests that count at most: the strongest.
MOST = 4
# Digits of a share: equal acts have equal shares, whatever else a sum rounds.
_SHARE_DIGITS = 6


@dataclass(frozen=True)
class Interests:
    """Unit vectors (k, d), k in 1 to MOST, the strongest first, and the shares of their strengths, which add
    up to 1.
    """

    directions: Vectors
    shares: tuple[float, ...]


def interests(vectors: Vectors, weights: NDArray[np.float64], *, apart: float) -> Interests | None:
    """The interests that a unit vectors (a, d) with weights (a,) show; None where they cancel out.

    Clusters by average linkage: two grow together while the mean cosine between them is at least ``apart``.
    The direction of each is the weighted mean of its vectors; where they cancel out, it has none.
    """
    members = clusters(vectors, apart)
    strength = np.array([weights[rows].sum() for rows in members])
    directions, strengths = [], []
    for at in np.argsort(-strength, kind="stable")[:MOST]:
        mean = weights[members[at]] @ vectors[members[at]].astype(np.float64)
        length = np.linalg.norm(mean)
        if length > 1e-9:
            directions.append(mean / length)
            strengths.append(float(strength[at]))
    if not directions:
        return None
    shares = tuple(round(each / sum(strengths), _SHARE_DIGITS) for each in strengths)
    return Interests(np.array(directions, np.float32), shares)


def turns(vectors: Vectors, directions: Vectors, shares: Sequence[float]) -> Scores:
    """(c,), the higher the sooner it is the turn of each of c candidates (c, d), which stand best first.

    A candidate belongs to the interest that it is nearest to, and the next place is that of the interest with
    the highest share / (2·places + 1): the method of Sainte-Laguë, by which parliaments are filled. By their
    scores alone, the interest whose products resemble each other most would have nearly all of the places.
    """
    belongs = np.argmax(vectors @ directions.T, axis=1)
    found = np.zeros(len(vectors), np.float32)
    for interest, share in enumerate(shares):
        own = np.flatnonzero(belongs == interest)
        found[own] = share / (2 * np.arange(len(own)) + 1)
    return found


def clusters(vectors: Vectors, apart: float) -> list[list[int]]:
    """The rows of each cluster of unit vectors (a, d), by average linkage (UPGMA)."""
    count = len(vectors)
    members = [[row] for row in range(count)]
    near = np.asarray(vectors @ vectors.T, np.float64)
    np.fill_diagonal(near, -np.inf)
    for _merge in range(count - 1):
        first, second = divmod(int(near.argmax()), count)
        if near[first, second] < apart:
            break
        sizes = len(members[first]), len(members[second])
        joined = (sizes[0] * near[first] + sizes[1] * near[second]) / sum(sizes)
        joined[[first, second]] = -np.inf
        near[first], near[:, first] = joined, joined
        # What has joined another cluster is near nothing.
        near[second], near[:, second] = -np.inf, -np.inf
        members[first] += members[second]
        members[second] = []
    return [cluster for cluster in members if cluster]
