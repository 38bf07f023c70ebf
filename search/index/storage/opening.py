"""The index store that the settings ask for."""

from __future__ import annotations

from django.conf import settings

from search.index.store import IndexStore


def opened_store() -> IndexStore:
    """The versions in INDEX_ROOT; with INDEX_STORAGE, those of the bucket, cached there."""
    if not settings.INDEX_STORAGE:
        return IndexStore(settings.INDEX_ROOT)
    # Needs boto3, which only those install who keep something there.
    from search.index.storage.bucket import VersionBucket
    from search.index.storage.s3 import S3Objects
    from search.index.storage.store import BucketIndexStore

    return BucketIndexStore(settings.INDEX_ROOT, VersionBucket(S3Objects(*settings.INDEX_STORAGE)))
