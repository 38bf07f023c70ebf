"""One batch of products from a shop into the database, pictures included, writing only what changed."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DataError, IntegrityError, transaction

from catalog.models import Product, ProductImage
from catalog.pictures.decoding import InvalidImage
from catalog.pictures.derivatives import Picture, is_kept, keep_picture
from catalog.sources.base import ProductSource, Rejected, SourceError, SourceProduct

# Decoding holds a whole picture in memory, unlike waiting for the network.
_decoding = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))

_SAID = (
    *(
        "title",
        "description",
        "brand",
        "category",
        "category_path",
        "colour",
        "gender",
        "price",
        "list_price",
    ),
    *("currency", "in_stock", "quantity", "url", "item_group_id", "attributes"),
)
_PUBLIC_ID = 100


@dataclass
class Outcome:
    """What a batch came to; ``kept`` and ``failed`` count pictures."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    failed: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass
class Change:
    """A product that may have to be written: what the shop says, what is known, its picture rows."""

    said: SourceProduct
    content_hash: str
    known: Product | None
    pictures: list[ProductImage] = field(default_factory=list)
    surplus: list[ProductImage] = field(default_factory=list)
    pictures_changed: bool = False

    @property
    def is_due(self) -> bool:
        """Whether anything differs from the database."""
        known = self.known
        if known is None or self.pictures_changed or self.surplus:
            return True
        return known.is_active == known.withheld or known.content_hash != self.content_hash


def public_id(source: str, external_id: str) -> str:
    """``<source>-<external id>``, at most 100 characters and safe in a path of an address.

    Where the id has to be bent for that, eight digits of its hash keep it apart from similar ones.
    """
    safe = re.sub(r"[^A-Za-z0-9._~-]", "_", external_id)
    whole = f"{source}-{safe}"
    if safe == external_id and len(whole) <= _PUBLIC_ID:
        return whole
    return f"{whole[: _PUBLIC_ID - 9]}-{hashlib.sha256(external_id.encode()).hexdigest()[:8]}"


def preview(source: str, batch: Sequence[SourceProduct]) -> Outcome:
    """What upsert() would count, without pictures, writing nothing."""
    known = _known(source, batch)
    outcome = Outcome()
    for said in batch:
        change = Change(said, said.content_hash(), known.get(said.external_id))
        _count(outcome, change)
    return outcome


def upsert(
    source: ProductSource, batch: Sequence[SourceProduct], *, pool: Executor, now: datetime
) -> Outcome:
    """Write the batch (of distinct ids, a few hundred). Raises nothing for what the shop did wrong."""
    known = _known(source.name, batch)
    changes = [Change(said, said.content_hash(), known.get(said.external_id)) for said in batch]
    outcome = Outcome()
    _gather_pictures(source, changes, pool, outcome, now)
    due = [change for change in changes if change.is_due]
    _write(source.name, due, outcome, now)
    confirmed = [change.known.pk for change in changes if change.known and not change.is_due]
    # Not updated_at: what is derived from the catalogue stays valid.
    Product.objects.filter(pk__in=confirmed).update(seen_at=now)
    outcome.unchanged += len(confirmed)
    return outcome


def _known(source: str, batch: Sequence[SourceProduct]) -> dict[str, Product]:
    products = Product.objects.filter(source=source, external_id__in=[said.external_id for said in batch])
    wanted = products.only(
        "external_id", "content_hash", "is_active", "withheld", "created_at", "deactivated_at"
    )
    return {product.external_id: product for product in wanted.prefetch_related("images")}


def _count(outcome: Outcome, change: Change) -> None:
    if change.known is None:
        outcome.created += 1
    elif change.is_due:
        outcome.updated += 1
    else:
        outcome.unchanged += 1


# --- Pictures ----------------------------------------------------------------------------------


def _gather_pictures(
    source: ProductSource, changes: Sequence[Change], pool: Executor, outcome: Outcome, now: datetime
) -> None:
    """Fill in each change's picture rows, fetching only what is new, newer, lost or failed before."""
    futures: dict[str, Future[Picture | str]] = {}
    for change in changes:
        rows = list(change.known.images.all()) if change.known else []
        for address in change.said.images:
            old = next((row for row in rows if row.source_url == address), None)
            if not (old and _is_settled(source, old)) and address not in futures:
                futures[address] = pool.submit(_fetch, source, address)
    results = {address: future.result() for address, future in futures.items()}
    outcome.kept += sum(isinstance(result, Picture) for result in results.values())
    outcome.failed += sum(isinstance(result, str) for result in results.values())
    for change in changes:
        _arrange(change, results, now)


