"""The batches of a reindex that workers help to embed."""

from __future__ import annotations

import uuid

from django.db import models


class EmbeddingBatch(models.Model):
    """Products of one run of ``reindex`` that a worker, or the run itself, embeds together.

    Whoever embedded them stores their vectors in the transaction that sets DONE, so a batch counts once. The
    run deletes its batches when it ends; a worker that comes later finds none, and stores nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        # A worker could not embed it; the run itself does.
        LEFT = "left"
        DONE = "done"

    run = models.UUIDField(default=uuid.uuid4)
    # Of the run's encoder: workers with another one leave the batch alone.
    fingerprint = models.CharField(max_length=64)
    # Primary keys of products, ascending.
    keys = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # What became of a DONE one.
    embedded = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    by_worker = models.BooleanField(default=False)
    # When the run began, which its vectors of record state as well.
    began_at = models.DateTimeField()

    class Meta:
        db_table = "embedding_batches"
        verbose_name_plural = "embedding batches"
        indexes = [models.Index(fields=["run", "state", "id"], name="embedding_batches_state")]

    def __str__(self) -> str:
        return f"{len(self.keys)} products {self.state}"
