"""Pictures that shoppers search with: cropped, identified by their content, and kept for a day.

A query picture is either an upload, re-encoded and stored under the hash of its pixels, or a product's own
picture, identified by ``product:<public id>`` ("like this, but …"), which is not stored again.
"""

from __future__ import annotations

import errno
import hashlib
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from analytics.metrics import timed
from catalog.display.cards import Card
from catalog.fetching import fetch_public_picture
from catalog.models import Product
from catalog.pictures import derivatives
from catalog.pictures.decoding import InvalidImage, open_image
from catalog.pictures.integrity import is_stored
from catalog.pictures.place import PicturesAway
from catalog.sources.base import SourceError
from search.admission import count_picture, decodings, picture_fetches
from search.models import QueryImage, QueryImageOwner
from search.query import Crop, InvalidQuery, PictureAddress, Upload

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

LIFETIME = timedelta(hours=24)
# Below MEDIA_ROOT.
FOLDER = "queries"
PRODUCT_PREFIX = "product:"
# In pixels: more than any encoder reads (224 to 448), enough to show the picture beside its results.
LONGEST_SIDE = 800
# How long a picture may take to arrive from elsewhere, while a shopper waits.
FETCH_SECONDS = 8.0


_GONE = gettext_lazy("This picture is not known here any more. Please send it again.")


class UnknownImage(Exception):
    """No active picture has this id; the message, for the shopper, says what to do."""


def keep_query_image(
    picture: Upload | PictureAddress, *, user: User | None, now: datetime, crop: Crop | None = None
) -> QueryImage:
    """Read, crop, shrink and store a picture for 24 hours. Raises InvalidImage and Busy, and InvalidQuery for
    an address that gives none.

    With a crop, only the part that counts is stored: the answer tells no id for the rest.
    """
    count_picture()
    upload = _fetched(picture) if isinstance(picture, PictureAddress) else picture
    with decodings.taken():
        with timed("decode"):
            image = open_image(upload.data, at_least=LONGEST_SIDE, declared=upload.declared)
        _shrink(image)
    kept = image if crop is None else _cut(image, crop)
    return _store(kept, user=user, now=now, expires_at=now + LIFETIME, is_part=crop is not None)


def _fetched(address: PictureAddress) -> Upload:
    """The picture at an address. Its answer tells nothing but that: it must not describe other networks."""
    try:
        return Upload(
            picture_fetches.within(
                FETCH_SECONDS, lambda: fetch_public_picture(address.url, seconds=FETCH_SECONDS)
            )
        )
    except (SourceError, TimeoutError) as error:
        logger.info("query_picture_not_fetched", extra={"reason": str(error) or "It took too long."})
        sentence = _("No picture could be fetched from this address. Save it, and send it as a file.")
        raise InvalidQuery("image_url", sentence) from error


def keep_product_image(product: Product, *, now: datetime) -> QueryImage:
    """Store a product's own picture as a query picture, so that it can be cropped. Raises UnknownImage."""
    image = _opened(product)
    if image is None:
        raise UnknownImage(
            _("This product has no picture to search with. Choose another one, or send a picture.")
        )
    _shrink(image)
    return _store(image, user=None, now=now, expires_at=now + LIFETIME)


def _opened(product: Product) -> Image.Image | None:
    """The product's picture; None where it has none, or its file is gone or damaged until the next sync."""
    try:
        return product.cover.open() if product.cover else None
    except OSError as error:
        # Pillow's own errors have no number, those of a disk that fails have.
        if isinstance(error, PicturesAway) or error.errno not in (None, errno.ENOENT):
            raise
        return None


def cropped(query_image: QueryImage, crop: Crop, *, user: User | None, now: datetime) -> QueryImage:
    """Store the part of a stored picture as a query picture of its own, which expires with the whole one.

    Raises UnknownImage when the whole one has just been deleted, and Busy.
    """
    with decodings.taken():
        part = _cut(load(query_image), crop)
    return _store(part, user=user, now=now, expires_at=query_image.expires_at, cropped_from=query_image)


def is_chosen_part(query_image: QueryImage) -> bool:
    """Whether it was cut out by hand, and nobody sent it as a picture of its own."""
    origins = QueryImageOwner.objects.filter(image=query_image).values_list("cropped_from", flat=True)
    found = list(origins)
    return bool(found) and None not in found


def find_query_image(image_id: str, *, now: datetime) -> QueryImage:
    """A stored upload by its id. Raises UnknownImage when it does not exist or has expired."""
    found = QueryImage.objects.active(now).filter(image_id=image_id).first() if is_hash(image_id) else None
    if found is None or not _is_stored(image_id):
        raise UnknownImage(_GONE)
    return found


