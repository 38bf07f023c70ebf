"""Which part of a query picture a search compares, where nobody chose one.

A photo with the garment on a third of it resembles no product as a whole. One pass gives the vectors of the
picture and, roughly, of many parts of it; the part that the catalogue's products resemble most is encoded by
itself and replaces the whole where they resemble it more. Nothing but the catalogue decides, so it works for
whatever the shop sells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.core.cache import caches
from PIL import Image

from search import engine, images
from search.encoding.encoder import Encoder
from search.encoding.parts import CELLS, Parts, Rectangle, rectangles
from search.engine import IndexSnapshot
from search.index.calibration import Scale
from search.models import QueryImage
from search.query import Crop, InvalidQuery
from search.query_builder.windows import NEIGHBOURS, part_of
from search.vectors import Scores, Vectors, intact, to_bytes

# A picture is unsure where the calibrated score of the products nearest to it is lower: docs/measurements.md
# has the shares of clean and of cluttered pictures below it, and what the margin costs.
UNSURE = 0.78
# By so much the products nearest to a part must be nearer than those nearest to the whole.
MARGIN = 0.04
# From a third of a picture, which four cells of seven on each side are, to half of it.
PARTS = rectangles((4, 5))
# A picture and its parts are compared with at most so many products, evenly picked over the categories.
COMPARED = 4096
# Another process without Redis does not hear that a picture was deleted: as long as a vector of its whole.
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class SearchedPart:
    """The unit vector (d,) that stands for a picture, and the part it was made of; None for the whole."""

    vector: Vectors
    crop: Crop | None = None


def searched_part(kept: QueryImage, snapshot: IndexSnapshot, *, now: datetime) -> SearchedPart:
    """What is compared of an uploaded picture: the same each time, as long as index and encoder stand.

    Raises UnknownImage, NotReady or Busy.
    """
    held = known_part(kept.image_id, snapshot)
    if held is None:
        held = _chosen(kept, snapshot, now)
        stored = [_found_with(snapshot), str(held.crop or ""), to_bytes(held.vector)]
        # Not longer than the picture itself.
        seconds = min(KEPT_SECONDS, int((kept.expires_at - now).total_seconds()))
        caches["search"].set(_address(kept.image_id), stored, seconds)
    return held


def known_part(image_id: str, snapshot: IndexSnapshot) -> SearchedPart | None:
    """What a search compared of the picture, where one did."""
    try:
        found_with, crop, data = caches["search"].get(_address(image_id))
        vector = intact(data, snapshot.index.manifest.dimension)
        if found_with != _found_with(snapshot) or vector is None:
            return None
        return SearchedPart(vector, Crop.parse(crop) if crop else None)
    except (TypeError, ValueError, InvalidQuery):
        return None


def forget_parts(image_ids: Iterable[str]) -> None:
    """Nothing that was made of a deleted picture stays."""
    caches["search"].delete_many([_address(image_id) for image_id in image_ids])


def best_part(
    picture: Image.Image, whole: Vectors, parts: Parts, products: Vectors, scale: Scale, encoder: Encoder
) -> SearchedPart:
    """The part of ``picture`` that ``products`` (n, d) resemble clearly more than ``whole`` (d,), or that.

    One more encoding.
    """
    rectangle = PARTS[int(np.argmax(_resembled(parts.vectors(PARTS), products)))]
    crop = _crop(rectangle)
    vector: Vectors = encoder.encode_images([part_of(picture, crop)])[0]
    of_whole, of_part = scale.score(_resembled(np.stack([whole, vector]), products))
    return SearchedPart(vector, crop) if of_part > of_whole + MARGIN else SearchedPart(whole)


def is_unsure(whole: Vectors, products: Vectors, scale: Scale) -> bool:
    """Whether hardly any of ``products`` (n, d) resembles a picture as a whole, as one in clutter."""
    return len(products) > 0 and float(scale.score(_resembled(whole[None], products))[0]) < UNSURE


def _chosen(kept: QueryImage, snapshot: IndexSnapshot, now: datetime) -> SearchedPart:
    seen: list[tuple[Image.Image, Parts]] = []

    def encode(encoder: Encoder) -> Vectors:
        picture = images.load(kept)
        if not encoder.reads_parts:
            row: Vectors = encoder.encode_images([picture])[0]
            return row
        whole, parts = encoder.encode_with_parts(picture)
        seen.append((picture, parts))
        return whole

    whole = engine.embed("image", kept.image_id, encode, now=now)
    scale, products = snapshot.calibration.image, _compared(snapshot)
    if not engine.ready_encoder().reads_parts or not is_unsure(whole, products, scale):
        return SearchedPart(whole)
    if images.is_chosen_part(kept):
        return SearchedPart(whole)
    with engine.inference() as encoder:
        if not seen:
            # A vector from the cache comes without parts.
            picture = images.load(kept)
            seen.append((picture, encoder.encode_with_parts(picture)[1]))
        picture, parts = seen[0]
        return best_part(picture, whole, parts, products, scale, encoder)


def _compared(snapshot: IndexSnapshot) -> Vectors:
    sample = snapshot.categories.sample_vectors
    return sample[:: -(-len(sample) // COMPARED) or 1]


def _resembled(rows: Vectors, products: Vectors) -> Scores:
    """(r,): the mean cosine of each row (r, d) to the products nearest to it."""
    cosines = products @ rows.T
    most = min(NEIGHBOURS, len(cosines))
    return np.asarray(np.partition(cosines, -most, axis=0)[-most:].mean(axis=0), np.float32)


def _crop(rectangle: Rectangle) -> Crop:
    x, y, width, height = (side / CELLS for side in rectangle)
    # As it is written and read again, so that an address that names the part has the same pixels.
    return Crop.parse(str(Crop(x, y, width, height)))


def _address(image_id: str) -> str:
    return f"searched-part:1:{image_id}"


def _found_with(snapshot: IndexSnapshot) -> list[str]:
    """The encoder and the index that the choice depends on."""
    return [engine.ready_encoder().fingerprint, snapshot.index.manifest.version]
