"""What ``manage.py doctor`` says about object storage; nothing where none is configured."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from catalog.pictures.place import PicturesAway, picture_bucket
from search.operations.findings import Finding, short

_CORRECT = "Start it, or correct {} and the AWS_ variables (docs/operations.md)."


def object_storage() -> Iterator[Finding]:
    """Both buckets."""
    yield from index_storage()
    yield from media_storage()


def index_storage() -> Iterator[Finding]:
    """Whether the bucket of the index answers, and this host serves what it publishes."""
    if not settings.INDEX_STORAGE:
        return
    from search import engine
    from search.index.storage.objects import StorageError
    from search.index.storage.store import BucketIndexStore

    store = engine.store()
    if not isinstance(store, BucketIndexStore):
        return  # whose place in the bucket is asked for, only the encoder says; `model` reports it
    address = store.bucket.objects.address
    try:
        pointer = store.bucket.pointer()
    except StorageError as error:
        yield Finding(short(error), _CORRECT.format("INDEX_STORAGE"))
        return
    if pointer is None:
        yield Finding(f"{address} holds no index yet.", "Run `manage.py reindex`.")
    elif problem := store.storage_problem:
        # The problem may end with its fix, which is a sentence of its own here.
        sentence, _run, command = problem.partition(" Run `")
        yield Finding(sentence, f"Run `{command}" if command else _CORRECT.format("INDEX_STORAGE"))
    elif pointer.version != store.pointed():
        yield Finding(f"{address} publishes version {pointer.version}, which is not here yet.")
    else:
        yield Finding(f"{address} publishes version {pointer.version}, which is in service here.")


def media_storage() -> Iterator[Finding]:
    """Whether the bucket of the pictures answers."""
    bucket = picture_bucket()
    if bucket is None:
        return
    try:
        next(bucket.listed("pictures/"), None)
    except PicturesAway as error:
        yield Finding(short(error), _CORRECT.format("MEDIA_STORAGE"))
    else:
        yield Finding("The bucket of the pictures answers.")
