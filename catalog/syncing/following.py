"""The pictures of a source, fetched after its products are written: by host, and with patience for none."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from catalog.fetching import FetchedPicture, PictureVersion
from catalog.models import PictureHost, Product, ProductImage
from catalog.pictures.decoding import InvalidImage
from catalog.pictures.derivatives import Picture, is_kept, keep_picture
from catalog.sources.base import SourceError
from catalog.sources.protocols import ProductSource, RevalidatingSource
from catalog.syncing.hosts import Hosts, LeftAlone
from catalog.syncing.picture_rows import STATE

# Rows of one transaction, and of one round of the hosts.
BATCH = 250
# A server that names versions is asked for changes this often, for so many pictures in one run at most.
REVALIDATE_AFTER, REVALIDATED_AT_ONCE = timedelta(days=7), 2000
# After so long a failure that may pass, and one that will not by itself, is tried again; then twice as long.
SOON, LATER = timedelta(hours=2), timedelta(days=1)
LONGEST = timedelta(days=30)

# Decoding holds a whole picture in memory, unlike waiting for the network.
_decoding_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


@dataclass
class PictureOutcome:
    """How many pictures were fetched, failed, and were left for a later run because their host fails;
    ``waiting`` have not been looked at yet.
    """

    kept: int = 0
    failed: int = 0
    left: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class _Known:
    """What is kept of an address: its picture, and the version that its server may be asked about."""

    picture: Picture | None = None
    version: PictureVersion = field(default_factory=PictureVersion)


@dataclass(frozen=True)
class _Fetched:
    picture: Picture
    version: PictureVersion


@dataclass(frozen=True)
class _Failed:
    problem: str
    permanent: bool


_Unchanged = None
_Answer = _Fetched | _Failed | None
_Result = _Answer | LeftAlone


def follow(
    source: ProductSource,
    rows: QuerySet[ProductImage],
    *,
    now: datetime,
    progress: Callable[[PictureOutcome, int], None] | None = None,
) -> PictureOutcome:
    """Fetch those of these pictures that are due: new, newer, lost, or failed long enough ago.

    First pictures come before second ones. ``progress`` is called after each batch with the outcome so far
    and the number of pictures that were looked at.
    """
    outcome = PictureOutcome()
    known: dict[str, _Fetched] = {}
    due = list(_due(source, rows, now))
    host_of = source.image_host if isinstance(source, RevalidatingSource) else None
    with Hosts(now=now, host_of=host_of) as hosts:
        for start in range(0, len(due), BATCH):
            keys = due[start : start + BATCH]
            batch = list(ProductImage.objects.filter(pk__in=keys).order_by("position", "source_url"))
            results = _fetch_all(source, batch, hosts, known)
            _write(batch, results, outcome, now)
            outcome.waiting = len(due[start + BATCH :])
            if progress:
                progress(outcome, len(batch))
    return outcome


def forget_failures(source: str) -> None:
    """Let the next sync try every picture of the source that failed, and every host."""
    failed = ProductImage.objects.filter(product__source=source).exclude(problem="")
    failed.update(failures=0, retry_at=None)
    PictureHost.objects.all().delete()


def _due(source: ProductSource, rows: QuerySet[ProductImage], now: datetime) -> Iterator[int]:
    fields = ("pk", "source_url", "content_hash", "fetched_at", "problem", "retry_at", "etag", "modified")
    revalidated = 0
    for row in rows.only(*fields).order_by("position", "source_url").iterator(chunk_size=2000):
        if _is_due(source, row, now):
            yield row.pk
        elif _is_old(source, row, now) and revalidated < REVALIDATED_AT_ONCE:
            revalidated += 1
            yield row.pk


def _is_due(source: ProductSource, row: ProductImage, now: datetime) -> bool:
    if row.retry_at is not None and row.retry_at > now:
        # Unless somebody put another file there.
        return row.fetched_at is not None and source.image_is_newer(row.source_url, row.fetched_at)
    if row.fetched_at is None or source.image_is_newer(row.source_url, row.fetched_at):
        return True
    return bool(row.problem) or not row.content_hash or not is_kept(row.content_hash)


def _is_old(source: ProductSource, row: ProductImage, now: datetime) -> bool:
    names_versions = bool(row.etag or row.modified) and isinstance(source, RevalidatingSource)
    return names_versions and row.fetched_at is not None and row.fetched_at < now - REVALIDATE_AFTER


def _fetch_all(
    source: ProductSource, batch: Sequence[ProductImage], hosts: Hosts, known: dict[str, _Fetched]
) -> dict[str, _Result]:
    """By address; products often share a picture, and each address is fetched once in a run."""
    results: dict[str, _Result] = {}
    wanted: dict[str, _Known] = {}
    for row in batch:
        if row.source_url in known:
            results[row.source_url] = known[row.source_url]
        else:
            its, first = _known(row), wanted.get(row.source_url)
            # A server that calls the picture of one row unchanged would leave another without any.
            wanted[row.source_url] = its if first is None or its.picture is None else first
    fetched: Mapping[str, _Result] = hosts.map(
        wanted, lambda address, seconds: _fetch(source, address, wanted[address], seconds)
    )
    known.update({address: result for address, result in fetched.items() if isinstance(result, _Fetched)})
    return {**results, **fetched}


def _known(row: ProductImage) -> _Known:
    if not row.content_hash:
        return _Known()
    picture = Picture(row.content_hash, row.width or 0, row.height or 0)
    is_current = row.fetched_at is not None and not row.problem and is_kept(row.content_hash)
    return _Known(picture, PictureVersion(row.etag, row.modified) if is_current else PictureVersion())


def _fetch(source: ProductSource, address: str, known: _Known, seconds: float) -> _Answer:
    """The picture, None where its server says it is unchanged, or why there is none. Runs in a thread.

    Raises OSError where the disk refuses.
    """
    try:
        if isinstance(source, RevalidatingSource):
            found = source.image_unless(address, known.version, seconds=seconds)
        else:
            found = FetchedPicture(source.image(address), PictureVersion())
        if found is None:
            return _Unchanged
        with _decoding_slots:
            return _Fetched(keep_picture(found.data, known=known.picture), found.version)
    except SourceError as error:
        return _Failed(str(error)[:300], error.permanent)
    except InvalidImage as error:
        return _Failed(str(error)[:300], permanent=True)


def _write(
    batch: Sequence[ProductImage], results: dict[str, _Result], outcome: PictureOutcome, now: datetime
) -> None:
    changed: set[int] = set()
    counted: set[str] = set()
    written = []
    for row in batch:
        result = results.get(row.source_url, _Unchanged)
        before, said = row.content_hash, row.problem
        _apply(row, result, now)
        if row.content_hash != before:
            changed.add(row.pk)
        if not isinstance(result, LeftAlone) or row.problem != said:
            written.append(row)
        if row.source_url not in counted:
            counted.add(row.source_url)
            outcome.kept += isinstance(result, _Fetched)
            outcome.failed += isinstance(result, _Failed)
            outcome.left += isinstance(result, LeftAlone)
    if not written:
        return
    with transaction.atomic():
        # Before any picture is locked, as in upsert(): else each would wait for what the other holds.
        generation = Product.objects.next_generation(now)
        # Another run may have given a row another address while this one was fetched.
        stored = ProductImage.objects.select_for_update().filter(pk__in=[row.pk for row in written])
        addresses = dict(stored.order_by("pk").values_list("pk", "source_url"))
        current = [row for row in written if addresses.get(row.pk) == row.source_url]
        ProductImage.objects.bulk_update(current, STATE)
        if products := {row.product_id for row in current if row.pk in changed}:
            Product.objects.filter(pk__in=products).update(updated_at=generation)


def _apply(row: ProductImage, result: _Result, now: datetime) -> None:
    if isinstance(result, LeftAlone):
        row.problem = row.problem or result.reason
        return
    if isinstance(result, _Failed):
        # Until an address answers, the picture before is shown; this one never will by itself.
        if row.fetched_at is None and result.permanent:
            row.content_hash, row.width, row.height = "", 0, 0
        row.problem = result.problem
        row.failures = min(row.failures + 1, 100)
        row.retry_at = now + _pause(row.failures, permanent=result.permanent)
        if row.fetched_at is None and row.content_hash:
            return  # still the picture before
    else:
        row.problem, row.failures, row.retry_at = "", 0, None
    if isinstance(result, _Fetched):
        picture = result.picture
        row.content_hash, row.width, row.height = picture.content_hash, picture.width, picture.height
        row.etag, row.modified = result.version.etag, result.version.modified
    row.fetched_at = now


def _pause(failures: int, *, permanent: bool) -> timedelta:
    doubled: int = 2 ** min(failures - 1, 10)
    return min((LATER if permanent else SOON) * doubled, LONGEST)
