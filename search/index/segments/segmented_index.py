"""One index over a base and its deltas, searched as if all their products had been built at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from search.index.distances import best_first
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.validation import check_mask
from search.lexical.tombstones import Tombstones
from search.vectors import Mask, Rows, Vectors

# The key of a row whose product left or has a newer row. No product has it, so no column, filter or pinned
# product finds the row either.
NO_KEY = -1


class JoinedVectors:
    """The vectors of several segments, read by row number, without a copy of all of them."""

    def __init__(self, parts: Sequence[Vectors]) -> None:
        self._parts = parts
        self._starts = np.cumsum([0, *map(len, parts)])
        self.shape = (int(self._starts[-1]), parts[0].shape[1])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Vectors:
        """(d,) for one row, (m, d) for an array or a slice of them."""
        if isinstance(rows, slice):
            rows = np.arange(len(self))[rows]
        wanted = np.asarray(rows)
        if wanted.ndim == 0:
            return np.asarray(self[wanted[None]][0])
        part_of = np.searchsorted(self._starts, wanted, side="right") - 1
        if len(wanted) and (part_of == part_of[0]).all():
            return np.asarray(self._parts[part_of[0]][wanted - self._starts[part_of[0]]])
        found = np.empty((len(wanted), self.shape[1]), np.float32)
        for number in np.unique(part_of):
            at = part_of == number
            found[at] = self._parts[number][wanted[at] - self._starts[number]]
        return found

    def __matmul__(self, other: Vectors) -> NDArray[np.float32]:
        return np.concatenate([part @ other for part in self._parts])


class SegmentedIndex(ProductIndex):
    """As ``ProductIndex``, over ``segments`` by name, the base first; immutable as each of them.

    Rows are those of the segments, one after the other. The rows that ``tombstones`` name stay, under NO_KEY,
    and are never found.
    """

    def __init__(
        self,
        segments: Mapping[str, ProductIndex],
        tombstones: Mapping[str, Tombstones],
        manifest: Manifest,
        *,
        folder: Path | None = None,
        mapped_sizes: Mapping[Path, int] | None = None,
    ) -> None:
        self.segments = dict(segments)
        self.tombstones = {name: tombstones.get(name, Tombstones()) for name in segments}
        parts = list(self.segments.values())
        self._offsets = np.cumsum([0, *map(len, parts)]).tolist()
        keys = np.concatenate([np.asarray(part.keys) for part in parts])
        self.live: Mask = np.ones(len(keys), bool)
        for offset, each in zip(self._offsets, self.tombstones.values(), strict=False):
            self.live[each.rows + offset] = False
        keys[~self.live] = NO_KEY
        vectors = cast("Vectors", JoinedVectors([part.vectors for part in parts]))
        super().__init__(keys, vectors, None, manifest, folder=folder, mapped_sizes=mapped_sizes)

    @property
    def rough(self) -> SegmentedIndex:
        changed = copy(self)
        changed.segments = {name: part.rough for name, part in self.segments.items()}
        return changed

    def ping(self) -> None:
        for part in self.segments.values():
            part.ping()

    def above(self, query: Vectors, *, floor: float, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        return self._joined(
            (part.above(query, floor=floor, allowed=mask), offset)
            for part, mask, offset in self._restricted(allowed)
        )

    def similarities(self, query: Vectors, rows: Rows) -> Vectors:
        found = np.empty(len(rows), np.float32)
        part_of = np.searchsorted(self._offsets[1:], rows, side="right")
        for number, part in enumerate(self.segments.values()):
            at = part_of == number
            found[at] = part.similarities(query, rows[at] - self._offsets[number])
        return found

    def nearest(self, query: Vectors, k: int, *, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        rows, similarities = self._joined(
            (part.nearest(query, k, allowed=mask), offset) for part, mask, offset in self._restricted(allowed)
        )
        rows, similarities = best_first(rows, similarities, np.ones(len(rows), bool))
        return rows[: max(k, 0)], similarities[: max(k, 0)]

    def probe(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Rows, Vectors]:
        return self.nearest(query, k, allowed=allowed)

    def _restricted(self, allowed: Mask | None) -> Iterator[tuple[ProductIndex, Mask | None, int]]:
        """Each segment with its live and allowed rows, None for all of them, and its first row."""
        check_mask(allowed, len(self))
        found = self.live if allowed is None else self.live & allowed
        for part, start in zip(self.segments.values(), self._offsets, strict=False):
            mask = found[start : start + len(part)]
            yield part, None if mask.all() else mask, start

    def _joined(self, found: Iterator[tuple[tuple[Rows, Vectors], int]]) -> tuple[Rows, Vectors]:
        results = [(rows + offset, similarities) for (rows, similarities), offset in found]
        rows = np.concatenate([rows for rows, _similarities in results])
        return rows, np.concatenate([similarities for _rows, similarities in results])
