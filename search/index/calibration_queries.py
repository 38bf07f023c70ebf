"""Queries whose relevant products the catalogue tells: its own pictures, and the names of its categories.

They calibrate the scores and tune nprobe when an index is built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.encoding.encoder import Encoder
from search.index.calibration import SAMPLED_QUERIES, LabelledQueries
from search.vectors import Mask, Vectors

# How many of the text queries name a category alone ("dresses"); the rest add a colour ("red dresses").
CATEGORY_QUERIES = 64

# (colour, category) of a product, either may be empty.
Label = tuple[str, str]


def picture_queries(labels: Sequence[Label], images: Vectors, pictured: Mask) -> LabelledQueries:
    """Pictures of products (n, d), evenly picked: relevant is every product of the same category.

    `labels` belong to the rows, `pictured` (n,) tells which rows are pictures.
    """
    categories = _folded(category for _colour, category in labels)
    rows = np.flatnonzero(pictured & (categories != ""))
    picked = rows[np.linspace(0, len(rows) - 1, min(len(rows), SAMPLED_QUERIES)).astype(np.int64)]
    return LabelledQueries(images[picked], [categories == categories[row] for row in picked])


def text_queries(labels: Sequence[Label], encoder: Encoder) -> LabelledQueries:
    """The most frequent "category" and "colour category" as text: relevant is what has all that is named."""
    colours = _folded(colour for colour, _category in labels)
    categories = _folded(category for _colour, category in labels)
    frequent = Counter(categories.tolist()).most_common(CATEGORY_QUERIES)
    named = [("", category) for category, _count in frequent if category]
    pairs = Counter(
        (colour, category)
        for colour, category in zip(colours, categories, strict=True)
        if colour and category
    )
    named += [pair for pair, _count in pairs.most_common(SAMPLED_QUERIES - len(named))]
    vectors = encoder.encode_text([f"{colour} {category}".strip() for colour, category in named])
    relevant = [
        (categories == category) & ((colours == colour) | (colour == "")) for colour, category in named
    ]
    return LabelledQueries(vectors, relevant)


def tuning_queries(pictures: Vectors, texts: Vectors) -> Vectors:
    """Unit vectors (m, d) like those that shoppers send: pictures, texts, and both at equal parts."""
    both = min(len(pictures), len(texts))
    mixed = pictures[:both] + texts[:both]
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    # Exactly opposed vectors cancel.
    usable = lengths[:, 0] > 1e-6
    return np.concatenate([pictures, texts, mixed[usable] / lengths[usable]]).astype(np.float32)


def _folded(texts: Iterable[str]) -> NDArray[np.str_]:
    return np.array([text.casefold() for text in texts], dtype=np.str_)
