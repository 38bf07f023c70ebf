"""A worker's side: one batch of a run that another process publishes."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from search.encoding import embedding
from search.encoding.encoder import Encoder
from search.encoding.parallel import batches
from search.encoding.parallel.batches import State
from search.models import EmbeddingBatch

logger = logging.getLogger(__name__)


def help_with(run: uuid.UUID, encoder: Callable[[], Encoder]) -> bool:
    """Embed a batch of this run; whether another one may be asked for. Raises EncoderError.

    Safe to repeat, and at any time: it does nothing where no batch waits, the run has ended, or the run's
    encoder is another one than ``encoder()``, which is loaded only where needed.
    """
    waiting = EmbeddingBatch.objects.filter(run=run, state=State.WAITING).first()
    if waiting is None:
        return False
    if waiting.fingerprint != encoder().fingerprint:
        logger.warning("This worker has another encoder than the process that publishes: see CLIP_MODEL.")
        return False
    batch = batches.take(run)
    return batch is not None and _embed(batch, encoder())


def _embed(batch: EmbeddingBatch, encoder: Encoder) -> bool:
    try:
        items = embedding.read(batch.keys)
        [rows] = embedding.embedded(encoder, [items], batch.began_at)
        missing = sum(row.picture_failed for row in rows)
        if not missing:
            batches.finish(batch, rows, by_worker=True)
            return True
    except Exception:  # whatever it was, the run must not wait for this batch; it is raised again
        batches.leave(batch)
        raise
    # Whether a picture is lost or only out of this machine's reach, the run itself knows.
    batches.leave(batch)
    logger.warning("%s pictures cannot be read here; the process that publishes tries it.", missing)
    return missing < sum(item.cover is not None for item in items)
