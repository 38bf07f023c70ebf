"""Which inverted lists to probe, so that enough of the rows that a filter allows are compared."""

from __future__ import annotations

import math
from operator import attrgetter
from threading import Lock
from typing import Any

import faiss
import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from search.index.manifest import Manifest
from search.vectors import Mask, Rows, Vectors, mask_of

# Queries of which the order of the lists is kept: a search asks for the nearest of several masks. Those of
# 4,096 lists take 50 KB each.
HELD_ORDERS = 64
# Of this many rows or more that lie scattered, every seventh is counted: to pick single rows costs ten times
# as much as runs of them. Seven, because catalogues repeat themselves in even numbers.
COUNTED_ROWS, STEP = 50_000, 7

# The numbers (m,) of lists, the nearest first, and the squared distances (m,) of their centres.
Lists = tuple[NDArray[np.int64], NDArray[np.float32]]


class Probes:
    """``lists`` (n,) is the inverted list of each row; ``quantizer`` finds the lists that are nearest."""

    def __init__(self, lists: NDArray[np.int32], quantizer: Any) -> None:
        # As a plain array, also where it is mapped.
        self._lists = np.asarray(lists)
        self._quantizer = quantizer
        self._some = self._lists[::STEP].copy()
        self._sizes = np.bincount(lists, minlength=quantizer.ntotal)
        self._lock = Lock()
        self._held: LRUCache[bytes, Lists] = LRUCache(HELD_ORDERS)

    def lists(self, query: Vectors, manifest: Manifest, allowed: Mask | None, allowed_count: int) -> Lists:
        """The lists to look through for the unit `query` (d,): the nearest that hold an allowed row.

        A filter leaves some lists almost empty, and often the nearest ones (shoes for a red shirt), so under
        one it follows from the allowed rows in each list how many are looked at, and is not a fixed number.
        """
        lists, distances = self._by_distance(query.tobytes())
        if allowed is None:
            return lists[: manifest.nprobe], distances[: manifest.nprobe]
        counts, is_exact = self._allowed_in_each(allowed, allowed_count)
        counts = counts[lists]
        count = self._count(manifest, counts, allowed_count)
        at = np.flatnonzero(counts[:count]) if is_exact else slice(count)
        return lists[at], distances[at]

    def rows(self, query: Vectors, manifest: Manifest, allowed: Rows) -> Rows:
        """Those of the allowed rows (m,) that are in as many of the nearest lists as `lists` gives."""
        nearest, _distances = self._by_distance(query.tobytes())
        own = self._lists[allowed]
        counts = np.bincount(own, minlength=len(self._sizes))[nearest]
        looked_at = nearest[: self._count(manifest, counts, len(allowed))]
        return np.asarray(allowed[mask_of(looked_at, len(nearest))[own]])

    def _count(self, manifest: Manifest, counts: NDArray[np.int64], allowed_count: int) -> int:
        """How many lists to look through, by the allowed rows in each, the nearest list first."""
        wanted = compared_share(manifest, allowed_count / len(self._lists)) * allowed_count
        return int(np.searchsorted(np.cumsum(counts), wanted)) + 1

    # Two threads may make them at once.
    @cachedmethod(attrgetter("_held"), lambda _self, query: query, attrgetter("_lock"))
    def _by_distance(self, query: bytes) -> Lists:
        """All lists for the bytes of a query."""
        # OpenMP keeps this setting per calling thread.
        faiss.omp_set_num_threads(1)
        vector = np.frombuffer(query, np.float32)[None]
        distances, lists = self._quantizer.search(vector, self._quantizer.ntotal)
        return lists[0], distances[0]

    def _allowed_in_each(self, allowed: Mask, allowed_count: int) -> tuple[NDArray[np.int64], bool]:
        """(nlist,) how many rows of each list are allowed, and whether that is exact or estimated."""
        # The fewer of those that are allowed and those that are not are counted.
        few = 2 * allowed_count <= len(allowed)
        rows = allowed if few else ~allowed
        is_exact = min(allowed_count, len(allowed) - allowed_count) < COUNTED_ROWS or not _is_scattered(rows)
        found = self._counts(self._lists, rows) if is_exact else STEP * self._counts(self._some, rows[::STEP])
        return (found if few else np.maximum(self._sizes - found, 0)), is_exact

    def _counts(self, lists: NDArray[np.int32], rows: Mask) -> NDArray[np.int64]:
        # To pick by number takes a fourth of picking scattered rows by mask.
        return np.bincount(lists[np.flatnonzero(rows)], minlength=len(self._sizes))


def _is_scattered(rows: Mask) -> bool:
    """Whether the rows lie in runs of less than 16 on average."""
    return 16 * int(np.count_nonzero(rows[1:] & ~rows[:-1])) > int(np.count_nonzero(rows))


def compared_share(manifest: Manifest, selectivity: float) -> float:
    """The share of the allowed rows to compare: a power law through the two measured points.

    Those are nprobe / nlist without a filter (selectivity 1) and `filtered_share` at selectivity 0.1,
    so the exponent is the base-10 logarithm of their ratio.
    """
    unfiltered = manifest.nprobe / manifest.nlist
    exponent = math.log10(max(1.0, manifest.filtered_share / unfiltered))
    return min(1.0, unfiltered * math.pow(selectivity, -exponent))
