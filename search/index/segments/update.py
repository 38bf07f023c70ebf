"""Publish what changed as a delta, where the published version allows one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings

from catalog.models import Product
from search.encoding.embedding import Embed, EmbeddingResult, Progress, ShouldStop, embed_products
from search.encoding.encoder import Encoder
from search.index.plan import plan_index, recipe
from search.index.product_index import ProductIndex
from search.index.segments import watermark
from search.index.segments.changes import Changes, changes_since
from search.index.segments.delta import Delta
from search.index.segments.opening import base_name, segments_of
from search.index.segments.rows import SegmentRows, StoredRows, digest_of, stacked, without_picture
from search.index.segments.stored_vectors import StoredVectors
from search.index.segments.watermark import Watermark
from search.index.store import IndexStore
from search.index.version import DamagedVersion

logger = logging.getLogger(__name__)

# A delta takes over earlier ones of up to so many times its own rows. So the number of deltas grows with the
# logarithm of their rows, and each row is written again so often at most.
FOLDED_SIZE = 2


@dataclass(frozen=True)
class Update:
    """What an update did: ``version`` is None where nothing was published."""

    products: int
    result: EmbeddingResult
    without_picture: int
    version: str | None


def updatable(store: IndexStore, encoder: Encoder) -> ProductIndex | None:
    """The published version, where a delta can follow it: large, whole, and made by the same recipe."""
    if store.pointed() is None:
        return None
    try:
        current = store.published()
    except DamagedVersion as damage:
        logger.warning("The published index cannot be continued: %s", damage)
        return None
    details = current.manifest.details
    is_same = details.get("recipe") == recipe(encoder.fingerprint)
    return current if is_same and _is_large(current) else None


def behind_catalogue(store: IndexStore) -> int:
    """How many products must be embedded before the index in service is that of the catalogue.

    Raises IndexMissing, or DamagedVersion where a file that no search reads makes no sense.
    """
    current = store.current()
    fingerprint = current.manifest.fingerprint
    if current.manifest.details.get("recipe") == recipe(fingerprint) and _is_large(current):
        noted = watermark.read(store.root, current.manifest)
        changes = changes_since(noted, StoredRows(current), most=delta_limit(current))
        if changes is not None:
            return len(changes.stale(fingerprint))
    return len(plan_index(fingerprint, everything=False).stale)


def _is_large(index: ProductIndex) -> bool:
    return len(segments_of(index)[base_name(index)]) > int(settings.INDEX_WHOLE_LIMIT)


def delta_limit(index: ProductIndex) -> int:
    """How many rows may differ from the base before a new one is due."""
    return int(settings.INDEX_DELTA_SHARE * len(segments_of(index)[base_name(index)]))


def is_merge_due(index: ProductIndex) -> bool:
    """Whether so much changed since the base that a new one is due."""
    base = len(segments_of(index)[base_name(index)])
    added = len(index) - base
    dead = len(index) - index.manifest.count
    return max(added, dead) > delta_limit(index)


def update(
    encoder: Encoder,
    store: IndexStore,
    current: ProductIndex,
    generation: datetime | None,
    now: datetime,
    *,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    embed: Embed = embed_products,
) -> Update | None:
    """Publish what changed since ``current``; None where a base is to be built: so much changed, or a file of
    ``current`` is damaged.

    ``generation`` is the catalogue's before this call. The caller is the only writer. Raises EncoderError,
    InvalidVectors or OSError.
    """
    try:
        return _continued(
            encoder, store, current, generation, now, progress=progress, should_stop=should_stop, embed=embed
        )
    except DamagedVersion as damage:
        logger.warning("The published index cannot be continued: %s", damage)
        return None


def _continued(
    encoder: Encoder,
    store: IndexStore,
    current: ProductIndex,
    generation: datetime | None,
    now: datetime,
    *,
    progress: Progress | None,
    should_stop: ShouldStop | None,
    embed: Embed,
) -> Update | None:
    noted = watermark.read(store.root, current.manifest)
    if _is_current(current, noted, generation):
        nothing = EmbeddingResult(0, 0, stopped=False)
        return Update(current.manifest.count, nothing, without_picture(current), None)
    rows = StoredRows(current)
    changes = changes_since(noted, rows, most=delta_limit(current))
    if changes is None:
        return None
    folded = _folded(current, changes, rows)
    result = embed(encoder, changes.stale(encoder.fingerprint), now, progress, should_stop)
    if result.stopped:
        return Update(len(rows), result, without_picture(current), None)
    delta, retry = _delta(encoder, changes, rows, folded, current, generation, now)
    if not len(delta.gone):
        watermark.write(store.root, current.manifest.version, Watermark(generation, retry))
        return Update(len(rows), result, without_picture(current), None)
    published = store.publish_delta(current, delta, now=now)
    # The files lie in the version's folder now, and not where it was built.
    counted = without_picture(store.published())
    return Update(published.manifest.count, result, counted, published.manifest.version)


def _is_current(current: ProductIndex, noted: Watermark, generation: datetime | None) -> bool:
    """Whether nothing is newer; the number of products tells of rows that were deleted."""
    same = generation is not None and noted.generation == generation and not noted.retry
    return same and Product.objects.active().count() == current.manifest.count


def _folded(current: ProductIndex, changes: Changes, rows: StoredRows) -> frozenset[str]:
    """The latest deltas that are small beside the changes; their live rows are added to these."""
    folded: list[str] = []
    size, end = len(changes.candidates), len(current)
    for name, segment in reversed(list(segments_of(current).items())[1:]):
        keys = set(np.asarray(current.keys[end - len(segment) : end]).tolist()) - {-1}
        keys -= changes.candidates.keys() | changes.removed
        if len(keys) > FOLDED_SIZE * size:
            break
        changes.look_at(sorted(keys), rows, unchanged=True)
        size += len(keys)
        end -= len(segment)
        folded.append(name)
    return frozenset(folded)


def _delta(
    encoder: Encoder,
    changes: Changes,
    rows: StoredRows,
    folded: frozenset[str],
    current: ProductIndex,
    generation: datetime | None,
    now: datetime,
) -> tuple[Delta, list[int]]:
    """The delta, and the keys of products that must be tried again."""
    wanted = sorted(changes.candidates)
    stored = StoredVectors.read(encoder, wanted)
    if stored.damaged:
        embed_products(encoder, stored.damaged, now, None, None)
        stored = StoredVectors.read(encoder, wanted)
    found = [changes.candidates[key] for key in stored.keys.tolist()]
    digests = [
        digest_of(used, each.document) for used, each in zip(stored.content_hashes, found, strict=True)
    ]
    retry = [
        each.key for used, each in zip(stored.content_hashes, found, strict=True) if used != each.content_hash
    ]
    new = SegmentRows(
        keys=stored.keys,
        vectors=stored.documents(),
        documents=[each.document for each in found],
        digests=stacked(digests),
        pictured=stored.pictured,
    )
    is_new = [digest != rows.digest(each.key) for digest, each in zip(digests, found, strict=True)]
    if not any(is_new) and not changes.removed:
        # Only earlier deltas would be written again.
        new, folded = new.taken(np.empty(0, np.int64)), frozenset()
    elif not folded:
        new = new.taken(np.flatnonzero(is_new))
    details: dict[str, Any] = {**current.manifest.details, "digest": "", "retry": retry}
    manifest = {"generation": generation.isoformat() if generation else "", "details": details}
    return Delta(new, np.array(sorted(changes.removed), np.int64), folded, manifest), retry
