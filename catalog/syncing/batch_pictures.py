"""The pictures of a batch: fetched where they are new, newer, lost or failed before."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from datetime import datetime

from catalog.models import ProductImage
from catalog.pictures.decoding import InvalidImage
from catalog.pictures.derivatives import Picture, is_kept, keep_picture
from catalog.sources.base import SourceError
from catalog.sources.protocols import ProductSource
from catalog.syncing.changes import Change, Outcome

# Decoding holds a whole picture in memory, unlike waiting for the network.
_decoding_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def collect_pictures(
    source: ProductSource, changes: Sequence[Change], outcome: Outcome, *, pool: Executor, now: datetime
) -> None:
    """Fill in each change's picture rows and count in ``outcome`` the pictures that were fetched."""
    futures: dict[str, Future[Picture | str]] = {}
    unchanged: list[int] = []
    for change in changes:
        rows = _stored_rows(change)
        for address in change.stated.images:
            old = next((row for row in rows if row.source_url == address), None)
            # Products of a batch often share a picture: each address is fetched once.
            if not (old and _is_current(source, old)) and address not in futures:
                futures[address] = pool.submit(_fetch, source, address, _picture_of(old) if old else None)
    results = {address: future.result() for address, future in futures.items()}
    outcome.kept += sum(isinstance(result, Picture) for result in results.values())
    outcome.failed += sum(isinstance(result, str) for result in results.values())
    for change in changes:
        unchanged += _set_rows(change, results, now)
    # Their products need not be written, and the same pictures not be read again by every sync.
    ProductImage.objects.filter(pk__in=unchanged).update(fetched_at=now)


def _stored_rows(change: Change) -> list[ProductImage]:
    return list(change.stored.images.all()) if change.stored else []


def _is_current(source: ProductSource, row: ProductImage) -> bool:
    if row.problem or not row.content_hash or row.fetched_at is None:
        return False
    return not source.image_is_newer(row.source_url, row.fetched_at) and is_kept(row.content_hash)


def _picture_of(row: ProductImage) -> Picture:
    return Picture(row.content_hash, row.width or 0, row.height or 0)


def _fetch(source: ProductSource, address: str, known: Picture | None) -> Picture | str:
    """The picture, or why there is none. Raises OSError where the disk refuses."""
    try:
        data = source.image(address)
        with _decoding_slots:
            return keep_picture(data, known=known)
    except (SourceError, InvalidImage) as error:
        return str(error)[:300]


def _set_rows(change: Change, results: dict[str, Picture | str], now: datetime) -> list[int]:
    """Fill in the change's picture rows; returns the keys of those that were fetched and are the same."""
    rows = _stored_rows(change)
    unchanged = []
    for position, address in enumerate(change.stated.images):
        old = next((row for row in rows if row.source_url == address), None)
        new = _picture_row(position, address, old, results.get(address), now)
        before = next((row for row in rows if row.position == position), None)
        if before is None or _state(before) != _state(new):
            change.pictures_changed = True
        elif address in results:
            unchanged.append(before.pk)
        change.pictures.append(new)
    change.surplus = [row for row in rows if row.position >= len(change.stated.images)]
    return unchanged


def _state(row: ProductImage) -> tuple[object, ...]:
    return row.source_url, row.content_hash, row.problem, row.width, row.height


def _picture_row(
    position: int, address: str, old: ProductImage | None, result: Picture | str | None, now: datetime
) -> ProductImage:
    row = ProductImage(position=position, source_url=address)
    # A kept picture stays until a better one is kept: a shop that fails for an hour loses none.
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
