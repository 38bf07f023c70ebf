"""Products to vectors of record: embedded batch by batch, stored in ``product_embeddings``."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar

from django.conf import settings
from django.db import IntegrityError
from PIL import Image

from catalog.models import Product, ProductImage
from search.encoding.documents import embedding_hash, embedding_text
from search.encoding.encoder import Encoder
from search.models import ProductEmbedding
from search.vectors import to_bytes

logger = logging.getLogger(__name__)

# A killed run loses at most this many products for each worker.
BATCH = 32
DECODERS = 2

# Called with (done, total) after each batch.
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class EmbeddingInput:
    """What of one product is embedded."""

    key: int
    text: str
    cover: ProductImage | None

    @classmethod
    def of(cls, product: Product) -> Self:
        return cls(product.pk, embedding_text(product), product.cover)

    @property
    def content_hash(self) -> str:
        return embedding_hash(self.text, self.cover.content_hash if self.cover else "")


@dataclass(frozen=True)
class EmbeddingResult:
    """How many products were embedded, how many covers could not be opened, and whether it was stopped.

    Of the embedded ones, ``by_workers`` were embedded by Celery workers.
    """

    embedded: int
    unreadable: int
    stopped: bool
    by_workers: int = 0


# As embed_products.
Embed = Callable[[Encoder, Sequence[int], datetime, Progress | None, ShouldStop | None], EmbeddingResult]


def embed_products(
    encoder: Encoder,
    keys: Sequence[int],
    now: datetime,
    progress: Progress | None,
    should_stop: ShouldStop | None,
) -> EmbeddingResult:
    """Embed products by key and store each batch as it is done. Raises EncoderError."""
    done = unreadable = 0
    for rows in embedded(encoder, _batches(keys, should_stop), now):
        without_deleted(store, rows)
        done += len(rows)
        unreadable += sum(row.picture_failed for row in rows)
        if progress:
            progress(done, len(keys))
    stopped = bool(should_stop and should_stop() and done < len(keys))
    return EmbeddingResult(done, unreadable, stopped)


def _batches(keys: Sequence[int], should_stop: ShouldStop | None) -> Iterator[list[EmbeddingInput]]:
    """Products to embed, each batch read when it is needed; ends early once `should_stop()` is true."""
    for batch in batched(keys):
        if should_stop and should_stop():
            return
        yield read(batch)


def batched(keys: Sequence[int]) -> Iterator[list[int]]:
    """The keys in batches. Last bits of a vector depend on what else is in its batch."""
    return (list(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


def read(keys: Sequence[int]) -> list[EmbeddingInput]:
    """What is to be embedded of these products as they are now; of those that are gone, nothing."""
    found = Product.objects.filter(pk__in=keys).prefetch_related("images").order_by("pk")
    return [EmbeddingInput.of(product) for product in found]


@dataclass(frozen=True)
class EmbeddedProduct:
    """One product's new vectors. A cover that cannot be opened is tried again on every run."""

    embedding: ProductEmbedding
    picture_failed: bool


Rows = Sequence[EmbeddedProduct]
Done = TypeVar("Done")


def embedded(
    encoder: Encoder, batches: Iterable[list[EmbeddingInput]], now: datetime
) -> Iterator[list[EmbeddedProduct]]:
    """Vectors of each batch, in order. Pictures are decoded in threads ahead of the model.

    A second inference thread pays on two cores: with one torch thread each, neither waits for the other.
    """
    workers = settings.ENCODER_CONCURRENCY
    with ThreadPoolExecutor(DECODERS, "decode") as decoders, ThreadPoolExecutor(workers, "encode") as models:
        waiting: deque[Future[list[EmbeddedProduct]]] = deque()
        try:
            for batch in batches:
                pictures = [decoders.submit(_picture, item) for item in batch]
                waiting.append(models.submit(_vectors, encoder, batch, pictures, now))
                # At most one batch more than there are workers, which bounds the decoded pictures in memory.
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # After an error or Ctrl-C the results of what is still queued are not needed.
            models.shutdown(wait=False, cancel_futures=True)
            decoders.shutdown(wait=False, cancel_futures=True)


def _picture(item: EmbeddingInput) -> Image.Image | None:
    if item.cover is None:
        return None
    try:
        return item.cover.open()
    except OSError as error:
        logger.warning("Picture of product %s cannot be opened: %s", item.key, error)
        return None


def _vectors(
    encoder: Encoder,
    batch: Sequence[EmbeddingInput],
    decoding: Sequence[Future[Image.Image | None]],
    now: datetime,
) -> list[EmbeddedProduct]:
    texts = encoder.encode_text([item.text for item in batch])
    pictures = [future.result() for future in decoding]
    images = iter(encoder.encode_images([picture for picture in pictures if picture is not None]))
    rows = []
    for item, text, picture in zip(batch, texts, pictures, strict=True):
        # A hash without the cover never equals the product's own, so that the next run tries it again.
        used = item.cover.content_hash if item.cover and picture is not None else ""
        embedding = ProductEmbedding(
            product_id=item.key,
            fingerprint=encoder.fingerprint,
            content_hash=embedding_hash(item.text, used),
            image_vector=None if picture is None else to_bytes(next(images)),
            text_vector=to_bytes(text),
            updated_at=now,
        )
        rows.append(EmbeddedProduct(embedding, picture_failed=item.cover is not None and picture is None))
    return rows


def without_deleted(write: Callable[[Rows], Done], rows: Rows) -> Done:
    """``write(rows)``, a transaction of its own, without the rows of products that were deleted since."""
    while True:
        try:
            return write(rows)
        except IntegrityError:
            keys = [row.embedding.product_id for row in rows]
            known = set(Product.objects.filter(pk__in=keys).values_list("pk", flat=True))
            if known.issuperset(keys):
                raise
            rows = [row for row in rows if row.embedding.product_id in known]


def store(rows: Rows) -> None:
    """Make them the vectors of record."""
    ProductEmbedding.objects.bulk_create(
        [row.embedding for row in rows],
        update_conflicts=True,
        unique_fields=["product", "fingerprint"],
        update_fields=["content_hash", "image_vector", "text_vector", "updated_at"],
    )
