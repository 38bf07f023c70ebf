"""How many inverted lists to probe, so that enough of the rows that a filter allows are compared."""

from __future__ import annotations

import math
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.index.manifest import Manifest
from search.vectors import Mask, Vectors


class Probes:
    """``lists`` (n,) is the inverted list of each row; ``quantizer`` finds the lists that are nearest."""

    def __init__(self, lists: NDArray[np.int32], quantizer: Any) -> None:
        # As a plain array, also where it is mapped.
        self._lists = np.asarray(lists)
        self._quantizer = quantizer
        self._sizes = np.bincount(lists, minlength=quantizer.ntotal)

    def count(self, query: Vectors, manifest: Manifest, allowed: Mask | None, allowed_count: int) -> int:
        """A filter leaves some lists almost empty, and often the nearest ones (shoes for a red shirt), so
        under one it follows from the allowed rows in each list and is not a fixed number.
        """
        if allowed is None:
            return manifest.nprobe
        counts = self._allowed_in_each(allowed, allowed_count)
        faiss.omp_set_num_threads(1)
        _distances, order = self._quantizer.search(query[None], manifest.nlist)
        reached = np.cumsum(counts[order[0]])
        wanted = compared_share(manifest, allowed_count / len(self._lists)) * allowed_count
        return min(int(np.searchsorted(reached, wanted)) + 1, manifest.nlist)

    def _allowed_in_each(self, allowed: Mask, allowed_count: int) -> NDArray[np.int64]:
        """(nlist,) the fewer of those that are allowed and those that are not are counted."""
        if 2 * allowed_count <= len(allowed):
            return self._counts(allowed)
        return self._sizes - self._counts(~allowed)

    def _counts(self, rows: Mask) -> NDArray[np.int64]:
        return np.bincount(self._lists[rows], minlength=len(self._sizes))


def compared_share(manifest: Manifest, selectivity: float) -> float:
    """The share of the allowed rows to compare: a power law through the two measured points.

    Those are nprobe / nlist without a filter (selectivity 1) and `filtered_share` at selectivity 0.1,
    so the exponent is the base-10 logarithm of their ratio.
    """
    unfiltered = manifest.nprobe / manifest.nlist
    exponent = math.log10(max(1.0, manifest.filtered_share / unfiltered))
    return min(1.0, unfiltered * math.pow(selectivity, -exponent))
