"""Shoppers' pictures as they are uploaded, cropped and kept."""

from datetime import timedelta

from django.core.files.storage import default_storage

from search import images
from search.models import QueryImage
from search.query import Crop, Upload
from tests.search.shop import NOW, picture

HOUR = timedelta(hours=1)
LEFT_HALF = Crop(0, 0, 0.5, 1)


def upload(colour="red", user=None, now=NOW, **options):
    return images.keep_query_image(Upload(picture(colour)), user=user, now=now, **options)


def crop_of(whole, user=None, now=NOW, crop=LEFT_HALF):
    return images.cropped(whole, crop, user=user, now=now)


def is_there(kept):
    """Whether row and file are both there; one alone is a fault."""
    row = QueryImage.objects.filter(pk=kept.pk).exists()
    assert default_storage.exists(images.file_name(kept.pk)) == row
    return row