def load(query_image: QueryImage) -> Image.Image:
    """The stored pixels as RGB. Every encoding reads these, not the upload, so a reload has equal vectors.

    They are few, and whoever encodes them holds a slot for inference, which is enough. Raises UnknownImage
    when the picture has just been deleted, or its file is damaged.
    """
    try:
        with query_image.picture.open("rb") as file:
            return open_image(file.read())
    except (FileNotFoundError, InvalidImage):  # damaged on the disk: the next upload writes it anew
        default_storage.delete(str(query_image.picture.name))
        raise UnknownImage(_GONE) from None


def product_image_id(product: Product | Card) -> str:
    return f"{PRODUCT_PREFIX}{product.product_id}"


def product_of(image_id: str) -> Product | None:
    """The active product whose own picture this is, None for an upload's id. Raises UnknownImage."""
    if not image_id.startswith(PRODUCT_PREFIX):
        return None
    product = Product.objects.by_public_id(image_id.removeprefix(PRODUCT_PREFIX))
    if product is None:
        raise UnknownImage(
            _("The product whose picture was meant is not in the shop any more. Choose another one.")
        )
    return product


def file_name(image_id: str) -> str:
    """The path of a query picture below MEDIA_ROOT."""
    return f"{FOLDER}/{image_id[:2]}/{image_id}.jpg"


def is_hash(image_id: str) -> bool:
    """Whether this can be the id of a stored picture."""
    return len(image_id) == 64 and all(character in "0123456789abcdef" for character in image_id)


def _is_stored(image_id: str) -> bool:
    """Whether the file is there, from its first bytes to its last."""
    return is_stored(file_name(image_id))


def _shrink(image: Image.Image) -> None:
    """In place, so that nothing of the original stays in memory."""
    # Takes 40 % of the time of the bicubic filter, and the vectors are the same to three digits.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING, reducing_gap=2.0)


def _cut(image: Image.Image, crop: Crop) -> Image.Image:
    width, height = image.size
    # At least one pixel on each side: a small part of a small picture can round to none.
    box = (
        round(crop.x * width),
        round(crop.y * height),
        max(round((crop.x + crop.width) * width), round(crop.x * width) + 1),
        max(round((crop.y + crop.height) * height), round(crop.y * height) + 1),
    )
    return image.crop(box)


def _store(
    image: Image.Image,
    *,
    user: User | None,
    now: datetime,
    expires_at: datetime,
    cropped_from: QueryImage | None = None,
    is_part: bool = False,
) -> QueryImage:
    image_id = hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()
    kept = QueryImage(
        image_id=image_id,
        picture=file_name(image_id),
        width=image.width,
        height=image.height,
        created_at=now,
        expires_at=expires_at,
    )
    try:
        # A part of what was never stored counts as cropped from itself.
        origin = kept if is_part else None if cropped_from == kept else cropped_from
        kept = _record(kept, user, origin)
    except DatabaseError as error:  # with a read-only database the search still works, a reload does not
        logger.warning("query_image_lost", extra={"reason": str(error)})
    # After the row: whoever deletes the picture right now removes the file before the row can be rewritten.
    if not _is_stored(image_id):
        # Without chroma subsampling, because colour matters as much as form in a search.
        derivatives.write(file_name(image_id), image, "JPEG", quality=92, subsampling=0)
    return kept


@transaction.atomic
def _record(kept: QueryImage, user: User | None, cropped_from: QueryImage | None) -> QueryImage:
    """Write the row and its owner; returns the row, which lives on where it expires later than ``kept``."""
    uploaded_at, expires_at = kept.created_at, kept.expires_at
    fields = ("picture", "width", "height", "created_at", "expires_at")
    known = {name: getattr(kept, name) for name in fields}
    stored, is_new = QueryImage.objects.get_or_create(image_id=kept.image_id, defaults=known)
    if not is_new:
        stored.created_at, stored.expires_at = uploaded_at, max(expires_at, stored.expires_at)
        stored.save(update_fields=["created_at", "expires_at"])
    owner = QueryImageOwner.objects.filter(image=stored, user=user, cropped_from=cropped_from)
    if not owner.update(uploaded_at=uploaded_at, expires_at=expires_at):
        QueryImageOwner.objects.create(
            image=stored,
            user=user,
            cropped_from=cropped_from,
            uploaded_at=uploaded_at,
            expires_at=expires_at,
        )
    return stored
