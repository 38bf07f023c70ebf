"""Queries whose right answers the catalogue knows: its own pictures, and its own words for its shelves.

They calibrate the scores and tune the depth of probing when an index is built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.encoding.encoder import Encoder
from search.index.calibration import SAMPLED_QUERIES, LabelledQueries
from search.vectors import Vectors

# Whole shelves ("dresses") among the word queries; the rest also name a colour ("red dresses").
WHOLE_SHELVES = 64

Shelf = tuple[str, str]


def picture_queries(
    shelves: Sequence[Shelf], images: Vectors, pictured: NDArray[np.bool_]
) -> LabelledQueries:
    """Pictures of products (n, d), evenly picked: right is whatever stands on the same shelf.

    `shelves` holds (colour, category) of each product, `pictured` (n,) whether its row is a picture.
    """
    categories = _folded(category for _colour, category in shelves)
    rows = np.flatnonzero(pictured & (categories != ""))
    picked = rows[np.linspace(0, len(rows) - 1, min(len(rows), SAMPLED_QUERIES)).astype(np.int64)]
    return LabelledQueries(images[picked], [categories == categories[row] for row in picked])


def word_queries(shelves: Sequence[Shelf], encoder: Encoder) -> LabelledQueries:
    """The catalogue's most frequent "category" and "colour category": right is what has both."""
    colours = _folded(colour for colour, _category in shelves)
    categories = _folded(category for _colour, category in shelves)
    whole = [("", name) for name, _count in Counter(categories.tolist()).most_common(WHOLE_SHELVES) if name]
    pairs = Counter(
        (colour, name) for colour, name in zip(colours, categories, strict=True) if colour and name
    )
    asked = whole + [pair for pair, _count in pairs.most_common(SAMPLED_QUERIES - len(whole))]
    vectors = encoder.encode_text([f"{colour} {name}".strip() for colour, name in asked])
    masks = [(categories == name) & ((colours == colour) | (colour == "")) for colour, name in asked]
    return LabelledQueries(vectors, masks)


def tuning_queries(pictures: Vectors, words: Vectors) -> Vectors:
    """Unit vectors (m, d) like those that shoppers send: pictures, words, and both at equal parts."""
    both = min(len(pictures), len(words))
    mixed = pictures[:both] + words[:both]
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    usable = lengths[:, 0] > 1e-6
    return np.concatenate([pictures, words, mixed[usable] / lengths[usable]]).astype(np.float32)


def _folded(texts: Iterable[str]) -> NDArray[np.str_]:
    return np.array([text.casefold() for text in texts], dtype=np.str_)
