"""The pictures of products, as rows; their files are made by ``catalog.pictures.derivatives``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL.Image import Image

from catalog.pictures import derivatives


class ProductImage(models.Model):
    """One picture of a product; its files are derivatives made once from the shop's original."""

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="images", verbose_name=_("product")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # An http(s) address, or a path relative to the feed.
    source_url = models.CharField(_("address"), max_length=1000)
    # sha256 of the original's bytes, "" until it was fetched; it names the derivatives' files.
    content_hash = models.CharField(_("digest"), max_length=64, blank=True)
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    fetched_at = models.DateTimeField(_("fetched"), null=True)
    # Why it could not be fetched or read, "" when it could.
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    # How often in a row it failed, and when it is tried again.
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    retry_at = models.DateTimeField(_("tried again"), null=True)
    # What its server calls the version that is kept.
    etag = models.CharField(_("ETag"), max_length=200, blank=True)
    modified = models.CharField(_("Last-Modified"), max_length=60, blank=True)

    class Meta:
        db_table = "product_images"
        verbose_name = _("product picture")
        verbose_name_plural = _("product pictures")
        app_label = "catalog"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "position"], name="product_images_one_per_position")
        ]
        indexes = [models.Index(fields=["content_hash"], name="product_images_content_hash")]

    def __str__(self) -> str:
        return self.source_url

    def url(self, width: int) -> str:
        """Its address at least ``width`` pixels wide, or as wide as it is; "" until it was fetched."""
        return derivatives.page_url(self.content_hash, self.width, width)

    @property
    def srcset(self) -> str:
        """Every width that is kept, as the ``srcset`` attribute of an <img>; "" until fetched."""
        return derivatives.srcset(self.content_hash, self.width)

    @property
    def thumbnail_url(self) -> str:
        return self.url(derivatives.THUMBNAIL_WIDTH)

    def open(self) -> Image:
        """The embedding derivative: RGB, upright, at most 512 pixels a side. Raises FileNotFoundError."""
        return derivatives.open_kept(self.content_hash)
