"""The vector index: products' unit vectors, searched by FAISS, immutable once built.

Squared L2 distance orders unit vectors as the cosine does: cosine = 1 - d²/2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from search.index.distances import best_first, cosines, squared_distances
from search.index.lists.probes import Lists, Probes
from search.index.lists.searching import opened_searcher, searched, searched_within, write_searcher
from search.index.manifest import Manifest
from search.index.validation import InvalidVectors, check_mask, checked_query
from search.vectors import Keys, Mask, Rows, Vectors

KEYS_FILE = "keys.npy"
VECTORS_FILE = "vectors.npy"
FAISS_FILE = "index.faiss"
# The inverted list of each row, from which the number of lists to probe under a filter is computed.
LISTS_FILE = "lists.npy"

# Up to this many allowed rows are compared one by one: 20,000 take about 1 ms on one core (`make bench`).
# Probing would miss some of the nearest, because a category filter empties the very lists near the query.
EXACT_ROWS = 50_000
# Up to this share of all rows, those that are allowed in the lists to look through are compared by their
# vectors: FAISS spends more time on passing over the others (ADR 13).
NARROW_SHARE = 0.25
# Up to this many bytes, a version is read into memory, safe from what happens to its files; else shared.
MAPPED_BYTES = 128 * 1024 * 1024
# Beyond those wanted, at least so many of the rows nearest by their codes are compared by their vectors.
LEAST_RERANKED = 30
# FAISS's range search excludes its radius and rounds once more than `cosines`; the surplus is dropped later.
RADIUS_SLACK = 1e-5


class ProductIndex:
    """Unit vectors of products, in memory or in memory-mapped files, with the FAISS index over them.

    Row numbers are the ids inside FAISS; `keys` (n,) int64 maps them to primary keys of products.
    `vectors` is (n, d) float32. Threads may share one instance: no method changes it. Without a `searcher`,
    as in a delta, all rows are compared.
    """

    def __init__(
        self,
        keys: Keys,
        vectors: Vectors,
        searcher: Any,
        manifest: Manifest,
        *,
        lists: NDArray[np.int32] | None = None,
        folder: Path | None = None,
        mapped_sizes: Mapping[Path, int] | None = None,
    ) -> None:
        self.keys = keys
        self.vectors = vectors
        self.manifest = manifest
        self.folder = folder
        self._searcher = searcher
        self._lists = lists
        self._probes = None if lists is None else Probes(lists, searcher.quantizer)
        # Bytes of each mapped file of its version; empty where all is in memory.
        self._mapped_sizes = mapped_sizes or {}
        # The sha256 of its files, by inode, size and time, as far as this process has read them.
        self.known_files: Mapping[object, str] = {}

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, *, files: Sequence[Path] | None = None) -> Self:
        """Read a segment's files, which are `files` where the folder holds others as well. Large ones are
        mapped without copying them, so that processes share the pages.

        Raises InvalidVectors when the files contradict each other; RuntimeError, OSError or ValueError when
        one cannot be read.
        """
        files = [path for path in folder.rglob("*") if path.is_file()] if files is None else files
        sizes = {path: path.stat().st_size for path in files}
        mapped = sum(sizes.values()) > MAPPED_BYTES
        keys, vectors = (_loaded(folder / name, mapped=mapped) for name in (KEYS_FILE, VECTORS_FILE))
        if manifest.kind == "delta":
            if vectors.shape != (len(keys), manifest.dimension) or len(keys) != manifest.count:
                raise InvalidVectors("The index files hold different numbers of products or of dimensions.")
            return cls(keys, vectors, None, manifest, folder=folder, mapped_sizes=sizes if mapped else None)
        ivf = manifest.kind == "ivf"
        searcher = opened_searcher(folder / FAISS_FILE, lists=ivf, mapped=mapped)
        lists = _loaded(folder / LISTS_FILE, mapped=mapped) if ivf else None
        counts = {len(keys), len(vectors), searcher.ntotal, len(keys if lists is None else lists)}
        if counts != {manifest.count}:
            raise InvalidVectors("The index files hold different numbers of products.")
        if not vectors.shape[1] == searcher.d == manifest.dimension:
            raise InvalidVectors("The index files hold vectors of different dimensions.")
        kept = sizes if mapped else None
        return cls(keys, vectors, searcher, manifest, lists=lists, folder=folder, mapped_sizes=kept)

    @property
    def is_mapped(self) -> bool:
        return bool(self._mapped_sizes)

    @property
    def is_cut_short(self) -> bool:
        """Whether a mapped file lost bytes in place: reading them would end the process."""
        return any(_size(path) < size for path, size in self._mapped_sizes.items())

    def ping(self) -> None:
        """Raises NotReady where what holds the vectors elsewhere does not answer."""

    def save(self, folder: Path) -> None:
        """Write keys, vectors and the FAISS index into `folder` (without the manifest). Raises OSError."""
        np.save(folder / KEYS_FILE, self.keys)
        np.save(folder / VECTORS_FILE, self.vectors)
        if self._searcher is not None:
            write_searcher(self._searcher, folder / FAISS_FILE)
        if self._lists is not None:
            np.save(folder / LISTS_FILE, self._lists)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def rough(self) -> ProductIndex:
        """The same rows, of which `nearest` may miss some, by fewer lists (lists.tuning.ROUGH_RECALL)."""
        nprobe, share = self.manifest.rough_nprobe, self.manifest.rough_filtered_share
        return with_manifest(self, nprobe=nprobe, filtered_share=share) if nprobe else self

    def scan(self, query: Vectors, *, floor: float, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """The rows of `above`, best first."""
        rows, similarities = self.above(query, floor=floor, allowed=allowed)
        return best_first(rows, similarities, np.ones(len(rows), bool))

    def above(self, query: Vectors, *, floor: float, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Every row whose cosine to the unit `query` (d,) is at least `floor`, in no order.

        Only of `allowed` (n,). Exact for a flat index and for few allowed rows; of an IVF index, within the
        probed lists. Returns int64 rows and float32 cosines. Raises InvalidVectors.
        """
        query = checked_query(query, self.manifest.dimension)
        if math.isnan(floor):
            raise InvalidVectors("The floor of a scan is not a number.")
        allowed_count = self._allowed_count(allowed)
        rows = self._to_compare(query, allowed, allowed_count)
        if rows is not None:
            similarities = self.similarities(query, rows)
        else:
            # No vector is further from the query than its code and the distance between the two.
            distance = math.sqrt(min(max(2.0 - 2.0 * floor, 0.0), 4.0)) + self.manifest.code_error
            radius = distance * distance + RADIUS_SLACK
            lists = self._lists_for(query, allowed, allowed_count)
            squared, rows = searched_within(self._searcher, query, radius, lists, allowed)
            similarities = self._similarities(query, rows, squared)
        kept = similarities >= np.float32(floor)
        return rows[kept], similarities[kept]

    def similarities(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosines (m,) of these rows to the unit `query` (d,), without a copy of their vectors."""
        return cosines(squared_distances(self.vectors, query, rows))

    def nearest(self, query: Vectors, k: int, *, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """The `k` rows nearest to the unit `query` (d,), best first; fewer where fewer are allowed.

        Returns and raises as `scan` does.
        """
        query = checked_query(query, self.manifest.dimension)
        allowed_count = self._allowed_count(allowed)
        k = min(k, allowed_count)
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = self._to_compare(query, allowed, allowed_count)
        return self.probe(query, k, allowed) if rows is None else self._nearest_of(query, k, rows)

    def probe(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Rows, Vectors]:
        """`nearest` by the inverted lists and without checks; a build measures its recall by this."""
        allowed_count = self._allowed_count(allowed)
        near = self._of_near_lists(query, allowed, allowed_count)
        if near is not None:
            return self._nearest_of(query, k, near)
        wanted = k + max(LEAST_RERANKED, k) if self.manifest.codes else k
        lists = self._lists_for(query, allowed, allowed_count)
        squared, found = searched(self._searcher, query, wanted, lists, allowed)
        held = found >= 0
        rows = found[held]
        similarities = self._similarities(query, rows, squared[held])
        rows, similarities = best_first(rows, similarities, np.ones(len(rows), bool))
        return rows[:k], similarities[:k]

    def _similarities(self, query: Vectors, rows: Rows, squared: Vectors) -> Vectors:
        """Cosines of rows that FAISS found at these distances: of their vectors where it compared codes."""
        return self.similarities(query, rows) if self.manifest.codes else cosines(squared)

    def _allowed_count(self, allowed: Mask | None) -> int:
        check_mask(allowed, len(self))
        return len(self) if allowed is None else int(np.count_nonzero(allowed))

    def _is_compared_exactly(self, allowed_count: int) -> bool:
        few = allowed_count < len(self) and allowed_count <= EXACT_ROWS
        return few or self._searcher is None

    def _to_compare(self, query: Vectors, allowed: Mask | None, allowed_count: int) -> Rows | None:
        """The rows whose vectors are compared one by one; None where FAISS looks through its lists."""
        if self._is_compared_exactly(allowed_count):
            return np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
        return self._of_near_lists(query, allowed, allowed_count)

    def _of_near_lists(self, query: Vectors, allowed: Mask | None, allowed_count: int) -> Rows | None:
        """The allowed rows of the lists to look through, where they are so few that FAISS would spend most of
        its time on passing over others; else None.
        """
        if self._probes is None or allowed is None or allowed_count > NARROW_SHARE * len(self):
            return None
        return self._probes.rows(query, self.manifest, np.flatnonzero(allowed))

    def _nearest_of(self, query: Vectors, k: int, rows: Rows) -> tuple[Rows, Vectors]:
        """The `k` of these rows that are nearest, best first; all where they are fewer."""
        similarities = self.similarities(query, rows)
        # Sorting all rows would take half as long as comparing them. Ties with the k-th are sorted too.
        last = np.partition(similarities, -k)[-k] if k < len(rows) else -np.inf
        rows, similarities = best_first(rows, similarities, similarities >= last)
        return rows[:k], similarities[:k]

    def _lists_for(self, query: Vectors, allowed: Mask | None, allowed_count: int) -> Lists | None:
        """The inverted lists to look through; None for an index without any."""
        if self._probes is None:
            return None
        return self._probes.lists(query, self.manifest, allowed, allowed_count)


def _loaded(path: Path, *, mapped: bool) -> Any:
    return np.load(path, mmap_mode="r" if mapped else None)


def _size(path: Path) -> float:
    try:
        return path.stat().st_size
    except OSError:  # a deleted file stays mapped, whole
        return math.inf


def with_manifest(index: ProductIndex, **changes: Any) -> ProductIndex:
    """The same index under a manifest with `changes`."""
    changed = copy(index)
    changed.manifest = replace(index.manifest, **changes)
    return changed
