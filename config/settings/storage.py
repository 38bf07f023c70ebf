"""Object storage, for pictures and for versions of the index; without it both are files in DATA_DIR."""

from __future__ import annotations

from typing import Any

from config.environment import read_bucket, read_text

# Bucket and prefix, or None.
MEDIA_STORAGE = read_bucket("MEDIA_STORAGE", needs="storages")
INDEX_STORAGE = read_bucket("INDEX_STORAGE", needs="boto3")
# For botocore.config.Config. boto3 itself reads keys, region and endpoint (AWS_ACCESS_KEY_ID and others).
S3_CLIENT: dict[str, Any] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 3},
    # Compatible services know neither hosts named by buckets nor S3's newest checksums.
    "s3": {"addressing_style": "path" if read_text("AWS_ENDPOINT_URL") else "auto"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


def picture_storage() -> dict[str, Any]:
    """Django's default storage: files below MEDIA_ROOT, or a private bucket that the application reads."""
    if MEDIA_STORAGE is None:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    from botocore.config import Config

    bucket, prefix = MEDIA_STORAGE
    options = {"bucket_name": bucket, "location": prefix, "client_config": Config(**S3_CLIENT)}
    return {"BACKEND": "catalog.pictures.bucket.PictureBucket", "OPTIONS": options}
