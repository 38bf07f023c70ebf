"""The vector index: products' unit vectors, searched by FAISS, immutable while it serves.

Squared L2 distance orders unit vectors as the cosine does: cosine = 1 - d²/2.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from search.vectors import Keys, Mask, Rows, Vectors

KEYS_FILE = "keys.npy"
VECTORS_FILE = "vectors.npy"
FAISS_FILE = "index.faiss"
# For each row the inverted list that holds it: filters count by it how deep they must probe.
LISTS_FILE = "lists.npy"

# So many rows left by a filter are simply compared: about 1 ms for 20,000 on one core (`make bench`), where
# probing would lose some of the nearest, for a category empties just the lists near the query.
EXACT_ROWS = 50_000
# A range search is strict and rounds once more than the answer does; the surplus is cut off afterwards.
RADIUS_SLACK = 1e-5
UNIT_TOLERANCE = 1e-3


class InvalidVectors(ValueError):
    """Vectors, keys or a query that no index may hold or answer; the message says what is wrong."""


@dataclass(frozen=True)
class Manifest:
    """What a version of the index is and how it was measured when it was built."""

    version: str = ""
    # Encoder: digest of everything a vector depends on, and the name it was configured by.
    fingerprint: str = ""
    model: str = ""
    dimension: int = 0
    count: int = 0
    # "flat" (exact) or "ivf" (inverted lists).
    kind: str = "flat"
    nlist: int = 0
    # Lists probed without a filter; and the share of the allowed rows to look at under a filter that lets
    # one row in ten pass and, as a category does, empties whole lists.
    nprobe: int = 0
    filtered_share: float = 1.0
    # Share of the exact ten nearest that the index finds, over held-out queries; then with that filter.
    recall_at_10: float = 1.0
    recall_at_10_filtered: float = 1.0
    # Median milliseconds of one query on one thread: exact, and by this index.
    exact_ms: float = 0.0
    search_ms: float = 0.0
    # Share of the picture in a product's vector.
    image_share: float = 0.0
    # ISO 8601: when it was built, and when the catalogue it holds last changed.
    built_at: str = ""
    generation: str = ""
    # sha256 of every other file in the version's folder.
    files: Mapping[str, str] = field(default_factory=dict)
    # Queries (row numbers) with the keys and similarities they must answer.
    canaries: tuple[Mapping[str, Any], ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        data = json.loads(text)
        names = {each.name for each in fields(cls)}
        if (
            not isinstance(data, dict)
            or not {"version", "fingerprint", "files", "kind"} <= data.keys() <= names
        ):
            raise ValueError("The manifest is not one of this program.")
        return cls(**data | {"canaries": tuple(data.get("canaries", ()))})


class ProductIndex:
    """Unit vectors of products in memory-mapped files, with the FAISS index over them.

    Row numbers are the ids inside FAISS; `keys` (n,) int64 maps them to primary keys of products.
    `vectors` is (n, d) float32. One instance serves many threads: nothing changes after it is made.
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
    ) -> None:
        self.keys = keys
        self.vectors = vectors
        self.manifest = manifest
        self.folder = folder
        self._searcher = searcher
        self._lists = lists

    @classmethod
    def open(cls, folder: Path, manifest: Manifest) -> Self:
        """Map a version's files; nothing is copied, so processes share the pages.

        Raises InvalidVectors when the files contradict each other; RuntimeError, OSError or ValueError when
        one cannot be read.
        """
        keys = np.load(folder / KEYS_FILE, mmap_mode="r")
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r")
        ivf = manifest.kind == "ivf"
        # Two ways to map: inverted lists know only the first, flat vectors only the second.
        mapped = faiss.IO_FLAG_MMAP if ivf else faiss.IO_FLAG_MMAP_IFC
        searcher = faiss.read_index(str(folder / FAISS_FILE), mapped | faiss.IO_FLAG_READ_ONLY)
        lists = np.load(folder / LISTS_FILE, mmap_mode="r") if ivf else None
        if not len(keys) == len(vectors) == searcher.ntotal == manifest.count:
            raise InvalidVectors("The index files hold different numbers of products.")
        if not vectors.shape[1] == searcher.d == manifest.dimension:
            raise InvalidVectors("The index files hold vectors of different dimensions.")
        return cls(keys, vectors, searcher, manifest, lists=lists, folder=folder)

    def save(self, folder: Path) -> None:
        """Write keys, vectors and the FAISS index into `folder` (without the manifest)."""
        np.save(folder / KEYS_FILE, self.keys)
        np.save(folder / VECTORS_FILE, self.vectors)
        faiss.write_index(self._searcher, str(folder / FAISS_FILE))
        if self._lists is not None:
            np.save(folder / LISTS_FILE, self._lists)

    def __len__(self) -> int:
        return len(self.keys)

    def scan(self, query: Vectors, *, floor: float, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Every row whose cosine to the unit `query` (d,) is at least `floor`, best first.

        `allowed` (n,) bool keeps the answer to the rows where it is true. Exact for a flat index and
        for few allowed rows; of an IVF index, within the probed lists. Returns int64 rows and float32
        cosines. Raises InvalidVectors.
        """
        query, allowed = self._checked(query, allowed)
        if math.isnan(floor):
            raise InvalidVectors("The floor of a scan is not a number.")
        passing = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if self._is_narrow(passing):
            rows, similarities = self._exact(query, allowed)
        else:
            parameters = self._parameters(query, allowed, passing)
            radius = min(2.0 - 2.0 * floor, 4.0) + RADIUS_SLACK
            faiss.omp_set_num_threads(1)
            _limits, squared, rows = self._searcher.range_search(query[None], radius, params=parameters)
            similarities = _cosines(squared)
        return _best_first(rows, similarities, similarities >= np.float32(floor))

    def nearest(self, query: Vectors, k: int, *, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """The `k` rows nearest to the unit `query` (d,), best first; fewer where fewer are allowed.

        Returns and raises as `scan` does.
        """
        query, allowed = self._checked(query, allowed)
        passing = len(self) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, passing)
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if self._is_narrow(passing):
            rows, similarities = self._exact(query, allowed)
            # Ordering all of them would take half as long as comparing them; equals of the last one stay.
            last = np.partition(similarities, -k)[-k]
            rows, similarities = _best_first(rows, similarities, similarities >= last)
            return rows[:k], similarities[:k]
        return self.probe(query, k, allowed)

    def probe(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Rows, Vectors]:
        """`nearest` by the FAISS index alone, unchecked: also how a build measures itself."""
        passing = len(self) if allowed is None else int(np.count_nonzero(allowed))
        parameters = self._parameters(query, allowed, passing)
        # The setting belongs to the calling thread, so it is made on each one that searches.
        faiss.omp_set_num_threads(1)
        squared, found = self._searcher.search(query[None], k, params=parameters)
        return _best_first(found[0], _cosines(squared[0]), found[0] >= 0)

    def _checked(self, query: Vectors, allowed: Mask | None) -> tuple[Vectors, Mask | None]:
        query = np.ascontiguousarray(query, np.float32)
        if query.shape != (self.manifest.dimension,):
            raise InvalidVectors(f"A query needs {self.manifest.dimension} numbers, not shape {query.shape}.")
        # A query with NaN would answer -1 everywhere without an error.
        if not abs(float(np.linalg.norm(query)) - 1.0) <= UNIT_TOLERANCE:
            raise InvalidVectors("A query must be a finite vector of length 1.")
        if allowed is not None and (allowed.shape != (len(self),) or allowed.dtype != np.bool_):
            raise InvalidVectors(f"A filter needs one truth value for each of the {len(self)} rows.")
        return query, allowed

    def _is_narrow(self, passing: int) -> bool:
        return passing < len(self) and passing <= EXACT_ROWS

    def _exact(self, query: Vectors, allowed: Mask | None) -> tuple[Rows, Vectors]:
        """Cosines of all allowed rows, read in place from the mapped vectors."""
        rows = np.flatnonzero(allowed) if allowed is not None else np.arange(len(self))
        return rows, _cosines(squared_distances(self.vectors, query, rows))

    def _parameters(self, query: Vectors, allowed: Mask | None, passing: int) -> Any:
        """Fresh parameters for one call: set on the shared index they would race between threads."""
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if self._lists is None:
            return faiss.SearchParameters(sel=selector)
        nprobe = self.manifest.nprobe
        if allowed is not None:
            nprobe = self._probes(query, allowed, passing)
        return faiss.SearchParametersIVF(sel=selector, nprobe=nprobe)

    def _probes(self, query: Vectors, allowed: Mask, passing: int) -> int:
        """How many lists to probe so that enough of the *allowed* rows are seen.

        A filter leaves some lists almost empty, and often the nearest ones (shoes for a red shirt), so the
        depth follows the allowed rows in each list and not a fixed number.
        """
        counts = np.bincount(cast("NDArray[np.int32]", self._lists)[allowed], minlength=self.manifest.nlist)
        faiss.omp_set_num_threads(1)
        _distances, order = self._searcher.quantizer.search(query[None], self.manifest.nlist)
        seen = np.cumsum(counts[order[0]])
        wanted = self._share(passing / len(self)) * passing
        return min(int(np.searchsorted(seen, wanted)) + 1, self.manifest.nlist)

    def _share(self, selectivity: float) -> float:
        """The share of the allowed rows to look at: a power law through the two measured points."""
        open_share = self.manifest.nprobe / self.manifest.nlist
        steepness = math.log10(max(1.0, self.manifest.filtered_share / open_share))
        return min(1.0, open_share * selectivity**-steepness)


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


def checked_vectors(keys: Keys, vectors: Vectors) -> tuple[Keys, Vectors]:
    """Keys (n,) int64 and unit vectors (n, d) float32 fit for an index.

    Raises InvalidVectors for other shapes, a key twice, or a row that is not a finite vector of length 1.
    """
    keys, vectors = np.ascontiguousarray(keys, np.int64), np.ascontiguousarray(vectors, np.float32)
    if keys.ndim != 1 or vectors.ndim != 2 or len(keys) != len(vectors) or not vectors.shape[1]:
        raise InvalidVectors(f"Keys {keys.shape} and vectors {vectors.shape} do not belong together.")
    if len(np.unique(keys)) != len(keys):
        raise InvalidVectors("A product stands twice among the keys.")
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    wrong = ~(np.abs(lengths - 1.0) <= UNIT_TOLERANCE)
    if wrong.any():
        product = int(keys[np.argmax(wrong)])
        raise InvalidVectors(
            f"{int(wrong.sum())} vectors are not finite vectors of length 1, the first of product {product}."
        )
    return keys, vectors


def with_manifest(index: ProductIndex, **changes: Any) -> ProductIndex:
    """The same index under a manifest with `changes`."""
    changed = replace(index.manifest, **changes)
    return ProductIndex(
        index.keys, index.vectors, index._searcher, changed, lists=index._lists, folder=index.folder
    )


def _cosines(squared: Vectors) -> Vectors:
    return np.clip(1.0 - squared / 2.0, -1.0, 1.0).astype(np.float32)


def _best_first(rows: Rows, similarities: Vectors, kept: Mask) -> tuple[Rows, Vectors]:
    """Ordered by similarity, equal ones by row, so that the same question has the same answer."""
    rows, similarities = rows[kept], similarities[kept]
    order = np.lexsort((rows, -similarities))
    return rows[order], similarities[order]
