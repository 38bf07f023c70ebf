"""Small published versions of the index."""

from datetime import UTC, datetime, timedelta

import numpy as np

from search.index.building import build
from search.index.product_index import with_manifest
from search.index.store import IndexStore

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def vectors_of(version, count=300, dimension=12):
    """Vectors whose keys tell the version: key = 1000 * version + row."""
    rows = np.random.default_rng(version).standard_normal((count, dimension))
    return np.arange(count) + 1000 * version, rows / np.linalg.norm(rows, axis=1, keepdims=True)


def publish(store, version, *, extra=None, now=None, **manifest):
    index = build(*vectors_of(version), exact_limit=20_000, recall_target=0.99)
    index = with_manifest(index, **{"fingerprint": "f", "model": "m"} | manifest)
    return store.publish(index, extra=extra or {}, now=now or NOW + timedelta(hours=version))


def fresh(store):
    """The store as a newly started process sees it."""
    return IndexStore(store.root)


def flip_a_bit(path, where=0.5):
    content = bytearray(path.read_bytes())
    content[int(len(content) * where)] ^= 1
    path.write_bytes(content)
