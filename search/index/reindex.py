"""``reindex``: embed the products that changed, then build, verify and publish a version of the index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import pluralize

from catalog.models import Product
from search.encoding.embedding import Embed, Progress, ShouldStop, embed_products
from search.encoding.encoder import Encoder
from search.index.plan import IndexPlan, plan_index
from search.index.segments.base import build_base
from search.index.segments.update import Update, updatable, update
from search.index.store import IndexMissing, IndexStore
from search.models import ProductEmbedding


class NothingToIndex(Exception):
    """There is neither a product nor an index yet; the message names the command to run first."""


@dataclass(frozen=True)
class ReindexReport:
    """What one run did. `version` is None where nothing was published."""

    products: int
    embedded: int
    without_picture: int
    unreadable: int
    version: str | None
    stopped: bool
    seconds: float
    by_workers: int = 0

    def __str__(self) -> str:
        done = f"{self.embedded} of {self.products} product{pluralize(self.products)} embedded"
        if self.by_workers:
            done += f" ({self.by_workers} by workers)"
        if self.unreadable:
            done += f", {self.unreadable} with an unreadable picture (run `manage.py sync`)"
        if self.stopped:
            return f"Stopped: {done} and kept; the index in service is unchanged ({self.seconds:.1f} s)."
        if self.version is None:
            return f"Nothing changed: {done}; the index in service is up to date ({self.seconds:.1f} s)."
        return f"Published index {self.version}: {done} ({self.seconds:.1f} s)."


def reindex(
    *,
    encoder: Encoder,
    store: IndexStore,
    now: datetime,
    full: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    embed: Embed = embed_products,
) -> ReindexReport:
    """Bring the index up to date with the catalogue.

    Only active products whose text, cover or encoder changed are embedded (`full`: all); what is done is
    kept when `should_stop` returns true or the process dies. An unchanged catalogue publishes nothing
    unless `force`. `progress` is called with (done, total). `embed` embeds what changed, here or elsewhere.
    Raises AlreadyRunning, NothingToIndex, InvalidVectors, EncoderError, OSError.
    """
    started = time.monotonic()
    options: dict[str, Any] = {"progress": progress, "should_stop": should_stop, "embed": embed}
    with store.writing(now):
        # Read first: what changes meanwhile is newer, and found by the next run.
        generation = Product.objects.generation()
        done = None
        if not (full or force) and (current := updatable(store, encoder)) is not None:
            done = update(encoder, store, current, generation, now, **options)
        if done is None:
            done = _whole(encoder, store, generation, now, full=full, force=force, **options)
    return ReindexReport(
        products=done.products,
        embedded=done.result.embedded,
        without_picture=done.without_picture,
        unreadable=done.result.unreadable,
        version=done.version,
        stopped=done.result.stopped,
        seconds=time.monotonic() - started,
        by_workers=done.result.by_workers,
    )


def _whole(
    encoder: Encoder,
    store: IndexStore,
    generation: datetime | None,
    now: datetime,
    *,
    full: bool,
    force: bool,
    progress: Progress | None,
    should_stop: ShouldStop | None,
    embed: Embed,
) -> Update:
    """Look at every product, and publish a base where anything changed or it is forced."""
    plan = plan_index(encoder.fingerprint, everything=full)
    if not plan.keys and not store.versions():
        raise NothingToIndex("The catalogue has no products yet. Run `manage.py sync` first.")
    result = embed(encoder, plan.stale, now, progress, should_stop)
    embeddings = ProductEmbedding.objects.filter(fingerprint=encoder.fingerprint, product__is_active=True)
    # Before the publication: a database that fails behind it would make a failure of what is in service.
    without_picture = embeddings.filter(image_vector=None).count()
    version = None
    if not result.stopped and (full or force or _is_outdated(store, plan)):
        index, extra = build_base(encoder, plan, generation, now, store.root)
        version = store.publish(index, extra=extra, now=now)
    return Update(len(plan.keys), result, without_picture, version)


def _is_outdated(store: IndexStore, plan: IndexPlan) -> bool:
    store.expire()
    try:
        current = store.current()
    except IndexMissing:
        return True
    return store.problem is not None or current.manifest.details.get("digest") != plan.digest
