"""A base whose vectors lie in a collection: the server compares, this process knows which rows may answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np

from search.index.distances import best_first
from search.index.engines.milvus.claims import Claim
from search.index.engines.milvus.collection import LOWEST, MOST_RESULTS, Collection
from search.index.engines.milvus.remote_vectors import RemoteVectors
from search.index.lists.probes import compared_share
from search.index.manifest import Manifest
from search.index.product_index import KEYS_FILE, RADIUS_SLACK, ProductIndex
from search.index.validation import InvalidVectors, checked_query
from search.vectors import Keys, Mask, Rows, Vectors

# Up to so many allowed rows are named to the server (3,000 take 20 ms); of more, what it finds is picked.
NAMED_ROWS = 3000
# How many more rows than the filter should need are asked for first.
SURPLUS = 2


class RemoteIndex(ProductIndex):
    """As ``ProductIndex``; ``scan``, ``nearest`` and ``vectors`` raise NotReady as well."""

    def __init__(
        self,
        keys: Keys,
        collection: Collection,
        manifest: Manifest,
        *,
        folder: Path | None = None,
        claim: Claim | None = None,
    ) -> None:
        vectors = RemoteVectors(collection, len(keys), manifest.dimension)
        super().__init__(keys, cast("Vectors", vectors), None, manifest, folder=folder)
        self._collection = collection
        # Held until the manifest that names the collection is written.
        self._claim = claim

    def save(self, folder: Path) -> None:
        np.save(folder / KEYS_FILE, self.keys)

    def ping(self) -> None:
        self._collection.ping()

    def above(self, query: Vectors, *, floor: float, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        query = checked_query(query, self.manifest.dimension)
        if math.isnan(floor):
            raise InvalidVectors("The floor of a scan is not a number.")
        count = self._allowed_count(allowed)
        pages = list(self._pages(query, floor - RADIUS_SLACK, allowed, count, MOST_RESULTS)) if count else []
        rows, similarities = _joined(pages)
        kept = similarities >= np.float32(floor)
        return rows[kept], similarities[kept]

    def similarities(self, query: Vectors, rows: Rows) -> Vectors:
        return np.asarray(self.vectors[rows] @ query)

    def nearest(self, query: Vectors, k: int, *, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        query = checked_query(query, self.manifest.dimension)
        return self.probe(query, k, allowed)

    def probe(self, query: Vectors, k: int, allowed: Mask | None) -> tuple[Rows, Vectors]:
        count = self._allowed_count(allowed)
        k = min(k, count)
        found: list[tuple[Rows, Vectors]] = []
        if k > 0:
            first = min(MOST_RESULTS, k if count == len(self) else SURPLUS * k * len(self) // count)
            for page in self._pages(query, LOWEST, allowed, count, first):
                found.append(page)
                if sum(len(rows) for rows, _similarities in found) >= k:
                    break
        rows, similarities = _joined(found)
        rows, similarities = best_first(rows, similarities, np.ones(len(rows), bool))
        return rows[:k], similarities[:k]

    def _pages(
        self, query: Vectors, above: float, allowed: Mask | None, count: int, limit: int
    ) -> Iterator[tuple[Rows, Vectors]]:
        """The allowed rows above a cosine, the nearest first, as many pages as there are; the first of
        `limit` results before those that are not allowed are left out.
        """
        named = np.flatnonzero(allowed) if allowed is not None and count <= NAMED_ROWS else None
        nprobe = self._remote_probes(count)
        upto, last = None, np.empty(0, np.int64)
        while True:
            rows, similarities = self._collection.nearest(
                query, limit, above=above, upto=upto, rows=named, nprobe=nprobe
            )
            # The bound includes what is equally near as the last of the page before.
            new = ~np.isin(rows, last)
            kept = new if allowed is None else new & allowed[rows]
            yield rows[kept], np.clip(similarities[kept], -1.0, 1.0)
            if len(rows) < limit:
                return
            limit, bound = MOST_RESULTS, float(similarities[-1])
            # More of the same cosine than a page holds: the others of them cannot be told apart.
            upto = bound if new.any() else float(np.nextafter(np.float32(bound), np.float32(LOWEST)))
            last = rows[similarities == similarities[-1]] if new.any() else last

    def _remote_probes(self, count: int) -> int:
        """Inverted lists to compare, more of them the fewer rows are allowed; 0 where all are compared."""
        lists = self.manifest.nlist
        return lists and min(lists, math.ceil(lists * compared_share(self.manifest, count / len(self))))


def _joined(pages: list[tuple[Rows, Vectors]]) -> tuple[Rows, Vectors]:
    rows = np.concatenate([np.empty(0, np.int64), *(rows for rows, _similarities in pages)])
    return rows, np.concatenate([np.empty(0, np.float32), *(each for _rows, each in pages)])
