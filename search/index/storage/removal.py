"""Delete what other models than the configured one left: their indexes, and their vectors of record."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat, pluralize

from catalog.locking import AlreadyRunning, only_one, only_one_file
from search.index.engines.choice import ENGINES
from search.index.engines.milvus import claims
from search.index.places import MODELS, IndexPlace
from search.index.storage.opening import bucket_objects, others
from search.index.storage.others import keys_by_model
from search.index.store import IndexStore
from search.index.version_folder import SERVED
from search.models import ProductEmbedding


def remove_others(store: IndexStore, now: datetime) -> Iterator[str]:
    """Delete what is not of the model of ``store``, place by place, each with a sentence. What a process
    serves or builds stays. Raises IndexMissing, before anything is deleted, or OSError.
    """
    own = store.current().manifest.fingerprint
    kept = {own}
    for place in others(store):
        try:
            with _unused(place, now):
                freed = _delete(place)
        except AlreadyRunning:
            kept.add(place.fingerprint)
            yield f"{place} stays, because a process serves or builds it."
        else:
            if any(claims.finished(place.folder)):
                yield f"{place} is deleted, but for its collections: Milvus does not answer."
            else:
                yield f"{place} is deleted ({freed})."
    if settings.INDEX_STORAGE:
        yield from _delete_objects(kept, now)
    yield from _delete_vectors(kept, now)


@contextmanager
def _unused(place: IndexPlace, now: datetime) -> Iterator[None]:
    """Keep everybody from serving, building or merging there. Raises AlreadyRunning where somebody does."""
    with ExitStack() as held:
        for name in (SERVED, "WRITER", "MERGER", "FETCHER"):
            held.enter_context(only_one_file(place.folder / name, "process", now=now))
        held.enter_context(_not_built(place.fingerprint, now))
        yield


@contextmanager
def _not_built(fingerprint: str, now: datetime) -> Iterator[None]:
    """Keep every host on this database from building an index of this model. Raises AlreadyRunning where one
    does, or where an earlier release builds one, whose lock names no model.
    """
    with ExitStack() as held:
        for model in {"", fingerprint}:
            held.enter_context(only_one("reindex", of=model, now=now))
        yield


def _delete(place: IndexPlace) -> str:
    """Delete the place; how much space it had."""
    for engine in ENGINES.values():
        engine.drop_unused(place.folder, list)
    leftover = {claims.FOLDER} if any(claims.finished(place.folder)) else set()
    found = [path for path in place.folder.iterdir() if path.name not in {MODELS, *leftover}]
    size = _size(found)
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not any(place.folder.iterdir()):
        place.folder.rmdir()
    return filesizeformat(size)


def _size(paths: list[Path]) -> int:
    """Bytes of all files; versions that share a base share its files."""
    files = [file for path in paths for file in (path, *path.rglob("*")) if file.is_file()]
    return sum({status.st_ino: status.st_size for status in (file.stat() for file in files)}.values())


def _delete_objects(kept: set[str], now: datetime) -> Iterator[str]:
    """From the bucket what is of other models than the ``kept`` ones, and not being published."""
    objects = bucket_objects()
    # Those that name no model come last: it is known then what stays.
    for model, keys in sorted(keys_by_model(objects).items(), reverse=True):
        # What names no model may be of one that is served here.
        if model in kept or (not model and len(kept) > 1):
            continue
        named = f"by the model {model[:8]}" if model else "by an earlier release"
        try:
            with _not_built(model, now):
                objects.delete(keys)
        except AlreadyRunning:
            kept.add(model)
            yield f"Objects {named} stay, because a reindex publishes there."
        else:
            yield f"{len(keys)} object{pluralize(len(keys))} {named} deleted from the bucket."


def _delete_vectors(kept: set[str], now: datetime) -> Iterator[str]:
    """Of every encoder but the ``kept`` ones, and those by which another host is embedding."""
    found = ProductEmbedding.objects.exclude(fingerprint__in=kept).order_by()
    for fingerprint in list(found.values_list("fingerprint", flat=True).distinct()):
        try:
            with _not_built(fingerprint, now):
                count, _by_model = ProductEmbedding.objects.filter(fingerprint=fingerprint).delete()
        except AlreadyRunning:
            yield f"Vectors by the model {fingerprint[:8]} stay, because a reindex embeds by it."
        else:
            counted = f"{count:,} product{pluralize(count)}"
            yield f"Vectors of {counted} by the model {fingerprint[:8]} are deleted."
