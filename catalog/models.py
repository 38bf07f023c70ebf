"""The shop's own products and their pictures, as the last sync left them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from PIL.Image import Image

from catalog.pictures import derivatives
from catalog.pictures.hosts import PictureHost
from catalog.sources import colour_families
from catalog.sources.saved_options import SavedOptions
from catalog.syncing.listeners import announce_return
from catalog.syncing.runs import RunState, SyncRun

__all__ = [
    "PUBLIC_ID",
    "PictureHost",
    "Product",
    "ProductImage",
    "ProductQuerySet",
    "RunState",
    "SavedOptions",
    "SyncRun",
]

# What sync makes of a source's name and the shop's own id.
PUBLIC_ID = re.compile(r"[A-Za-z0-9._~-]{1,100}")


class ProductQuerySet(models.QuerySet["Product"]):
    """Which products shoppers see, and changes of many at once."""

    def active(self) -> ProductQuerySet:
        """Products that shoppers may see."""
        return self.filter(is_active=True)

    def for_cards(self) -> ProductQuerySet:
        """With what a card shows, in a constant number of queries."""
        return self.prefetch_related("images")

    def by_public_ids(self, product_ids: Iterable[str]) -> list[Product]:
        """Active products with these public ids, in the order of the ids; any text may be given."""
        # PostgreSQL refuses a NUL or half a surrogate pair in a text, so what cannot be an id is left out.
        wanted = [key for key in product_ids if PUBLIC_ID.fullmatch(key)]
        found = {p.product_id: p for p in self.active().for_cards().filter(product_id__in=wanted)}
        return [found[key] for key in wanted if key in found]

    def by_public_id(self, public_id: str) -> Product | None:
        """The active product with this public id, for a card; any text may be given."""
        return next(iter(self.by_public_ids([public_id])), None)

    def of_style(self, source: str, style_id: str) -> ProductQuerySet:
        """The products of one style, active or not: one for each colour, or the one without colours."""
        alone = Q(external_id=style_id, item_group_id="")
        return self.filter(alone | Q(item_group_id=style_id), source=source)

    def generation(self) -> datetime | None:
        """When any product last changed: what is derived from the catalogue is valid for one generation."""
        latest: datetime | None = self.aggregate(latest=Max("updated_at"))["latest"]
        return latest

    def deactivate(self, now: datetime, *, for_good: bool = False) -> int:
        """Deactivate these products, ``for_good`` until ``activate``, else until a sync finds them again.

        Returns how many were active.
        """
        with transaction.atomic():
            generation = Product.objects.next_generation(now)
            if for_good:
                self.update(withheld=True)
            gone = {"is_active": False, "deactivated_at": now, "missing_since": None}
            return self.active().update(**gone, updated_at=generation)

    def held_back(self, source: str) -> ProductQuerySet:
        """Products that their source lacks, and that a guard keeps in the shop."""
        return self.active().filter(source=source, missing_since__isnull=False)

    def activate(self, now: datetime) -> int:
        """Activate these products; returns how many were inactive."""
        with transaction.atomic():
            generation = Product.objects.next_generation(now)
            gone = self.filter(is_active=False)
            announce_return(gone.filter(in_stock=True).values_list("pk", "price"), now=now)
            return gone.update(is_active=True, deactivated_at=None, withheld=False, updated_at=generation)

    def next_generation(self, now: datetime) -> datetime:
        """What to write as ``updated_at`` in this transaction: ``now``, or just after the latest change.

        Transactions that change products commit in the order of their generations, so no change is overlooked
        because a later one was committed first. SQLite has one writer at a time anyway.
        """
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tandem products'))")
        latest = self.generation()
        return now if latest is None or latest < now else latest + timedelta(microseconds=1)


class Product(models.Model):
    """One thing that can be bought. ``product_id`` is public: ``<source>-<external id>``."""

    product_id = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=120, blank=True)
    # The category a shopper knows ("Dresses"): the last step of category_path ("Apparel > Dresses").
    category = models.CharField(max_length=120, blank=True)
    category_path = models.CharField(max_length=400, blank=True)
    colour = models.CharField(max_length=60, blank=True)
    gender = models.CharField(max_length=30, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # The price before a reduction, where the shop states one.
    list_price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    in_stock = models.BooleanField(default=True)
    # None: the shop does not state how many.
    quantity = models.PositiveIntegerField(null=True)
    url = models.URLField(max_length=1000, blank=True)
    # Variants of one style share it (Google's item_group_id).
    item_group_id = models.CharField(max_length=100, blank=True)
    # Whatever else the shop states: size, material, pattern, season, usage, ...
    attributes = models.JSONField(default=dict, blank=True)
    # Of the article and its variants, by kind: {"sku": ["LS-1"], "gtin": [...], "mpn": [...]}.
    article_numbers = models.JSONField(default=dict, blank=True)
    # Over everything the source stated; equal hashes mean nothing to write.
    content_hash = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # When the source last confirmed price and stock.
    seen_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True)
    # Since when the source lacks it, while a guard keeps it in the shop.
    missing_since = models.DateTimeField(null=True)
    # Taken out by staff: no sync brings it back.
    withheld = models.BooleanField(default=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "products"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="products_once_per_source"),
            models.CheckConstraint(
                condition=Q(price__gte=0) | Q(price=None), name="products_price_not_negative"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="products_have_a_title"),
        ]
        indexes = [
            models.Index(fields=["is_active", "category"], name="products_category"),
            models.Index(fields=["is_active", "colour"], name="products_colour"),
            models.Index(fields=["is_active", "brand"], name="products_brand"),
            models.Index(fields=["is_active", "gender"], name="products_gender"),
            models.Index(fields=["is_active", "price"], name="products_price"),
            models.Index(fields=["is_active", "in_stock"], name="products_in_stock"),
            models.Index(fields=["is_active", "-created_at"], name="products_newest"),
            models.Index(fields=["source", "is_active"], name="products_source"),
            models.Index(fields=["item_group_id"], name="products_item_group"),
            models.Index(fields=["updated_at"], name="products_updated_at"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.product_id})"

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.product_id])

    @property
    def style_id(self) -> str:
        """The shop's own id of the style: shared by its colours, or the product's own."""
        return self.item_group_id or self.external_id

    @property
    def sizes(self) -> list[str]:
        return list(self.attributes.get("sizes", []))

    @property
    def colour_family(self) -> str:
        """The colour that shoppers filter by: "Blue" for "Midnight Navy"; "" for one that is not known."""
        return colour_families.family(self.colour)

    @property
    def cover(self) -> ProductImage | None:
        """The first picture that was fetched, from the prefetched images."""
        return next((image for image in self.images.all() if image.content_hash), None)


class ProductImage(models.Model):
    """One picture of a product; its files are derivatives made once from the shop's original."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField(default=0)
    # An http(s) address, or a path relative to the feed.
    source_url = models.CharField(max_length=1000)
    # sha256 of the original's bytes, "" until it was fetched; it names the derivatives' files.
    content_hash = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    # Why it could not be fetched or read, "" when it could.
    problem = models.CharField(max_length=300, blank=True)
    # How often in a row it failed, and when it is tried again.
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    # What its server calls the version that is kept.
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "product_images"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "position"], name="product_images_one_per_position")
        ]
        indexes = [models.Index(fields=["content_hash"], name="product_images_content_hash")]

    def __str__(self) -> str:
        return self.source_url

    def url(self, width: int) -> str:
        """Its address at least ``width`` pixels wide, or as wide as it is; "" until it was fetched."""
        if not self.content_hash:
            return ""
        widths = derivatives.page_widths(self.width)
        fitting = next((step for step in widths if step >= width), widths[-1])
        return settings.MEDIA_URL + derivatives.picture_name(self.content_hash, fitting)

    @property
    def srcset(self) -> str:
        """Every width that is kept, as the ``srcset`` attribute of an <img>; "" until fetched."""
        if not self.content_hash:
            return ""
        return ", ".join(f"{self.url(width)} {width}w" for width in derivatives.page_widths(self.width))

    @property
    def thumbnail_url(self) -> str:
        return self.url(320)

    def open(self) -> Image:
        """The embedding derivative: RGB, upright, at most 512 pixels a side. Raises FileNotFoundError."""
        return derivatives.open_kept(self.content_hash)