def _is_settled(source: ProductSource, row: ProductImage) -> bool:
    if row.problem or not row.content_hash or row.fetched_at is None:
        return False
    return not source.image_is_newer(row.source_url, row.fetched_at) and is_kept(row.content_hash)


def _fetch(source: ProductSource, address: str) -> Picture | str:
    """The picture, or why there is none."""
    try:
        data = source.image(address)
        with _decoding:
            return keep_picture(data)
    except (SourceError, InvalidImage) as error:
        return str(error)[:300]


def _arrange(change: Change, results: dict[str, Picture | str], now: datetime) -> None:
    rows = list(change.known.images.all()) if change.known else []
    for position, address in enumerate(change.said.images):
        old = next((row for row in rows if row.source_url == address), None)
        new = _picture_row(position, address, old, results.get(address), now)
        before = next((row for row in rows if row.position == position), None)
        if before is None or _state(before) != _state(new):
            change.pictures_changed = True
        change.pictures.append(new)
    change.surplus = [row for row in rows if row.position >= len(change.said.images)]


def _state(row: ProductImage) -> tuple[object, ...]:
    return row.source_url, row.content_hash, row.problem, row.width, row.height


def _picture_row(
    position: int, address: str, old: ProductImage | None, result: Picture | str | None, now: datetime
) -> ProductImage:
    row = ProductImage(position=position, source_url=address)
    # A picture that was kept stays until a better one is: a shop's bad hour takes none away.
    if old is not None:
        for name in ("content_hash", "width", "height", "fetched_at", "problem"):
            setattr(row, name, getattr(old, name))
    if isinstance(result, Picture):
        row.content_hash, row.width, row.height = result.content_hash, result.width, result.height
        row.problem = ""
    elif result is not None:
        row.problem = result
    if result is not None:
        row.fetched_at = now
    return row


# --- Writing -----------------------------------------------------------------------------------


def _write(source: str, due: Sequence[Change], outcome: Outcome, now: datetime) -> None:
    if not due:
        return
    try:
        with transaction.atomic():
            _write_products(source, due, now)
    except (DataError, IntegrityError) as error:
        # Something that the limits in SourceProduct do not know: find the one row, keep the others.
        if len(due) == 1:
            said = due[0].said
            reason = " ".join(str(error).split())[:200]
            outcome.rejected.append(
                Rejected(said.line, said.external_id, f"the database refused it: {reason}")
            )
            return
        middle = len(due) // 2
        _write(source, due[:middle], outcome, now)
        _write(source, due[middle:], outcome, now)
    else:
        for change in due:
            _count(outcome, change)


def _write_products(source: str, due: Iterable[Change], now: datetime) -> None:
    changes = list(due)
    generation = Product.objects.next_generation(now)
    written = Product.objects.bulk_create(
        [_product(source, change, now, generation) for change in changes],
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[*_SAID, "content_hash", "is_active", "updated_at", "seen_at", "deactivated_at"],
    )
    pictures = []
    for change, product in zip(changes, written, strict=True):
        for row in change.pictures:
            row.product = product
            pictures.append(row)
    ProductImage.objects.bulk_create(
        pictures,
        update_conflicts=True,
        unique_fields=["product", "position"],
        update_fields=["source_url", "content_hash", "width", "height", "fetched_at", "problem"],
    )
    surplus = [row.pk for change in changes for row in change.surplus]
    ProductImage.objects.filter(pk__in=surplus).delete()


def _product(source: str, change: Change, now: datetime, generation: datetime) -> Product:
    said, known = change.said, change.known
    withheld = known is not None and known.withheld
    return Product(
        **{name: getattr(said, name) for name in _SAID},
        source=source,
        external_id=said.external_id,
        product_id=public_id(source, said.external_id),
        content_hash=change.content_hash,
        is_active=not withheld,
        withheld=withheld,
        deactivated_at=known.deactivated_at if known and withheld else None,
        created_at=known.created_at if known else now,
        updated_at=generation,
        seen_at=now,
    )
