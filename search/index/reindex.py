"""``reindex``: embed the products that changed, then build, verify and publish a version of the index."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from catalog.models import Product
from search.encoding.documents import document_vectors
from search.encoding.embedding import Plan, Progress, embed, plan_embeddings
from search.encoding.encoder import Encoder
from search.index.calibration import CALIBRATION_FILE, calibrate
from search.index.calibration_queries import picture_queries, tuning_queries, word_queries
from search.index.store import IndexMissing, IndexStore
from search.index.version import Extra
from search.lexical import building as lexical
from search.lexical.files import FOLDER as LEXICAL_FOLDER
from search.models import ProductEmbedding
from search.vectors import Keys, Vectors, from_bytes


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
        done = f"{self.embedded} of {self.products} products embedded"
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
    """Bring the index up to the catalogue.

    Only active products whose words, cover or encoder changed are embedded (`full`: all); what is done is
    kept when `should_stop` answers true or the process dies. An unchanged catalogue publishes nothing
    unless `force`. `progress` is told (done, total). Raises AlreadyRunning, NothingToIndex, InvalidVectors,
    EncoderError, OSError.
    """
    started = time.monotonic()
    with store.writing(now):
        generation = Product.objects.generation()
        plan = plan_embeddings(encoder.fingerprint, everything=full)
        if not plan.keys and not store.versions():
            raise NothingToIndex("The catalogue has no products yet. Run `manage.py sync` first.")
        embedded, unreadable, stopped = embed(encoder, plan.stale, now, progress, should_stop)
        version = None
        if not stopped and (full or force or _is_outdated(store, plan)):
            version = _publish(encoder, store, plan, generation, now)
            _forget_other_encoders(store)
    without = ProductEmbedding.objects.filter(
        fingerprint=encoder.fingerprint, image_vector=None, product__is_active=True
    )
    return ReindexReport(
        products=len(plan.keys),
        embedded=embedded,
        without_picture=without.count(),
        unreadable=unreadable,
        version=version,
        stopped=stopped,
        seconds=time.monotonic() - started,
    )


def _is_outdated(store: IndexStore, plan: Plan) -> bool:
    store.expire()
    try:
        current = store.current()
    except IndexMissing:
        return True
    return store.problem is not None or current.manifest.details.get("digest") != plan.digest.hexdigest()


def _publish(
    encoder: Encoder, store: IndexStore, plan: Plan, generation: datetime | None, now: datetime
) -> str:
    record = _Record.read(encoder, plan.keys)
    documents = [plan.documents[place] for place in record.places]
    shelves = [plan.shelves[place] for place in record.places]
    vectors = document_vectors(record.images, record.texts, record.pictured, settings.DOCUMENT_IMAGE_SHARE)
    pictures = picture_queries(shelves, record.images, record.pictured)
    words = word_queries(shelves, encoder)
    calibration = calibrate(vectors, image=pictures, text=words)
    extra: dict[str, Extra] = {
        CALIBRATION_FILE: json.dumps(calibration.as_dict()).encode(),
        LEXICAL_FOLDER: lambda path: lexical.build(documents, path.parent),
    }
    metadata: dict[str, Any] = {
        "model": settings.CLIP_MODEL,
        "image_share": settings.DOCUMENT_IMAGE_SHARE,
        "generation": generation.isoformat() if generation else "",
        "details": {"digest": plan.digest.hexdigest(), "without_picture": int((~record.pictured).sum())},
    }
    return store.publish(
        record.keys,
        vectors,
        fingerprint=encoder.fingerprint,
        extra=extra,
        metadata=metadata,
        now=now,
        queries=tuning_queries(pictures.vectors, words.vectors),
    )


@dataclass(frozen=True)
class _Record:
    """The vectors of record of n products, aligned; an image row is zero where `pictured` is false."""

    keys: Keys
    # Where each product stands in the plan: one may have been deleted since.
    places: list[int]
    images: Vectors
    texts: Vectors
    pictured: NDArray[np.bool_]

    @classmethod
    def read(cls, encoder: Encoder, planned: Sequence[int]) -> _Record:
        shape = (len(planned), encoder.dimension)
        images, texts = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        place_of = {key: place for place, key in enumerate(planned)}
        places, pictured = np.zeros(len(planned), bool), np.zeros(len(planned), bool)
        stored = ProductEmbedding.objects.filter(fingerprint=encoder.fingerprint, product__is_active=True)
        for key, image, text in stored.values_list("product_id", "image_vector", "text_vector").iterator():
            if (place := place_of.get(key)) is None:
                continue
            places[place], pictured[place] = True, image is not None
            texts[place] = from_bytes(text)
            if image is not None:
                images[place] = from_bytes(image)
        keys = np.array(planned, np.int64)[places]
        return cls(keys, np.flatnonzero(places).tolist(), images[places], texts[places], pictured[places])


def _forget_other_encoders(store: IndexStore) -> None:
    """Drop vectors of encoders that no version on disk was made by.

    Those of a kept version stay, so that going back to the model before it costs no second embedding.
    Vectors of inactive products stay as well: what is out of the shop today is often back tomorrow.
    """
    ProductEmbedding.objects.exclude(fingerprint__in=store.fingerprints()).delete()
