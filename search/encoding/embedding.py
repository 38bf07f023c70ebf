"""Products to vectors of record: what changed is embedded, batch by batch, into ``product_embeddings``."""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from PIL import Image

from catalog.models import Product, ProductImage
from search.encoding.documents import embedding_hash, embedding_text
from search.encoding.encoder import Encoder
from search.lexical.documents import LexicalDocument
from search.models import ProductEmbedding
from search.vectors import to_bytes

logger = logging.getLogger(__name__)

# Raised whenever the same embeddings would be published as another index.
BUILD_VERSION = 1
# So much work a killed run can lose for each worker.
BATCH = 32
DECODERS = 2
CHUNK = 500

# Told (done, total) after each batch.
Progress = Callable[[int, int], None]


@dataclass
class Plan:
    """The active products in index order, and those of them that must be embedded."""

    keys: list[int] = field(default_factory=list)
    documents: list[LexicalDocument] = field(default_factory=list)
    # (colour, category) of each product.
    shelves: list[tuple[str, str]] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    # Over everything a version is made of: the same digest means the same index.
    digest: Any = field(default_factory=hashlib.sha256)


@dataclass(frozen=True)
class _Item:
    """One product on its way through the encoder."""

    key: int
    text: str
    cover: ProductImage | None


def plan_embeddings(fingerprint: str, *, everything: bool) -> Plan:
    """Compare the catalogue with the vectors of record under this encoder (`everything`: embed all again)."""
    known = dict(
        ProductEmbedding.objects.filter(fingerprint=fingerprint).values_list("product_id", "content_hash")
    )
    plan = Plan()
    plan.digest.update(repr((BUILD_VERSION, fingerprint, settings.DOCUMENT_IMAGE_SHARE)).encode())
    products = Product.objects.active().prefetch_related("images").order_by("pk")
    for product in products.iterator(chunk_size=CHUNK):
        item = _item(product)
        content = embedding_hash(item.text, item.cover.content_hash if item.cover else "")
        document = LexicalDocument.of(product)
        plan.keys.append(product.pk)
        plan.documents.append(document)
        plan.shelves.append((product.colour, product.category))
        plan.digest.update(repr((product.pk, content, document)).encode())
        if everything or known.get(product.pk) != content:
            plan.stale.append(product.pk)
    return plan


def _item(product: Product) -> _Item:
    return _Item(product.pk, embedding_text(product), product.cover)


def embed(
    encoder: Encoder,
    keys: Sequence[int],
    now: datetime,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> tuple[int, int, bool]:
    """Embed products by key, keep each batch as it comes; (embedded, unreadable pictures, stopped early).

    Raises EncoderError.
    """
    done = unreadable = 0
    for rows in _embedded(encoder, _batches(keys, should_stop), now):
        _keep(rows)
        done += len(rows)
        unreadable += sum(row.picture_failed for row in rows)
        if progress:
            progress(done, len(keys))
    return done, unreadable, bool(should_stop and should_stop() and done < len(keys))


def _batches(keys: Sequence[int], should_stop: Callable[[], bool] | None) -> Iterator[list[_Item]]:
    """Products to embed, read just before they are needed; ends early when told to stop."""
    for start in range(0, len(keys), BATCH):
        if should_stop and should_stop():
            return
        found = (
            Product.objects.filter(pk__in=keys[start : start + BATCH])
            .prefetch_related("images")
            .order_by("pk")
        )
        yield [_item(product) for product in found]


@dataclass(frozen=True)
class _Row:
    """One product's new vectors. A picture that cannot be opened is tried again on every run."""

    embedding: ProductEmbedding
    picture_failed: bool


def _embedded(encoder: Encoder, batches: Iterator[list[_Item]], now: datetime) -> Iterator[list[_Row]]:
    """Vectors of each batch, in order. Pictures are decoded in threads ahead of the model.

    A second inference thread pays on two cores: one torch thread each leaves none waiting for the other.
    """
    workers = settings.ENCODER_CONCURRENCY
    with ThreadPoolExecutor(DECODERS, "decode") as decoders, ThreadPoolExecutor(workers, "encode") as models:
        waiting: deque[Future[list[_Row]]] = deque()
        try:
            for batch in batches:
                pictures = [decoders.submit(_picture, item) for item in batch]
                waiting.append(models.submit(_vectors, encoder, batch, pictures, now))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # After an error or Ctrl-C nobody reads what is still queued.
            models.shutdown(wait=False, cancel_futures=True)
            decoders.shutdown(wait=False, cancel_futures=True)


def _picture(item: _Item) -> Image.Image | None:
    if item.cover is None:
        return None
    try:
        return item.cover.open()
    except OSError as error:
        logger.warning("Picture of product %s cannot be opened: %s", item.key, error)
        return None


def _vectors(
    encoder: Encoder, batch: Sequence[_Item], decoding: Sequence[Future[Image.Image | None]], now: datetime
) -> list[_Row]:
    texts = encoder.encode_text([item.text for item in batch])
    pictures = [future.result() for future in decoding]
    images = iter(encoder.encode_images([picture for picture in pictures if picture is not None]))
    rows = []
    for item, text, picture in zip(batch, texts, pictures, strict=True):
        used = item.cover.content_hash if item.cover and picture is not None else ""
        embedding = ProductEmbedding(
            product_id=item.key,
            fingerprint=encoder.fingerprint,
            content_hash=embedding_hash(item.text, used),
            image_vector=None if picture is None else to_bytes(next(images)),
            text_vector=to_bytes(text),
            updated_at=now,
        )
        rows.append(_Row(embedding, picture_failed=item.cover is not None and picture is None))
    return rows


def _keep(rows: Sequence[_Row]) -> None:
    ProductEmbedding.objects.bulk_create(
        [row.embedding for row in rows],
        update_conflicts=True,
        unique_fields=["product", "fingerprint"],
        update_fields=["content_hash", "image_vector", "text_vector", "updated_at"],
    )
