"""The picture's side of a query: an upload, an earlier upload, or a product's own picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.models import Product
from search import engine, images
from search.encoding.encoder import Encoder
from search.engine import IndexSnapshot
from search.models import ProductEmbedding, QueryImage
from search.query import Crop, SearchQuery
from search.query_builder.searched_part import searched_part
from search.vectors import Vectors, intact

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class ImageSide:
    """The picture's side of a query: its unit vector (d,), its image_id, and products to leave out."""

    vector: Vectors | None = None
    image_id: str | None = None
    # Primary keys of the products whose pictures were asked with: nobody looks for what they hold.
    excluded_keys: tuple[int, ...] = ()
    # Of the product whose own picture is asked with.
    price: Decimal | None = None
    # The primary key of that product, where its whole picture is compared.
    product: int | None = None
    # The part of the picture that is compared, where the search chose it.
    searched: Crop | None = None

    def excluding(self, keys: Iterable[int]) -> ImageSide:
        """The same side with more products to leave out."""
        return replace(self, excluded_keys=tuple(sorted({*self.excluded_keys, *keys})))


def image_side(query: SearchQuery, snapshot: IndexSnapshot, *, user: User | None, now: datetime) -> ImageSide:
    """The side of the query's picture; an empty one without a picture.

    Where the query names no part, a picture that is unsure as a whole is compared by one that the search
    chooses. Raises UnknownImage, InvalidImage, NotReady or Busy.
    """
    if not query.has_picture:
        return ImageSide()
    product = None if query.picture is not None else images.product_of(query.image_id)
    if product is not None and _part(query) is None:
        vector, key = _stored_image(product), product.pk
        return ImageSide(vector, query.image_id, (key,), product.price, product=key)
    kept = _kept_picture(query, product, user=user, now=now)
    if query.crop is None:
        part = searched_part(kept, snapshot, now=now)
        return ImageSide(part.vector, kept.image_id, searched=part.crop)
    side = ImageSide(_encode_image(kept, now), kept.image_id)
    return side if product is None else replace(side, excluded_keys=(product.pk,), price=product.price)


def _part(query: SearchQuery) -> Crop | None:
    """The part of the picture that the query names; None for the whole."""
    return None if query.crop is None or query.crop.is_whole else query.crop


def _kept_picture(
    query: SearchQuery, product: Product | None, *, user: User | None, now: datetime
) -> QueryImage:
    """The query picture as stored: the part that counts where the query has a crop."""
    part = _part(query)
    if query.picture is not None:
        return images.keep_query_image(query.picture, crop=part, user=user, now=now)
    if product is not None:
        kept, owner = images.keep_product_image(product, now=now), None
    else:
        kept, owner = images.find_query_image(query.image_id, now=now), user
    # The part of a product's picture is nobody's own.
    return kept if part is None else images.cropped(kept, part, user=owner, now=now)


def _encode_image(kept: QueryImage, now: datetime) -> Vectors:
    def encode(encoder: Encoder) -> Vectors:
        row: Vectors = encoder.encode_images([images.load(kept)])[0]
        return row

    return engine.embed("image", kept.image_id, encode, now=now)


def _stored_image(product: Product) -> Vectors:
    """The picture vector (d,) of record of a product. Raises UnknownImage where it has none."""
    encoder = engine.ready_encoder()
    stored = ProductEmbedding.objects.filter(product=product, fingerprint=encoder.fingerprint).first()
    data = None if stored is None else stored.image_vector
    vector = None if data is None else intact(data, encoder.dimension)
    if vector is None:
        raise images.UnknownImage(
            _("This product has no picture to search with. Choose another one, or send a picture.")
        )
    return vector
