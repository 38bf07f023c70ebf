"""Where pictures are kept: as files below MEDIA_ROOT, or in a bucket, which may be away."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.storage import default_storage

if TYPE_CHECKING:
    from catalog.pictures.bucket import PictureBucket


class PicturesAway(OSError):
    """The bucket does not answer in time, or refuses; the message is a sentence for operators."""


def picture_bucket() -> PictureBucket | None:
    """The bucket of MEDIA_STORAGE; None where pictures are files."""
    return cast("PictureBucket", default_storage) if settings.MEDIA_STORAGE else None
