"""Vectors that are read from the server as rows are asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index.engines.milvus.collection import READ_AT_ONCE, Collection
from search.vectors import Vectors

# Rows that a process keeps: 30 MB at 384 dimensions. What ranks well is asked for again and again.
KEPT_ROWS = 20_000


class RemoteVectors:
    """Stands for an array (n, d). As the rows of a collection never change, what was read stays right."""

    def __init__(self, collection: Collection, count: int, dimension: int) -> None:
        self._collection = collection
        self.shape = (count, dimension)
        self._kept: OrderedDict[int, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Vectors:
        """(d,) for one row, (m, d) for an array or a slice of them. Raises NotReady."""
        if isinstance(rows, slice):
            rows = np.arange(len(self))[rows]
        wanted = np.asarray(rows, np.int64)
        if wanted.ndim == 0:
            return np.asarray(self[wanted[None]][0])
        distinct, places = np.unique(wanted, return_inverse=True)
        return np.asarray(self._distinct(distinct)[places])

    def __matmul__(self, other: Vectors) -> NDArray[np.float32]:
        blocks = range(0, len(self), READ_AT_ONCE)
        return np.concatenate([self[start : start + READ_AT_ONCE] @ other for start in blocks])

    def _distinct(self, rows: NDArray[np.int64]) -> Vectors:
        found = np.empty((len(rows), self.shape[1]), np.float32)
        missing = []
        with self._lock:
            for place, row in enumerate(rows.tolist()):
                if (vector := self._kept.get(row)) is None:
                    missing.append(place)
                else:
                    self._kept.move_to_end(row)
                    found[place] = vector
        if missing:
            read = self._collection.vectors(rows[missing], self.shape[1])
            found[missing] = read
            self._keep(rows[missing].tolist(), read)
        return found

    def _keep(self, rows: list[int], vectors: Vectors) -> None:
        with self._lock:
            # A copy of each, so that one row does not keep a whole block in memory.
            self._kept.update((row, vector.copy()) for row, vector in zip(rows, vectors, strict=True))
            while len(self._kept) > KEPT_ROWS:
                self._kept.popitem(last=False)
