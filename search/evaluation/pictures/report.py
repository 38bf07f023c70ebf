"""The table of one shop: every measure on all of its pictures, on worn and on other ones, and degraded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from search.encoding.encoder import Encoder
from search.evaluation.bootstrap import Estimate
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.metrics import DEPTH
from search.evaluation.pictures import measures
from search.evaluation.pictures.degraded import DEGRADATIONS, degraded
from search.evaluation.pictures.measures import SHORT, Encode, Labelled
from search.evaluation.pictures.parts import searched_vectors
from search.evaluation.pictures.shop import ShopPicture, read_shop
from search.vectors import Mask, Vectors

# At most so many pictures are degraded, evenly picked, and so many lend their parts to the clutter.
MOST_DEGRADED, MOST_OTHERS = 400, 40
BATCH = 64
WISH_WEIGHT = 0.5
# What is also measured with the part of the picture that a search would compare: gain and cost.
WITH_PART = ("as it is", "on a third of a cluttered frame", "another product behind it")

# Part of the shop or name of a degradation -> measure -> mean with its interval.
PictureTable = dict[str, dict[str, Estimate]]


def measured_pictures(folder: Path, encoder: Encoder, *, held_out: bool = False) -> PictureTable:
    """Raises NothingToMeasure for a folder without pictures that can be read, and EncoderError."""
    readable = [(each, image) for each in read_shop(folder, held_out=held_out) if (image := each.open())]
    if not readable:
        raise NothingToMeasure(f"{folder} names no picture that can be read.")
    pictures = [picture for picture, _image in readable]
    images = [image for _picture, image in readable]
    shop = Labelled.of(pictures, _encoded(encoder, images))
    table = {
        f"{name} ({int(mask.sum())})": dict(_measures(shop.part(mask), encoder.encode_text))
        for name, mask in _parts(pictures).items()
    }
    return table | _degraded(shop, images, encoder)


def _parts(pictures: Sequence[ShopPicture]) -> Mapping[str, Mask]:
    worn = np.array([picture.worn is True for picture in pictures])
    other = np.array([picture.worn is False for picture in pictures])
    parts = {"all pictures": np.ones(len(pictures), bool), "worn": worn, "not worn": other}
    return {name: mask for name, mask in parts.items() if mask.any() and (name[0] == "a" or not mask.all())}


def _measures(shop: Labelled, encode: Encode) -> Iterator[tuple[str, Estimate]]:
    ranks, rows = measures.title_ranks(shop, encode), np.arange(len(shop.kinds))
    found: dict[str, Sequence[float]] = {
        f"kind p@{DEPTH}": measures.kinds_by_words(shop, encode),
        f"colour and kind p@{SHORT}": measures.colour_and_kind(shop, encode),
        "title r@1": [float(rank == 1) for rank in ranks],
        f"title r@{DEPTH}": [float(rank <= DEPTH) for rank in ranks],
        f"title mrr@{DEPTH}": [1 / rank if rank <= DEPTH else 0.0 for rank in ranks],
        f"picture → kind p@{DEPTH}": measures.kinds_by_picture(shop, rows, shop.vectors),
        "kind recognised": measures.recognised(shop, encode, rows, shop.vectors),
        f"picture + wish p@{SHORT}": measures.picture_and_wish(shop, encode, WISH_WEIGHT),
    }
    return ((name, Estimate.of(values)) for name, values in found.items() if values)


def _degraded(shop: Labelled, images: Sequence[Image.Image], encoder: Encoder) -> PictureTable:
    rows = np.unique(np.linspace(0, len(images) - 1, min(len(images), MOST_DEGRADED)).astype(np.int64))
    others = [images[row] for row in rows[:: max(1, len(rows) // MOST_OTHERS)]]
    table: PictureTable = {}
    for name in DEGRADATIONS:
        changed = [degraded(name, images[row], others, seed=int(row)) for row in rows]
        queries = _encoded(encoder, changed)
        found = {
            "kind recognised": measures.recognised(shop, encoder.encode_text, rows, queries),
            f"picture → kind p@{DEPTH}": measures.kinds_by_picture(shop, rows, queries),
        }
        table[name] = {measure: Estimate.of(values) for measure, values in found.items() if values}
        if name in WITH_PART and encoder.reads_parts:
            searched = searched_vectors(shop, rows, changed, encoder)
            values = measures.kinds_by_picture(shop, rows, searched)
            if values:
                table[name][f"the same, part chosen p@{DEPTH}"] = Estimate.of(values)
    return table


def _encoded(encoder: Encoder, images: Sequence[Image.Image]) -> Vectors:
    parts = [encoder.encode_images(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
    return np.concatenate(parts)
