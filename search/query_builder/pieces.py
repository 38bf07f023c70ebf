"""The pieces that a query picture shows, found once for a picture and kept as long as its vectors are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import caches

from search import images
from search.engine import IndexSnapshot, ready_encoder
from search.query import Crop, InvalidQuery
from search.query_builder.windows import SuggestedCrop, suggest_crops

# In which a shopper taps on one piece after the other.
KEPT_SECONDS = 3600
# Of a picture that shows one thing alone, the whole is meant.
LEAST = 2


def pieces(image_id: str, snapshot: IndexSnapshot, *, now: datetime) -> list[SuggestedCrop]:
    """The pieces on the uploaded picture with this id, the surest first; none where it shows one thing.

    Raises UnknownImage, NotReady or Busy.
    """
    held = known_pieces(image_id, snapshot)
    if held is None:
        found = suggest_crops(images.load(images.find_query_image(image_id, now=now)), snapshot)
        held = found if len(found) >= LEAST else []
        stored = [[str(each.crop), each.kind, each.confidence] for each in held]
        caches["search"].set(_address(image_id), [_found_with(snapshot), stored], KEPT_SECONDS)
    return held


def known_pieces(image_id: str, snapshot: IndexSnapshot) -> list[SuggestedCrop] | None:
    """The pieces where they were found before, else None: finding them takes many encodings."""
    try:
        found_with, stored = caches["search"].get(_address(image_id))
        if found_with != _found_with(snapshot):
            return None
        return [SuggestedCrop(Crop.parse(crop), kind, confidence) for crop, kind, confidence in stored]
    except (TypeError, ValueError, InvalidQuery):
        return None


def forget_pieces(image_ids: Iterable[str]) -> None:
    """Nothing that was made of a deleted picture stays, whichever index it was compared with."""
    caches["search"].delete_many([_address(image_id) for image_id in image_ids])


def _address(image_id: str) -> str:
    return f"pieces:2:{image_id}"


def _found_with(snapshot: IndexSnapshot) -> list[str]:
    """The encoder and the index that the pieces depend on."""
    return [ready_encoder().fingerprint, snapshot.index.manifest.version]
