"""Build a new base aside, while deltas go on being published, and put it into service with what is newer."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.locking import AlreadyRunning
from catalog.models import Product
from search.encoding.embedding import embed_products
from search.encoding.encoder import Encoder
from search.index.plan import plan_index
from search.index.product_index import ProductIndex, with_manifest
from search.index.segments.base import build_base
from search.index.segments.opening import base_name, segments_of
from search.index.segments.update import update
from search.index.store import IndexStore
from search.index.version import verified, write_version

# How long a finished base waits for a delta that is being published, and how often it looks.
WRITER_WAIT_S, WRITER_POLL_S = 300.0, 0.1


@dataclass(frozen=True)
class MergeReport:
    """What a merge did; `version` is None where it was stopped, overtaken, or kept from it by a `problem`."""

    deltas: int
    version: str | None
    seconds: float
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return (
                f"The index in service is damaged and was not merged: {self.problem.rstrip('.')}. "
                "The next reindex builds it anew."
            )
        if self.version is None:
            return f"The merge was given up; the index in service is unchanged ({self.seconds:.1f} s)."
        return f"Merged {self.deltas} deltas into the base of index {self.version} ({self.seconds:.1f} s)."


def merge(
    encoder: Encoder, store: IndexStore, now: datetime, should_stop: Callable[[], bool] = lambda: False
) -> MergeReport:
    """Replace base and deltas by a new base and what changed while it was built.

    Nothing is published once `should_stop` returns true, and a killed merge leaves only a folder that the
    next one deletes. Raises AlreadyRunning, DamagedVersion, EncoderError, InvalidVectors or OSError.
    """
    started = time.monotonic()
    with store.merging(now) as folder:
        before = store.published()
        name = _built(encoder, store, folder, now, should_stop)
        version = None
        if name is not None:
            with _as_writer(store, now):
                version = _put_into_service(encoder, store, folder, name, base_name(before), now)
    return MergeReport(len(segments_of(before)) - 1, version, time.monotonic() - started)


def _built(
    encoder: Encoder, store: IndexStore, folder: Path, now: datetime, should_stop: Callable[[], bool]
) -> str | None:
    """The name of the base that lies in `folder` now, whole; None where it was stopped."""
    generation = Product.objects.generation()
    plan = plan_index(encoder.fingerprint, everything=False)
    if should_stop() or embed_products(encoder, plan.stale, now, None, should_stop).stopped:
        return None
    index, extra = build_base(encoder, plan, generation, now, store.root)
    if should_stop():
        return None
    name = store.next_name(now)
    write_version(with_manifest(index, version=name), folder, extra, now)
    verified(folder)
    return None if should_stop() else name


def _put_into_service(
    encoder: Encoder, store: IndexStore, folder: Path, name: str, replaced: str, now: datetime
) -> str | None:
    """Publish the base with what is newer; None where another base was published meanwhile."""
    if base_name(store.published()) != replaced:
        return None
    store.place(folder, name)
    placed = store.root / "versions" / name
    base: ProductIndex = verified(placed, trusting=True)
    done = update(encoder, store, base, Product.objects.generation(), now)
    if done is None:
        # So much changed that a base is to be built anyway.
        shutil.rmtree(placed)
        return None
    if done.version is not None:
        # Its files are linked in the version that is in service.
        shutil.rmtree(placed)
        return done.version
    store.point(name)
    store.prune()
    store.expire()
    return name


@contextmanager
def _as_writer(store: IndexStore, now: datetime) -> Iterator[None]:
    """Wait for the writer's lock: publishing a delta takes a second. Raises AlreadyRunning in the end."""
    give_up_at = time.monotonic() + WRITER_WAIT_S
    with ExitStack() as lock:
        while True:
            try:
                lock.enter_context(store.writing(now))
                break
            except AlreadyRunning:
                if time.monotonic() >= give_up_at:
                    raise
                time.sleep(WRITER_POLL_S)
        yield
