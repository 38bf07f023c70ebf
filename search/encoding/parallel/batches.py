"""The table of batches: taken by one process at a time, and finished once, whoever is first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from search.encoding.embedding import EmbeddedProduct, batched, store, without_deleted
from search.models import EmbeddingBatch

State = EmbeddingBatch.State
# Rows written by one statement.
INSERTED = 500


@dataclass(frozen=True)
class Counts:
    """Products of the batches that are done, and how many batches are not."""

    embedded: int
    unreadable: int
    by_workers: int
    open_batches: int


def prepare(fingerprint: str, keys: Sequence[int], began_at: datetime) -> uuid.UUID:
    """Store the batches of a new run; its id."""
    run = uuid.uuid4()
    rows = (
        EmbeddingBatch(run=run, fingerprint=fingerprint, keys=batch, began_at=began_at)
        for batch in batched(keys)
    )
    EmbeddingBatch.objects.bulk_create(rows, batch_size=INSERTED)
    return run


def take(
    run: uuid.UUID, states: Collection[str] = (State.WAITING,), besides: Collection[int] = ()
) -> EmbeddingBatch | None:
    """The first batch of the run in one of these states, now TAKEN by the caller; None without one."""
    open_ones = _of(run).filter(state__in=states).exclude(pk__in=besides).order_by("pk")
    while (batch := open_ones.first()) is not None:
        # Another process may have been faster.
        if _of(run).filter(pk=batch.pk, state=batch.state).update(state=State.TAKEN):
            return batch
    return None


def finish(batch: EmbeddingBatch, rows: Sequence[EmbeddedProduct], *, by_worker: bool) -> bool:
    """Store the vectors of a batch, unless it is done already or its run has ended."""
    return without_deleted(lambda kept: _finish(batch, kept, by_worker=by_worker), rows)


def _finish(batch: EmbeddingBatch, rows: Sequence[EmbeddedProduct], *, by_worker: bool) -> bool:
    with transaction.atomic():
        # Locks the row: who comes second waits until the vectors of the first are there, and changes nothing.
        is_first = (
            EmbeddingBatch.objects.filter(pk=batch.pk)
            .exclude(state=State.DONE)
            .update(
                state=State.DONE,
                embedded=len(rows),
                unreadable=sum(row.picture_failed for row in rows),
                by_worker=by_worker,
            )
        )
        if is_first:
            store(rows)
    return bool(is_first)


def leave(batch: EmbeddingBatch) -> None:
    """Leave a batch that was taken to the run itself."""
    EmbeddingBatch.objects.filter(pk=batch.pk, state=State.TAKEN).update(state=State.LEFT)


def counts(run: uuid.UUID) -> Counts:
    # No name is that of a field, which the next line would be taken for.
    found = _of(run).aggregate(
        done=Sum("embedded", default=0),
        failed=Sum("unreadable", default=0),
        helped=Sum("embedded", filter=Q(by_worker=True), default=0),
        open=Count("pk", filter=~Q(state=State.DONE)),
    )
    return Counts(found["done"], found["failed"], found["helped"], found["open"])


def close(run: uuid.UUID) -> Counts:
    """End the run: nothing more is stored for it. What was done, and how much was not."""
    given_up, _by_model = _of(run).exclude(state=State.DONE).delete()
    done = replace(counts(run), open_batches=given_up)
    _of(run).delete()
    return done


def forget_all(fingerprint: str) -> None:
    """Delete what killed runs of this encoder left. The caller holds the lock of its ``reindex``."""
    EmbeddingBatch.objects.filter(fingerprint=fingerprint).delete()


def is_alone(run: uuid.UUID) -> bool:
    """Whether no other run has batches, as one of another encoder may."""
    return not EmbeddingBatch.objects.exclude(run=run).exists()


def _of(run: uuid.UUID) -> QuerySet[EmbeddingBatch]:
    return EmbeddingBatch.objects.filter(run=run)
