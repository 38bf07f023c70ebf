"""The query picture as the results page shows it: large, with a dot on each piece, wishes beside it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from catalog.templatetags.shop import localised
from search import engine
from search.admission import Busy
from search.engine import NotReady
from search.pages.addresses import results_url
from search.query import Crop, SearchQuery
from search.query_builder.pieces import known_pieces, pieces
from search.query_builder.searched_part import known_part
from search.query_builder.windows import WHOLE, SuggestedCrop

# The viewBox of the picture; a finger needs 44 pixels where its longer side is 240.
LONGER_SIDE = 1000
TOUCHED, SEEN = 92, 32


@dataclass(frozen=True)
class Dot:
    """A piece on the picture: the centre in units of the viewBox, and the address of its results."""

    x: str
    y: str
    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class View:
    """The size of the picture's viewBox, its dots (None: not looked for yet), and the box that counts."""

    width: int
    height: int
    dots: list[Dot] | None
    box: tuple[str, ...] | None
    # The address of the results of the whole picture, where a part counts; whether the search chose it.
    whole_url: str = ""
    is_searched: bool = False
    touched: int = TOUCHED
    seen: int = SEEN


def view(
    query: SearchQuery, size: tuple[int, int], *, is_upload: bool, find: bool, now: datetime
) -> View | None:
    """How the query's picture of ``size`` pixels is shown; its pieces are looked for where ``find``."""
    scale = LONGER_SIDE / max(*size, 1)
    width, height = round(size[0] * scale), round(size[1] * scale)
    found = _pieces(query.image_id, find=find, now=now) if is_upload else []
    dots = None if found is None else [_dot(each, query, width, height) for each in found]
    searched = _searched(query) if is_upload else None
    crop = searched or query.crop
    box = None if crop is None or crop.is_whole else _box(crop, width, height)
    whole_url = "" if box is None else results_url(query, crop=WHOLE if is_upload else None)
    return View(width, height, dots, box, whole_url, is_searched=searched is not None)


def _searched(query: SearchQuery) -> Crop | None:
    """The part that the search chose itself."""
    try:
        found = None if query.crop is not None else known_part(query.image_id, engine.snapshot())
    except NotReady:
        return None
    return None if found is None else found.crop


def _pieces(image_id: str, *, find: bool, now: datetime) -> list[SuggestedCrop] | None:
    try:
        snapshot = engine.snapshot()
        if find:
            # Without a free slot the picture stands without dots, and the next visit finds them.
            with suppress(Busy):
                return pieces(image_id, snapshot, now=now)
            return []
        return known_pieces(image_id, snapshot)
    except NotReady:
        return []


def _dot(piece: SuggestedCrop, query: SearchQuery, width: int, height: int) -> Dot:
    crop = piece.crop
    x, y = (crop.x + crop.width / 2) * width, (crop.y + crop.height / 2) * height
    is_chosen = query.crop is not None and str(query.crop) == str(crop)
    url = results_url(query, crop=WHOLE if is_chosen else crop)
    return Dot(f"{x:.0f}", f"{y:.0f}", localised(piece.kind), url, is_chosen)


def _box(crop: Crop, width: int, height: int) -> tuple[str, ...]:
    sides = (crop.x * width, crop.y * height, crop.width * width, crop.height * height)
    return tuple(f"{side:.0f}" for side in sides)
