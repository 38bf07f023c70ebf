"""The engine that keeps the vectors of each base in a collection of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from django.conf import settings

from search.index.building import list_count
from search.index.engines.milvus.claims import Claim, finished
from search.index.engines.milvus.collection import Collection, drop
from search.index.engines.milvus.remote_index import RemoteIndex
from search.index.engines.not_ready import NotReady
from search.index.lists.tuning import sampled, timed, truths_of, tuned
from search.index.manifest import Manifest
from search.index.product_index import KEYS_FILE, ProductIndex
from search.index.validation import InvalidVectors, checked_vectors
from search.vectors import Keys, Mask, Vectors

logger = logging.getLogger(__name__)

KIND = "milvus"
COLLECTION = "collection"


class MilvusEngine:
    """Collections are written once. A version names its collection, so moving the pointer of the versions
    switches vectors, words and columns at one instant, and going back to an earlier version does as well.
    """

    def build(
        self, keys: Keys, vectors: Vectors, *, root: Path, fingerprint: str, queries: Vectors | None
    ) -> ProductIndex:
        keys, vectors = checked_vectors(keys, vectors)
        claim = Claim(root, settings.MILVUS_PREFIX)
        collection = Collection(claim.name, len(keys))
        lists = list_count(len(vectors)) if len(vectors) > settings.INDEX_EXACT_LIMIT else 0
        collection.create(
            keys,
            vectors,
            fingerprint=fingerprint,
            index="IVF_FLAT" if lists else "FLAT",
            params={"nlist": lists} if lists else {},
        )
        manifest = Manifest(
            kind=KIND,
            count=len(keys),
            dimension=vectors.shape[1],
            nlist=lists,
            details={COLLECTION: claim.name},
        )
        index: ProductIndex = RemoteIndex(keys, collection, manifest, claim=claim)
        if not lists:
            return index
        sample = sampled(queries, vectors)
        truths = truths_of(vectors, sample, _like_a_category(vectors))
        index = tuned(index, sample, truths, settings.INDEX_RECALL_TARGET)
        return timed(index, vectors, sample)

    def open(self, folder: Path, manifest: Manifest, *, files: Sequence[Path] | None) -> ProductIndex:
        name = manifest.details.get(COLLECTION)
        if not isinstance(name, str):
            raise InvalidVectors("its manifest names no collection")
        keys = np.load(folder / KEYS_FILE)
        if len(keys) != manifest.count:
            raise InvalidVectors("The index files hold different numbers of products.")
        collection = Collection(name, manifest.count)
        collection.check(fingerprint=manifest.fingerprint)
        return RemoteIndex(keys, collection, manifest, folder=folder)

    def drop_unused(self, root: Path, manifests: Callable[[], Iterable[Manifest]]) -> None:
        """Where the server does not answer, or a manifest cannot be read, the next publication does it."""
        # Before the versions are read: what was being built until now may be published by then.
        candidates = list(finished(root))
        if not candidates:
            return
        try:
            used = {manifest.details.get(COLLECTION) for manifest in manifests()}
            for path in candidates:
                if path.name not in used:
                    drop(path.name)
                    path.unlink()
        except (NotReady, OSError, ValueError) as error:
            logger.warning("Collections that no version needs are kept for now: %s", error)


def _like_a_category(vectors: Vectors) -> Mask:
    """The tenth of the rows nearest to one of them, which a filter by category resembles."""
    likeness = vectors @ vectors[len(vectors) // 2]
    least = np.partition(likeness, -max(1, len(vectors) // 10))[-max(1, len(vectors) // 10)]
    return np.asarray(likeness >= least)
