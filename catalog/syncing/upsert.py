"""One batch of products from a shop into the database, writing only what changed; pictures follow later."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import DataError, IntegrityError, transaction

from catalog.models import Product, ProductImage
from catalog.sources.base import Rejected, SourceProduct
from catalog.syncing.changes import Change, Outcome
from catalog.syncing.listeners import OfferChange, announce
from catalog.syncing.picture_rows import STATE, set_rows

# Columns that hold what the shop states, by the same names as in SourceProduct.
_STATED_FIELDS = [
    "title",
    "description",
    "brand",
    "category",
    "category_path",
    "colour",
    "gender",
    "price",
    "list_price",
    "currency",
    "in_stock",
    "quantity",
    "url",
    "item_group_id",
    "attributes",
    "article_numbers",
]
# Columns that staff and offers write too, without the lock of a sync.
_WRITTEN_BY_OTHERS = ("is_active", "withheld", "deactivated_at", "seen_at", "price", "currency", "in_stock")
# Columns that say whether a product is due though the shop states nothing new.
_ACTIVITY = ("is_active", "withheld", "missing_since")
# The length of Product.product_id.
_MAX_PUBLIC_ID = 100


def public_id(source: str, external_id: str) -> str:
    """``<source>-<external id>``, at most 100 characters and safe in a URL's path.

    Where the id has to be altered for that, eight digits of its hash keep it apart from similar ones.
    """
    safe = re.sub(r"[^A-Za-z0-9._~-]", "_", external_id)
    whole = f"{source}-{safe}"
    if safe == external_id and len(whole) <= _MAX_PUBLIC_ID:
        return whole
    return f"{whole[: _MAX_PUBLIC_ID - 9]}-{hashlib.sha256(external_id.encode()).hexdigest()[:8]}"


def preview(source: str, batch: Sequence[SourceProduct]) -> Outcome:
    """What upsert() would count, without pictures, writing nothing."""
    outcome = Outcome()
    for change in _changes(source, batch):
        outcome.count(change)
    return outcome


def upsert(
    source: str, batch: Sequence[SourceProduct], *, now: datetime, touched_before: datetime | None = None
) -> Outcome:
    """Write the batch (of distinct ids, a few hundred) of the source of this name, with rows for its
    pictures, which catalog.syncing.following fetches. Raises nothing for what the shop does wrong.

    A crawl's rows may be old by the time they are written: with ``touched_before``, the latest that a product
    of the source was seen or taken out before the crawl, those that others touched since stay as they are.
    """
    changes = _changes(source, batch)
    outcome = Outcome()
    for change in changes:
        change.touched_before = touched_before
        set_rows(change, list(change.stored.images.all()) if change.stored else [])
    # The crawl confirms nothing of what others have written since it began.
    _confirm([change for change in changes if not (change.is_due or change.is_overtaken)], now)
    due = [change for change in changes if change.is_due]
    confirmed = [change for change in changes if not change.is_due]
    _write(source, due, outcome, now)
    for change in confirmed:
        outcome.count(change)
    return outcome


def _changes(source: str, batch: Sequence[SourceProduct]) -> list[Change]:
    products = Product.objects.filter(source=source, external_id__in=[stated.external_id for stated in batch])
    # Descriptions are long, and content_hash stands for them.
    compared = products.only(
        "external_id",
        "content_hash",
        "is_active",
        "withheld",
        "created_at",
        "deactivated_at",
        "currency",
        "missing_since",
        "seen_at",
        # What listeners compare.
        "price",
        "in_stock",
    )
    stored = {product.external_id: product for product in compared.prefetch_related("images")}
    return [Change(stated, stated.content_hash(), stored.get(stated.external_id)) for stated in batch]


def _confirm(unchanged: Sequence[Change], now: datetime) -> None:
    """Note that the shop still states these products; those that were deactivated meanwhile become due."""
    stored = {change.stored.pk: change.stored for change in unchanged if change.stored}
    if not stored:
        return
    with transaction.atomic():
        # Others lock the same rows in another order, and one at a time has the products.
        Product.objects.next_generation(now)
        rows = Product.objects.filter(pk__in=stored)
        for key, *state in rows.values_list("pk", *_ACTIVITY):
            for name, value in zip(_ACTIVITY, state, strict=True):
                setattr(stored[key], name, value)
        # Not updated_at: what is derived from the catalogue stays valid.
        rows.update(seen_at=now)


def _write(source: str, due: Sequence[Change], outcome: Outcome, now: datetime) -> None:
    if not due:
        return
    try:
        with transaction.atomic():
            _write_products(source, due, now)
    except (DataError, IntegrityError) as error:
        # A limit that SourceProduct does not check: find the one row by halving, keep the others.
        if len(due) == 1:
            stated = due[0].stated
            reason = " ".join(str(error).split())[:200]
            outcome.rejected.append(
                Rejected(stated.line, stated.external_id, f"the database refused it: {reason}")
            )
            return
        middle = len(due) // 2
        _write(source, due[:middle], outcome, now)
        _write(source, due[middle:], outcome, now)
    else:
        for change in due:
            outcome.count(change)


def _write_products(source: str, due: Sequence[Change], now: datetime) -> None:
    generation = Product.objects.next_generation(now)
    _read_again(source, due)
    due = [change for change in due if not change.is_overtaken]
    written = Product.objects.bulk_create(
        [_product(source, change, now, generation) for change in due],
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[
            *_STATED_FIELDS,
            "content_hash",
            "is_active",
            "updated_at",
            "seen_at",
            "deactivated_at",
            "missing_since",
        ],
    )
    pictures = []
    stored = _pictures(written)
    for change, product in zip(due, written, strict=True):
        # They may have been fetched, or stated anew, while this waited for other writers.
        set_rows(change, stored[product.pk])
        for row in change.pictures:
            row.product = product
            pictures.append(row)
    ProductImage.objects.bulk_create(
        pictures,
        update_conflicts=True,
        unique_fields=["product", "position"],
        update_fields=["source_url", *STATE],
    )
    surplus = [row.pk for change in due for row in change.surplus]
    ProductImage.objects.filter(pk__in=surplus).delete()
    announce(
        [
            _offer_change(change.stored, product)
            for change, product in zip(due, written, strict=True)
            if change.stored
        ],
        now=now,
    )


def _read_again(source: str, due: Sequence[Change]) -> None:
    """Now that other writers wait: what others changed or created since the batch was compared."""
    unknown = {change.stated.external_id: change for change in due if change.stored is None}
    for created in Product.objects.filter(source=source, external_id__in=unknown):
        unknown[created.external_id].stored = created
    stored = {change.stored.pk: change.stored for change in due if change.stored}
    for row in Product.objects.filter(pk__in=stored).values("pk", *_WRITTEN_BY_OTHERS):
        for name in _WRITTEN_BY_OTHERS:
            setattr(stored[row["pk"]], name, row[name])


def _pictures(products: Sequence[Product]) -> dict[int, list[ProductImage]]:
    """The stored picture rows by product."""
    found = defaultdict(list)
    for row in ProductImage.objects.filter(product__in=products).order_by("position"):
        found[row.product_id].append(row)
    return found


def _offer_change(stored: Product, written: Product) -> OfferChange:
    return OfferChange(
        key=stored.pk,
        could_be_bought=stored.is_active and stored.in_stock,
        can_be_bought=written.is_active and written.in_stock,
        price_before=stored.price,
        price=written.price,
        is_same_currency=stored.price is None or stored.currency == written.currency,
    )


def _product(source: str, change: Change, now: datetime, generation: datetime) -> Product:
    stated, stored = change.stated, change.stored
    withheld = stored is not None and stored.withheld
    return Product(
        **{name: getattr(stated, name) for name in _STATED_FIELDS},
        source=source,
        external_id=stated.external_id,
        product_id=public_id(source, stated.external_id),
        content_hash=change.content_hash,
        is_active=not withheld,
        withheld=withheld,
        deactivated_at=stored.deactivated_at if stored and withheld else None,
        # Not ``now``, which may be long ago: saved searches look for what is newer than the newest they saw.
        created_at=stored.created_at if stored else generation,
        updated_at=generation,
        seen_at=now,
    )
