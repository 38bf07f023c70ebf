"""The parts of a picture that show products: in clutter, or several in one picture.

An encoder sees a picture as a whole, so a shirt on a third of it drowns in the rest. Some windows are encoded
in one batch, and each is worth as much as the catalogue's products resemble it: a window on a floor
resembles none of them. Nothing else needs to know what a garment is, so any model and any shop will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from search import engine
from search.engine import IndexSnapshot
from search.query import Crop
from search.vectors import Vectors

# Sides of the windows, as shares of the picture's, and how many of them lie along each side.
GRID = ((0.6, 2), (0.4, 3))
# A window is as good as the mean of so many products that resemble it most; one alone may be a chance hit.
NEIGHBOURS = 5
# Below this confidence a window shows no product, or none that the shop has.
LEAST_CONFIDENCE = 0.35
# The same thing, where two windows share so much of the smaller one: of the same kind, and of any kind.
SAME_KIND_OVERLAP, ANY_OVERLAP = 0.18, 0.3
MOST_CROPS = 5
WHOLE = Crop(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class SuggestedCrop:
    """A part of a picture that shows a product: its place, the category of the products that look like it,
    and how sure that is, in [0, 1].
    """

    crop: Crop
    kind: str
    confidence: float


def suggest_crops(picture: Image.Image, snapshot: IndexSnapshot) -> list[SuggestedCrop]:
    """The products that a picture shows, one of each kind, the surest first; none where the whole picture
    says it best, or the same.

    Takes 14 encodings in one batch. Raises NotReady, or Busy when no slot comes free.
    """
    crops = [WHOLE, *_windows()]
    with engine.inference() as encoder:
        vectors = encoder.encode_images([part_of(picture, crop) for crop in crops])
    found = [_suggested(crop, vector, snapshot) for crop, vector in zip(crops, vectors, strict=True)]
    whole, parts = found[0], [part for part in found[1:] if part.confidence > found[0].confidence]
    kept = _one_of_each_kind(_apart(sorted(parts, key=lambda each: -each.confidence)))
    return [] if {each.kind for each in kept} <= {whole.kind} else kept


def _one_of_each_kind(found: Sequence[SuggestedCrop]) -> list[SuggestedCrop]:
    """The surest of each kind: several windows on one dress are no several dresses."""
    return list({each.kind: each for each in reversed(found)}.values())[::-1]


def _windows() -> Iterator[Crop]:
    for side, count in GRID:
        places = np.linspace(0, 1 - side, count).tolist()
        yield from (Crop(x, y, side, side) for y in places for x in places)


def part_of(picture: Image.Image, crop: Crop) -> Image.Image:
    """The pixels of a part."""
    width, height = picture.size
    left, top = crop.x * width, crop.y * height
    box = (round(left), round(top), round(left + crop.width * width), round(top + crop.height * height))
    # At least one pixel on each side: a part of a tiny picture can round to none.
    return picture.crop((*box[:2], max(box[2], box[0] + 1), max(box[3], box[1] + 1)))


def _suggested(crop: Crop, vector: Vectors, snapshot: IndexSnapshot) -> SuggestedCrop:
    rows, cosines = snapshot.index.nearest(vector, NEIGHBOURS, allowed=snapshot.columns.active)
    scale = snapshot.calibration.image
    scores = np.clip(scale.score(cosines), 0.0, 1.0)
    # What would be no result of a search is no evidence either.
    rows, scores = rows[scores >= scale.cutoff], scores[scores >= scale.cutoff]
    codes = snapshot.categories.of_row[rows]
    votes = {int(code): float(scores[codes == code].sum()) for code in set(codes.tolist()) if code >= 0}
    if not votes:
        return SuggestedCrop(crop, "", 0.0)
    code = max(votes, key=votes.__getitem__)
    return SuggestedCrop(crop, snapshot.categories.labels[code], votes[code] / NEIGHBOURS)


def _apart(found: Sequence[SuggestedCrop]) -> list[SuggestedCrop]:
    """The best of those that lie on the same thing."""
    kept: list[SuggestedCrop] = []
    for each in found:
        if each.confidence >= LEAST_CONFIDENCE and not any(_is_same(each, other) for other in kept):
            kept.append(each)
    return kept[:MOST_CROPS]


def _is_same(one: SuggestedCrop, other: SuggestedCrop) -> bool:
    limit = SAME_KIND_OVERLAP if one.kind == other.kind else ANY_OVERLAP
    return _shared(one.crop, other.crop) > limit


def _shared(one: Crop, other: Crop) -> float:
    """The share of the smaller of two boxes that both cover."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    both = max(width, 0.0) * max(height, 0.0)
    return both / min(one.width * one.height, other.width * other.height)
