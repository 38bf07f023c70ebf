"""The index stores that the settings ask for, one for each model."""

from __future__ import annotations

import math
import time
from functools import cache
from pathlib import Path

from django.conf import settings

from search.index import places
from search.index.manifest import Manifest
from search.index.places import IndexPlace
from search.index.storage.objects import Objects
from search.index.store import CHECK_SECONDS, IndexStore, NothingPublished


class Stores:
    """The stores that this process has opened."""

    def __init__(self) -> None:
        self._open = cache(_opened)
        # Of each model the folder, and until when it is taken for that.
        self._folders: dict[str, tuple[Path, float]] = {}

    def of(self, fingerprint: str) -> IndexStore:
        """The versions of this model; with INDEX_STORAGE, those of the bucket, cached under INDEX_ROOT."""
        now = time.monotonic()
        folder, until = self._folders.get(fingerprint, (None, now))
        if folder is None or until <= now:
            folder = _folder_of(fingerprint)
            # A model keeps its own folder. That of earlier releases it leaves with the next version that is
            # built from nothing, or an earlier release takes it for another model.
            is_own = folder != settings.INDEX_ROOT and (folder / "CURRENT").exists()
            self._folders[fingerprint] = folder, math.inf if is_own else now + CHECK_SECONDS
        return self._open(folder, fingerprint)

    def latest(self) -> IndexStore:
        """The versions of the model that published last, for what needs no vectors."""
        try:
            found = places.latest(settings.INDEX_ROOT)
        except OSError:
            found = None
        return self._open(settings.INDEX_ROOT, "") if found is None else self.of(found.fingerprint)


def others(store: IndexStore) -> list[IndexPlace]:
    """The places of other models than that of ``store``. Raises OSError where one is unreadable."""
    return [each for each in places.places(settings.INDEX_ROOT) if each.folder != store.root]


def published_by_another(store: IndexStore, missing: Exception) -> Manifest | None:
    """What another model published last, where that is why the store's index is ``missing``.

    None for any other reason, and where this model's own index lies in the place of earlier releases, which
    is not read beside a bucket.
    """
    if not isinstance(missing, NothingPublished):
        return None
    try:
        found = places.latest(settings.INDEX_ROOT)
    except OSError:
        return None  # whoever opens the index is told why it cannot be read
    return None if found is None or found.fingerprint == store.root.name else found.manifest


def _folder_of(fingerprint: str) -> Path:
    # What lies in a bucket is fetched anew into the model's own folder: an earlier release on this host may
    # follow the bucket into INDEX_ROOT itself.
    find = places.own_folder if settings.INDEX_STORAGE else places.folder_of
    return find(settings.INDEX_ROOT, fingerprint)


def _opened(folder: Path, fingerprint: str) -> IndexStore:
    if not settings.INDEX_STORAGE or not fingerprint:
        return IndexStore(folder)
    from search.index.storage.bucket import VersionBucket
    from search.index.storage.store import BucketIndexStore

    return BucketIndexStore(folder, VersionBucket(bucket_objects(places.MODELS, fingerprint)))


def bucket_objects(*below: str) -> Objects:
    """Those of INDEX_STORAGE, or below such a prefix there."""
    # Needs boto3, which only those install who keep something there.
    from search.index.storage.s3 import S3Objects

    assert settings.INDEX_STORAGE is not None  # noqa: S101 - asked for only then
    bucket, prefix = settings.INDEX_STORAGE
    return S3Objects(bucket, "/".join(filter(None, (prefix, *below))))
