"""Pictures that shoppers search with: cropped, identified by their content, and kept for a day.

A query picture is either an upload, re-encoded and stored under the hash of its pixels, or a product's own
picture, identified by ``product:<public id>`` ("like this, but …"), which is not stored again.
"""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils.translation import gettext as _
from PIL import Image

from analytics.metrics import timed
from catalog.models import Product
from catalog.pictures.decoding import open_image
from search.admission import decodings
from search.models import QueryImage
from search.query import Crop, Upload

logger = logging.getLogger(__name__)

LIFETIME = timedelta(hours=24)
PRODUCT_PREFIX = "product:"
# In pixels: more than any encoder reads (224 to 448), enough to show the picture beside its results.
LONGEST_SIDE = 800


class UnknownImage(Exception):
    """No active picture has this id; the message, for the shopper, says what to do."""


def keep_query_image(upload: Upload, *, now: datetime) -> QueryImage:
    """Read, shrink and store an upload for 24 hours. Raises InvalidImage as ``open_image`` does, and Busy."""
    with decodings.taken():
        with timed("decode"):
            image = open_image(upload.data, at_least=LONGEST_SIDE, declared=upload.declared)
        _shrink(image)
    return _store(image, now)


def keep_product_image(product: Product, *, now: datetime) -> QueryImage:
    """Store a product's own picture as a query picture, so that it can be cropped. Raises UnknownImage."""
    cover = product.cover
    if cover is None:
        raise UnknownImage(_("This product has no picture to search with."))
    return _store(cover.open(), now)


def cropped(query_image: QueryImage, crop: Crop, *, now: datetime) -> QueryImage:
    """Store the part of a stored picture as a query picture of its own. Raises Busy."""
    with decodings.taken():
        image = load(query_image)
    width, height = image.size
    # At least one pixel on each side: a small part of a small picture can round to none.
    box = (
        round(crop.x * width),
        round(crop.y * height),
        max(round((crop.x + crop.width) * width), round(crop.x * width) + 1),
        max(round((crop.y + crop.height) * height), round(crop.y * height) + 1),
    )
    return _store(image.crop(box), now)


def find_query_image(image_id: str, *, now: datetime) -> QueryImage:
    """A stored upload by its id. Raises UnknownImage when it does not exist or has expired."""
    found = QueryImage.objects.active(now).filter(image_id=image_id).first() if _is_hash(image_id) else None
    if found is None or not default_storage.exists(str(found.picture.name)):
        raise UnknownImage(_("This picture is not known here any more. Please send it again."))
    return found


def load(query_image: QueryImage) -> Image.Image:
    """The stored pixels as RGB. Every encoding reads these, not the upload, so a reload has equal vectors.

    They are few; who encodes them holds a slot for inference, which is enough.
    """
    with query_image.picture.open("rb") as file:
        return open_image(file.read())


def product_image_id(product: Product) -> str:
    return f"{PRODUCT_PREFIX}{product.product_id}"


def product_of(image_id: str) -> Product | None:
    """The active product whose own picture this is, None for an upload's id. Raises UnknownImage."""
    if not image_id.startswith(PRODUCT_PREFIX):
        return None
    product = Product.objects.by_public_id(image_id.removeprefix(PRODUCT_PREFIX))
    if product is None:
        raise UnknownImage(_("The product whose picture was meant is not in the shop any more."))
    return product


def prune_query_images(now: datetime) -> int:
    """Delete expired pictures and their files; returns how many."""
    expired = list(QueryImage.objects.filter(expires_at__lte=now))
    for query_image in expired:
        query_image.picture.delete(save=False)
        query_image.delete()
    return len(expired)


def _is_hash(image_id: str) -> bool:
    return len(image_id) == 64 and all(character in "0123456789abcdef" for character in image_id)


def _store(image: Image.Image, now: datetime) -> QueryImage:
    _shrink(image)
    data = _jpeg(image)
    image_id = hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()
    name = f"queries/{image_id[:2]}/{image_id}.jpg"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(data))
    kept = {
        "picture": name,
        "width": image.width,
        "height": image.height,
        "created_at": now,
        "expires_at": now + LIFETIME,
    }
    try:
        return QueryImage.objects.update_or_create(image_id=image_id, defaults=kept)[0]
    except DatabaseError as error:  # with a read-only database the search still works, a reload does not
        logger.warning("query_image_lost", extra={"reason": str(error)})
        return QueryImage(image_id=image_id, **kept)


def _shrink(image: Image.Image) -> None:
    """In place, so that nothing of the original stays in memory."""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    # Without chroma subsampling, because colour matters as much as form in a search.
    image.save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()
