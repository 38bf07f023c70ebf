"""The shop's own products and their pictures, as the last sync left them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.attributes import sizes as stated_sizes
from catalog.locking import take_turn
from catalog.pictures.hosts import PictureHost
from catalog.pictures.product_image import ProductImage
from catalog.sources import colour_families
from catalog.sources.saved_options import SavedOptions
from catalog.syncing.listeners import announce_return
from catalog.syncing.runs import RunState, SyncRun
from catalog.writing.ledger import BulkCall
from rest.prices import PriceColumn

__all__ = [
    "PUBLIC_ID",
    "BulkCall",
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

    def with_public_ids(self, product_ids: Iterable[str]) -> ProductQuerySet:
        """Active products with these public ids; any text may be given."""
        # PostgreSQL refuses a NUL or half a surrogate pair in a text, so what cannot be an id is left out.
        return self.active().filter(product_id__in=list(filter(PUBLIC_ID.fullmatch, product_ids)))

    def by_public_ids(self, product_ids: Iterable[str]) -> list[Product]:
        """Active products with these public ids, in the order of the ids; any text may be given."""
        wanted = list(product_ids)
        found = {product.product_id: product for product in self.with_public_ids(wanted).for_cards()}
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
        take_turn("products")
        latest = self.generation()
        return now if latest is None or latest < now else latest + timedelta(microseconds=1)


class Product(models.Model):
    """One thing that can be bought. ``product_id`` is public: ``<source>-<external id>``."""

    product_id = models.CharField(_("product id"), max_length=100, unique=True)
    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("id in the shop"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    # The category a shopper knows ("Dresses"): the last step of category_path ("Apparel > Dresses").
    category = models.CharField(_("category"), max_length=120, blank=True)
    category_path = models.CharField(_("category path"), max_length=400, blank=True)
    colour = models.CharField(_("colour"), max_length=60, blank=True)
    gender = models.CharField(_("gender"), max_length=30, blank=True)
    price = PriceColumn(_("price"), null=True)
    # The price before a reduction, where the shop states one.
    list_price = PriceColumn(_("price before"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    in_stock = models.BooleanField(_("in stock"), default=True)
    # None: the shop does not state how many.
    quantity = models.PositiveIntegerField(_("quantity"), null=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    # Variants of one style share it (Google's item_group_id).
    item_group_id = models.CharField(_("style"), max_length=100, blank=True)
    # Whatever else the shop states: size, material, pattern, season, usage, ...
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    # Of the article and its variants, by kind: {"sku": ["LS-1"], "gtin": [...], "mpn": [...]}.
    article_numbers = models.JSONField(_("article numbers"), default=dict, blank=True)
    # Over everything the source stated; equal hashes mean nothing to write.
    content_hash = models.CharField(_("digest"), max_length=64)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))
    # When the source last confirmed price and stock.
    seen_at = models.DateTimeField(_("last confirmed"))
    deactivated_at = models.DateTimeField(_("deactivated"), null=True)
    # Since when the source lacks it, while a guard keeps it in the shop.
    missing_since = models.DateTimeField(_("missing since"), null=True)
    # Taken out by staff: no sync brings it back.
    withheld = models.BooleanField(_("taken out by staff"), default=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "products"
        verbose_name = _("product")
        verbose_name_plural = _("products")
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
        """Those that can be bought; once none can, all that there are."""
        stated = stated_sizes(self.attributes, in_stock=self.in_stock)
        return [size for size, can_be_bought in stated if can_be_bought] or [size for size, _ in stated]

    @property
    def colour_family(self) -> str:
        """The colour that shoppers filter by: "Blue" for "Midnight Navy"; "" for one that is not known."""
        return colour_families.family(self.colour)

    @property
    def cover(self) -> ProductImage | None:
        """The first picture that was fetched, from the prefetched images."""
        return next((image for image in self.images.all() if image.content_hash), None)
