"""The run's side: it offers batches to workers, and embeds itself what they have not taken or not done."""

from __future__ import annotations

import logging
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog.queue import NotQueued, enqueue
from search.encoding import embedding
from search.encoding.embedding import EmbeddingInput, EmbeddingResult, Progress, ShouldStop, embed_products
from search.encoding.encoder import Encoder
from search.encoding.parallel import batches
from search.encoding.parallel.batches import Counts, State
from search.models import EmbeddingBatch

logger = logging.getLogger(__name__)

TASK = "search.tasks.embed"
# Fewer batches are done here before a worker has taken one.
LEAST_BATCHES = 4
# Nothing is left but batches that workers took, and for so long none of them was done: they are embedded here
# as well. At worst that is work done twice.
PATIENCE_S, POLL_S = 10.0, 0.1


def embed_with_workers(
    encoder: Encoder,
    keys: Sequence[int],
    now: datetime,
    progress: Progress | None,
    should_stop: ShouldStop | None,
) -> EmbeddingResult:
    """As embed_products, with the help of the workers that listen to ``settings.EMBEDDING_QUEUE``.

    Without any, it takes no longer. Raises EncoderError.
    """
    if len(keys) < LEAST_BATCHES * embedding.BATCH:
        return embed_products(encoder, keys, now, progress, should_stop)
    run = batches.prepare(encoder.fingerprint, keys, now)
    try:
        _invite(run)
        publisher = _Publisher(run, encoder, now, should_stop or (lambda: False))
        for done in publisher.embedded():
            if progress:
                progress(done, len(keys))
    finally:
        counts = batches.close(run)
    stopped = counts.open_batches > 0
    return EmbeddingResult(counts.embedded, counts.unreadable, stopped, counts.by_workers)


def _invite(run: uuid.UUID) -> None:
    """Ask for so many batches at once as is configured; a message is for one, and its worker asks again."""
    try:
        if batches.is_alone(run):
            # Under the lock of `reindex`, so what lies there is of earlier runs, which nobody took.
            with current_app.connection_for_write() as connection:
                connection.default_channel.queue_purge(settings.EMBEDDING_QUEUE)
        for _message in range(settings.EMBEDDING_WORKERS):
            enqueue(current_app.signature(TASK), str(run))
    except (NotQueued, OperationalError, RedisError, OSError) as error:
        logger.warning("Workers cannot be asked to embed, so this process does it alone: %s", error)


class _Publisher:
    """Embeds what no worker has taken."""

    def __init__(self, run: uuid.UUID, encoder: Encoder, now: datetime, should_stop: ShouldStop) -> None:
        self._run, self._encoder, self._now, self._should_stop = run, encoder, now, should_stop
        # In the order in which their vectors come.
        self._taken: deque[EmbeddingBatch] = deque()
        self._taken_over: set[int] = set()
        self._by_workers, self._quiet_since = 0, time.monotonic()

    def embedded(self) -> Iterator[int]:
        """How many products are embedded, again and again, until all are or the run is to stop."""
        while True:
            for rows in embedding.embedded(self._encoder, self._batches(), self._now):
                batches.finish(self._taken.popleft(), rows, by_worker=False)
                yield self._counts().embedded
            counts = self._counts()
            yield counts.embedded
            if not counts.open_batches or self._should_stop():
                return
            time.sleep(POLL_S)

    def _batches(self) -> Iterator[list[EmbeddingInput]]:
        while not self._should_stop() and (batch := self._next()) is not None:
            self._taken.append(batch)
            yield embedding.read(batch.keys)

    def _next(self) -> EmbeddingBatch | None:
        batch = batches.take(self._run, (State.WAITING, State.LEFT))
        if batch is not None or not self._is_quiet:
            return batch
        own = {batch.pk for batch in self._taken}
        batch = batches.take(self._run, (State.TAKEN,), besides=own | self._taken_over)
        if batch is not None:
            self._taken_over.add(batch.pk)
            logger.warning("A worker took %s products and was not done in time.", len(batch.keys))
        return batch

    @property
    def _is_quiet(self) -> bool:
        return time.monotonic() - self._quiet_since >= PATIENCE_S

    def _counts(self) -> Counts:
        counts = batches.counts(self._run)
        if counts.by_workers != self._by_workers:
            self._by_workers, self._quiet_since = counts.by_workers, time.monotonic()
        return counts
