"""What an engine does for the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.vectors import Keys, Vectors


class VectorEngine(Protocol):
    """Holds the vectors of bases. What it builds and opens answers as ``ProductIndex`` does: ``scan``,
    ``nearest`` and ``vectors``, by row, of that base alone.
    """

    def build(
        self, keys: Keys, vectors: Vectors, *, root: Path, fingerprint: str, queries: Vectors | None
    ) -> ProductIndex:
        """A new base over `vectors` (n, d), for a version under `root`; `queries` (m, d), like those of
        shoppers, tune its recall.

        Raises InvalidVectors, or NotReady where the engine does not answer.
        """

    def open(self, folder: Path, manifest: Manifest, *, files: Sequence[Path] | None) -> ProductIndex:
        """A published base. Raises InvalidVectors, RuntimeError, OSError or ValueError where it is not what
        was published, and NotReady where the engine does not answer.
        """

    def drop_unused(self, root: Path, manifests: Callable[[], Iterable[Manifest]]) -> None:
        """Delete what is kept for bases under `root` that none of these `manifests` names: those of all
        versions, and of those that are being built.
        """
