"""``reindex``: embed the products that changed, then build, verify and publish a version of the index."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.conf import settings
from django.template.defaultfilters import pluralize

from catalog.models import Product
from search.encoding.documents import document_vectors
from search.encoding.embedding import Progress, embed_products
from search.encoding.encoder import Encoder
from search.index.building import build
from search.index.calibration import CALIBRATION_FILE, calibrate
from search.index.calibration_queries import picture_queries, text_queries, tuning_queries
from search.index.categories import NAMES_FILE, stored_names
from search.index.plan import IndexPlan, plan_index
from search.index.product_index import with_manifest
from search.index.store import IndexMissing, IndexStore
from search.index.version import Extra
from search.lexical import building as lexical
from search.lexical.files import FOLDER as LEXICAL_FOLDER
from search.models import ProductEmbedding
from search.vectors import Keys, Mask, Vectors, intact

logger = logging.getLogger(__name__)


class NothingToIndex(Exception):
    """There is neither a product nor an index yet; the message names the command to run first."""


@dataclass(frozen=True)
class ReindexReport:
    """What one run did. `version` is None where nothing was published."""

    products: int
    embedded: int
    without_picture: int
    unreadable: int
    version: str | None
    stopped: bool
    seconds: float

    def __str__(self) -> str:
        done = f"{self.embedded} of {self.products} product{pluralize(self.products)} embedded"
        if self.unreadable:
            done += f", {self.unreadable} with an unreadable picture (run `manage.py sync`)"
        if self.stopped:
            return f"Stopped: {done} and kept; the index in service is unchanged ({self.seconds:.1f} s)."
        if self.version is None:
            return f"Nothing changed: {done}; the index in service is up to date ({self.seconds:.1f} s)."
        return f"Published index {self.version}: {done} ({self.seconds:.1f} s)."


def reindex(
    *,
    encoder: Encoder,
    store: IndexStore,
    now: datetime,
    full: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ReindexReport:
    """Bring the index up to date with the catalogue.

    Only active products whose text, cover or encoder changed are embedded (`full`: all); what is done is
    kept when `should_stop` returns true or the process dies. An unchanged catalogue publishes nothing
    unless `force`. `progress` is called with (done, total). Raises AlreadyRunning, NothingToIndex,
    InvalidVectors, EncoderError, OSError.
    """
    started = time.monotonic()
    with store.writing(now):
        generation = Product.objects.generation()
        plan = plan_index(encoder.fingerprint, everything=full)
        if not plan.keys and not store.versions():
            raise NothingToIndex("The catalogue has no products yet. Run `manage.py sync` first.")
        result = embed_products(encoder, plan.stale, now, progress, should_stop)
        version = None
        if not result.stopped and (full or force or _is_outdated(store, plan)):
            version = _publish(encoder, store, plan, generation, now)
            _delete_unused_vectors(store)
    without_picture = ProductEmbedding.objects.filter(
        fingerprint=encoder.fingerprint, image_vector=None, product__is_active=True
    )
    return ReindexReport(
        products=len(plan.keys),
        embedded=result.embedded,
        without_picture=without_picture.count(),
        unreadable=result.unreadable,
        version=version,
        stopped=result.stopped,
        seconds=time.monotonic() - started,
    )


def _is_outdated(store: IndexStore, plan: IndexPlan) -> bool:
    store.expire()
    try:
        current = store.current()
    except IndexMissing:
        return True
    return store.problem is not None or current.manifest.details.get("digest") != plan.digest


def _publish(
    encoder: Encoder, store: IndexStore, plan: IndexPlan, generation: datetime | None, now: datetime
) -> str:
    stored = _StoredVectors.read(encoder, plan.keys)
    if stored.damaged:
        logger.warning("Vectors of %s products are damaged; they are embedded again.", len(stored.damaged))
        embed_products(encoder, stored.damaged, now, None, None)
        stored = _StoredVectors.read(encoder, plan.keys)
    documents = [plan.documents[position] for position in stored.positions]
    labels = [plan.labels[position] for position in stored.positions]
    vectors = document_vectors(stored.images, stored.texts, stored.pictured, settings.DOCUMENT_IMAGE_SHARE)
    pictures = picture_queries(labels, stored.images, stored.pictured)
    texts = text_queries(labels, encoder)
    calibration = calibrate(vectors, image=pictures, text=texts)
    index = build(
        stored.keys,
        vectors,
        exact_limit=settings.INDEX_EXACT_LIMIT,
        recall_target=settings.INDEX_RECALL_TARGET,
        queries=tuning_queries(pictures.vectors, texts.vectors),
    )
    index = with_manifest(
        index,
        fingerprint=encoder.fingerprint,
        model=settings.CLIP_MODEL,
        image_share=settings.DOCUMENT_IMAGE_SHARE,
        generation=generation.isoformat() if generation else "",
        details={"digest": plan.digest, "without_picture": int((~stored.pictured).sum())},
    )
    extra: dict[str, Extra] = {
        CALIBRATION_FILE: json.dumps(calibration.as_dict()).encode(),
        NAMES_FILE: stored_names([category for _colour, category in labels], encoder.encode_text),
        LEXICAL_FOLDER: lambda path: lexical.build(documents, path.parent),
    }
    return store.publish(index, extra=extra, now=now)


@dataclass(frozen=True)
class _StoredVectors:
    """The vectors of record of n products, aligned; an image row is zero where `pictured` is false."""

    keys: Keys
    # The position of each product in the plan: some may have been deleted since.
    positions: list[int]
    images: Vectors
    texts: Vectors
    pictured: Mask
    # Keys of products whose stored vectors are no longer vectors of length 1.
    damaged: list[int]

    @classmethod
    def read(cls, encoder: Encoder, planned: Sequence[int]) -> _StoredVectors:
        shape = (len(planned), encoder.dimension)
        images, texts = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        position_of = {key: position for position, key in enumerate(planned)}
        found, pictured = np.zeros(len(planned), bool), np.zeros(len(planned), bool)
        damaged = []
        stored = ProductEmbedding.objects.filter(fingerprint=encoder.fingerprint, product__is_active=True)
        for key, image, text in stored.values_list("product_id", "image_vector", "text_vector").iterator():
            if (position := position_of.get(key)) is None:
                continue
            words = intact(text, encoder.dimension)
            seen = None if image is None else intact(image, encoder.dimension)
            if words is None or (image is not None and seen is None):
                damaged.append(key)
                continue
            found[position], pictured[position] = True, seen is not None
            texts[position] = words
            if seen is not None:
                images[position] = seen
        keys = np.array(planned, np.int64)[found]
        places = np.flatnonzero(found).tolist()
        return cls(keys, places, images[found], texts[found], pictured[found], damaged)


def _delete_unused_vectors(store: IndexStore) -> None:
    """Delete the vectors of encoders that made no version on disk.

    Those of a kept version stay, so that going back to its encoder embeds nothing again. Vectors of
    inactive products stay as well, because many products return.
    """
    ProductEmbedding.objects.exclude(fingerprint__in=store.fingerprints()).delete()
