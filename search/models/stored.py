"""Vectors of record, index runs, the embedding cache and shoppers' pictures."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, RunState


class ProductEmbedding(models.Model):
    """The vectors of one product under one encoder. Every index can be built again from them.

    ``image_vector`` and ``text_vector`` are unit rows as little-endian float32 bytes (4·d bytes each).
    ``content_hash`` covers the embedded text and picture: when it differs, the product is embedded again.
    """

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="embeddings", verbose_name=_("product")
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    content_hash = models.CharField(_("digest"), max_length=64)
    # None: the product has no readable picture.
    image_vector = models.BinaryField(_("image vector"), null=True)
    text_vector = models.BinaryField(_("text vector"))
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        db_table = "product_embeddings"
        verbose_name = _("product embedding")
        verbose_name_plural = _("product embeddings")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "fingerprint"], name="product_embeddings_one_per_encoder"
            )
        ]
        indexes = [models.Index(fields=["fingerprint"], name="product_embeddings_encoder")]

    def __str__(self) -> str:
        return f"{self.product_id} · {self.fingerprint[:8]}"


class IndexRun(models.Model):
    """One run of ``reindex``: queued, running, or how it ended."""

    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    # Of the encoder. "" of earlier releases, which add rows while a newer one is being prepared.
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, blank=True, default="", db_default="", editable=False
    )
    full = models.BooleanField(
        _("full"), default=False, help_text=_("Embed every product again, not only what changed.")
    )
    asked_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # The report of a successful run, otherwise the reason why it failed or stopped.
    message = models.TextField(_("report"), blank=True)

    class Meta:
        db_table = "index_runs"
        verbose_name = _("index run")
        verbose_name_plural = _("index runs")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.get_state_display()}"


class EmbeddingCacheEntry(models.Model):
    """The vector of one query; ``content_hash`` covers its content and the encoder's fingerprint."""

    class ContentType(models.TextChoices):
        TEXT = "text", _("Words")
        IMAGE = "image", _("Picture")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_hash = models.CharField(_("digest"), max_length=64, unique=True)
    embedding = models.BinaryField(_("embedding"))
    content_type = models.CharField(_("kind"), max_length=5, choices=ContentType)
    # The QueryImage whose vector this is, so that the vector is deleted with the picture; "" for a text.
    image_id = models.CharField(_("picture"), max_length=64, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        db_table = "embedding_cache"
        verbose_name = _("cached embedding")
        verbose_name_plural = _("cached embeddings")

    def __str__(self) -> str:
        return f"{self.get_content_type_display()} {self.content_hash[:12]}"


class QueryImageQuerySet(models.QuerySet["QueryImage"]):
    def active(self, now: datetime) -> QueryImageQuerySet:
        return self.filter(expires_at__gt=now)


class QueryImage(models.Model):
    """A shopper's picture, re-encoded without metadata, kept 24 hours so that results can be reloaded.

    ``image_id`` is the hash of the upright, cropped pixels: the same picture always has the same id, and
    only someone who has the picture can compute it. The latest of its owners' times is ``expires_at``.
    """

    image_id = models.CharField(_("picture"), max_length=64, primary_key=True)
    picture = models.FileField(_("picture"), upload_to="queries/", max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    objects = QueryImageQuerySet.as_manager()

    class Meta:
        db_table = "query_images"
        verbose_name = _("query picture")
        verbose_name_plural = _("query pictures")

    def __str__(self) -> str:
        return self.image_id[:12]


class QueryImageOwner(models.Model):
    """One reason to keep a query picture: somebody uploaded it, or cropped it from another query picture.

    A picture that several people uploaded has an owner for each, and lives until the last one's day is over
    or all of them deleted it with their accounts.
    """

    image = models.ForeignKey(QueryImage, on_delete=models.CASCADE, related_name="owners")
    # None: nobody was signed in, or the picture is a product's.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="query_images"
    )
    # Itself, where the picture that it was cut out of was never stored.
    cropped_from = models.ForeignKey(QueryImage, on_delete=models.CASCADE, null=True, related_name="crops")
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "query_image_owners"

    def __str__(self) -> str:
        return f"{self.image_id[:12]} of {self.user_id}"
