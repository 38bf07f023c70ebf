"""The engine of one machine: FAISS over files of the version's folder, in memory or mapped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.conf import settings

from search.index.building import build
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.vectors import Keys, Vectors


class LocalEngine:
    """All of a base lies in its folder, so what deletes the folder deletes the base."""

    def build(
        self, keys: Keys, vectors: Vectors, *, root: Path, fingerprint: str, queries: Vectors | None
    ) -> ProductIndex:
        return build(
            keys,
            vectors,
            exact_limit=settings.INDEX_EXACT_LIMIT,
            recall_target=settings.INDEX_RECALL_TARGET,
            queries=queries,
        )

    def open(self, folder: Path, manifest: Manifest, *, files: Sequence[Path] | None) -> ProductIndex:
        return ProductIndex.open(folder, manifest, files=files)

    def drop_unused(self, root: Path, manifests: Callable[[], Iterable[Manifest]]) -> None:
        """There is nothing beside the folders of versions."""
